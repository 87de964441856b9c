"""The WSGI application that `gongzhi up` serves behind the front door."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")

application = get_wsgi_application()
_ = get_resolver().url_patterns  # every page's module now, or the first reader of each process waits for them
