"""GeoReport's addresses, each as .json and .xml."""

from django.urls import URLPattern, path

from gongzhi.api.open311 import views
from gongzhi.api.open311.rendering import Format

_FORMATS: tuple[Format, ...] = ("json", "xml")
_CALLS = (
    ("services", views.services),
    ("services/<str:code>", views.definition),
    ("requests", views.requests),
    ("requests/<str:number>", views.request),
    ("tokens/<str:number>", views.token),
    ("discovery", views.discovery),
)

urlpatterns: list[URLPattern] = [
    path(f"{address}.{as_}", view, {"as_": as_}) for address, view in _CALLS for as_ in _FORMATS
]
