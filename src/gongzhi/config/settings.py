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
    "gongzhi.intake",
    "gongzhi.indicators",
    "gongzhi.web",
    "gongzhi.portals.centre",
    "gongzhi.portals.resident",
    "gongzhi.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "gongzhi.config.urls"
WSGI_APPLICATION = "gongzhi.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database.settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "parties.Account" if (PACKAGE / "parties" / "models.py").exists() else "auth.User"
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
