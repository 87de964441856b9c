"""Every door's URLs in one list."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("gongzhi.web.urls")),
    path("desk/", include("gongzhi.portals.centre.urls")),
    path("", include("gongzhi.portals.resident.urls")),
    path("api/", include("gongzhi.api.urls")),
    path("open311/v2/", include("gongzhi.api.open311.urls")),
]

handler400 = "gongzhi.web.pages.errors.unreadable"
handler403 = "gongzhi.web.pages.errors.forbidden"
handler404 = "gongzhi.web.pages.errors.missing"
handler500 = "gongzhi.web.pages.errors.broken"
