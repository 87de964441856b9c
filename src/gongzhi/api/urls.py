"""The API's addresses. Identification happens inside (tokens or session), so the doors are open here."""

from django.urls import URLPattern, URLResolver, include, path

from gongzhi.api.methods import in_words
from gongzhi.api.v1.app import api
from gongzhi.web.doors import leaves, with_door

_v1, _app_name, _namespace = api.urls
for pattern in leaves(_v1):
    pattern.callback = in_words(pattern.callback)
with_door(_v1, policy="public")

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include((_v1, _app_name), namespace=_namespace)),
]
