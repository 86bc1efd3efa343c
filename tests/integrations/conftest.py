from tests.integrations.hooks import here_is_allowed

__all__ = ["here_is_allowed"]
