"""What Django is told about the database."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from coe.database.embedded import TIMEOUTS, connection_settings, settings_from_url


def test_an_address_becomes_djangos_settings_with_our_timeouts() -> None:
    url = "postgresql://me:p%40ss%2Fword@db.example.com:6432/coe?sslmode=require"
    assert settings_from_url(url) == {
        "ENGINE": "coe.database.backend",
        "NAME": "coe",
        "USER": "me",
        "PASSWORD": "p@ss/word",
        "HOST": "db.example.com",
        "PORT": "6432",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "sslmode": "require",
            "options": TIMEOUTS,
            "patience": 15,
        },
    }


def test_what_the_address_itself_says_about_timeouts_wins() -> None:
    url = "postgres:///coe?connect_timeout=9&keepalives_idle=60&options=-c%20statement_timeout%3D1s"
    options = settings_from_url(url)["OPTIONS"]
    assert options == {
        "connect_timeout": "9",
        "keepalives_idle": "60",
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "options": f"{TIMEOUTS} -c statement_timeout=1s",
        "patience": None,
    }


def test_a_socket_folder_is_a_host() -> None:
    settings = connection_settings("host='/a b/it\\'s' port=5432 user=coe dbname=coe")
    assert settings["HOST"] == "/a b/it's"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://me@there/coe", "must begin with postgresql://"),
        ("postgresql://there", "names no database"),
        ("postgresql://there/coe?no_such_thing=1", "is not one"),
    ],
)
def test_an_address_that_is_none_is_refused_with_the_reason(url: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        settings_from_url(url)
