"""The desk's addresses: nouns."""

from django.urls import path

from gongzhi.portals.centre.pages import areas, filters, ledger, mandates

app_name = "centre"
urlpatterns = [
    path("filters/", filters.save_filter, name="save_filter"),
    path("filters/<uuid:filter_id>/end/", filters.end_filter, name="end_filter"),
    path("areas.geojson", areas.areas, name="areas"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("ledger/", ledger.ledger, name="ledger"),
]
