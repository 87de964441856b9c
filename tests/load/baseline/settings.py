import os

from django.db.backends.postgresql.psycopg_any import is_psycopg3  # noqa: F401  fails early without a driver

SECRET_KEY = "baseline-only"
ALLOWED_HOSTS = ["*"]
DEBUG = False
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "tests.load.baseline",
]
ROOT_URLCONF = "tests.load.baseline.views"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["BASELINE_DATABASE"],
        "USER": os.environ["BASELINE_USER"],
        "PASSWORD": os.environ.get("BASELINE_PASSWORD", ""),
        "HOST": os.environ["BASELINE_HOST"],
        "PORT": os.environ.get("BASELINE_PORT", ""),
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}
