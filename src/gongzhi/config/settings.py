"""Django settings. Everything an operator may set is an environment variable named here; docs/settings.md lists them."""

import os
from pathlib import Path
from typing import Any

from gongzhi.installation import database, keys

PACKAGE = Path(__file__).resolve().parent.parent

DEMO = os.environ.get("GONGZHI_DEMO", "") == "1"
DEBUG = False
SECRET_KEY = keys.session_secret()
SECRET_KEY_FALLBACKS = keys.session_fallbacks()
ALLOWED_HOSTS = os.environ.get("GONGZHI_HOSTS", "*" if DEMO else "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "gongzhi.acts",
    "gongzhi.parties",
    "gongzhi.places",
    "gongzhi.grants",
    "gongzhi.timetable",
    "gongzhi.catalogue",
    "gongzhi.mandates",
    "gongzhi.files",
    "gongzhi.notices",
    "gongzhi.matters",
    "gongzhi.exchange",
    "gongzhi.incidents",
    "gongzhi.intake",
    "gongzhi.superiors",
    "gongzhi.sampling",
    "gongzhi.indicators",
    "gongzhi.councils",
    "gongzhi.projects",
    "gongzhi.lab",
    "gongzhi.web",
    "gongzhi.portals.centre",
    "gongzhi.portals.resident",
    "gongzhi.api",
]

MIDDLEWARE = [
    "gongzhi.web.middleware.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "gongzhi.web.middleware.visiting.Arrival",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gongzhi.web.middleware.visiting.WhoActs",
    "gongzhi.web.middleware.refusing.Refusing",
]

ROOT_URLCONF = "gongzhi.config.urls"
WSGI_APPLICATION = "gongzhi.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("gongzhi.web.templating.Loader", ["django.template.loaders.app_directories.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "gongzhi.web.context.reader",
            ],
        },
    },
]

DATABASES = {"default": database.settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "parties.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "web" / "static" / "collected"

# Standard output belongs to the supervisor, which keeps one file per process. No personal data is ever logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("GONGZHI_LOG_LEVEL", "INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}

# HTTPS ends at a proxy in front of the public port; the lane overwrites X-Forwarded-Proto, so it can be believed.
HTTPS = os.environ.get("GONGZHI_HTTPS", "") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = int(os.environ.get("GONGZHI_HSTS_SECONDS", "31536000")) if HTTPS else 0
# The port hears plain HTTP from that proxy only, so redirecting (W008) is the proxy's work; subdomains (W005) and the
# browsers' preload list (W021) are decisions of whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SESSION_ENGINE = "gongzhi.web.sessions"
AUTHENTICATION_BACKENDS = ["gongzhi.web.sessions.Accounts"]
SESSION_COOKIE_NAME = "gongzhi_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]
CSRF_COOKIE_NAME = "gongzhi_csrf"
CSRF_FAILURE_VIEW = "gongzhi.web.pages.errors.forged"
LANGUAGE_COOKIE_NAME = "gongzhi_language"
LOGIN_URL = "/sign-in/"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {40: "error"}
# Room folders that are no Django apps keep translations too.
LOCALE_PATHS = [
    PACKAGE / room / "locale"
    for room in ("access", "kernel", "calendar", "installation", "ledger", "lane", "cli")
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
