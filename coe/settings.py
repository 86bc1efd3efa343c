"""Settings. Everything that differs between installations comes from the environment:

COE_URL           the public address; https turns on everything that needs a secure transport
COE_SECRET_KEY    required unless the checkout may keep one of its own in var/
COE_HOSTS         further host names to answer to, separated by commas
COE_DEBUG         1 for tracebacks in the browser, on a developer's machine only
COE_EMAIL_URL     smtp://user:password@host:port (STARTTLS), smtps://… (TLS from the start) or
                  smtp+plain://… (neither, to a server on this machine); without it mail is printed
COE_EMAIL_FROM    the sender of mail
COE_ALLOWED_NETWORKS
                  networks that may be called although they are not public, by webhooks and
                  trackers, separated by commas: 10.0.0.0/8,192.168.7.0/24; without it everything
                  inside the network is refused
COE_PROXIES       how many proxies of ours stand in front and add to X-Forwarded-For (0: none)
DATABASE_URL      any PostgreSQL 15 or newer; without it the embedded server is used
"""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from coe.database import embedded
from coe.web.secret_key import read_or_create

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = BASE_DIR / "var"

PUBLIC_URL = os.environ.get("COE_URL", "http://localhost:8000").rstrip("/")
IS_SECURE = PUBLIC_URL.startswith("https://")

SECRET_KEY = os.environ.get("COE_SECRET_KEY") or read_or_create(STATE_DIR / "secret_key")
DEBUG = os.environ.get("COE_DEBUG") == "1"
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    urlsplit(PUBLIC_URL).hostname or "localhost",
    *filter(None, os.environ.get("COE_HOSTS", "").split(",")),
]

INSTALLED_APPS = [
    "coe",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "coe.web.middleware.page_headers",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "coe.web.middleware.whole_requests",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coe.web.middleware.SignInRequired",
    "coe.audit.middleware.audited",
    "django.contrib.messages.middleware.MessageMiddleware",
    "coe.publishing.stubs.StubOfRetracted",
]

ROOT_URLCONF = "coe.urls"
WSGI_APPLICATION = "coe.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "coe.web.forms.FormRenderer"

DATABASES = {
    "default": embedded.settings_from_url(os.environ["DATABASE_URL"])
    if os.environ.get("DATABASE_URL")
    else embedded.connection_settings(embedded.address(BASE_DIR))
}

AUTH_USER_MODEL = "coe.User"
# E-mail addresses are unique by LOWER(email), a constraint that this check does not recognise.
SILENCED_SYSTEM_CHECKS = ["auth.E003"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
]
ALLOWED_NETWORKS = tuple(
    ip_network(each.strip())
    for each in os.environ.get("COE_ALLOWED_NETWORKS", "").split(",")
    if each.strip()
)
PROXIES = int(os.environ.get("COE_PROXIES", "0"))
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "coe.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# One paste of the largest text that a field takes (coe.text) with room for its encoding.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

_mail = urlsplit(os.environ.get("COE_EMAIL_URL", ""))
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _mail.hostname
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or {"smtps": 465, "smtp+plain": 25}.get(_mail.scheme, 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("COE_EMAIL_FROM", "coe@localhost")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "secret_addresses": {"()": "coe.web.logs.SecretAddresses"},
        "short_outage": {"()": "coe.web.logs.ShortOutage"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["secret_addresses", "short_outage"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
