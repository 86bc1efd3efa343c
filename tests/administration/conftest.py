from tests.accounts.conftest import ada, boss, boss_client

__all__ = ["ada", "boss", "boss_client"]
