"""The desk's addresses: nouns."""

from django.urls import path

from gongzhi.portals.centre.pages import (
    areas,
    bulk,
    cases,
    exports,
    filters,
    inbox,
    incidents,
    ledger,
    mandates,
    overview,
    procedures,
    reports,
    statistics,
)
from gongzhi.portals.centre.pages import map as maps

app_name = "centre"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("overview/", overview.overview, name="overview"),
    path("records/", overview.records, name="records"),
    path("cases/<str:number>/", cases.case, name="case"),
    path("cases/<str:number>/<slug:verb>/", cases.verb, name="verb"),
    path("reports/new/", reports.report, name="report"),
    path("reports/proposals/", reports.proposals, name="proposals"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("export.<str:form>", exports.export, name="export"),
    path("filters/", filters.save_filter, name="save_filter"),
    path("filters/<uuid:filter_id>/end/", filters.end_filter, name="end_filter"),
    path("areas.geojson", areas.areas, name="areas"),
    path("map/", maps.map_page, name="map"),
    path("map/clusters.json", maps.clusters, name="clusters"),
    path("map/late.json", maps.late, name="late"),
    path("incidents/", incidents.listed, name="incidents"),
    path("incidents/new/", incidents.declare, name="declare"),
    path("incidents/<uuid:incident_id>/", incidents.incident, name="incident"),
    path("incidents/<uuid:incident_id>/report/", incidents.report, name="incident_report"),
    path("incidents/<uuid:incident_id>/<slug:verb>/", incidents.verb, name="incident_verb"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("procedures/", procedures.procedures, name="procedures"),
    path("procedures/<slug:code>/<int:version>/", procedures.procedure, name="procedure"),
    path("procedures/<slug:code>/<int:version>/diagram.svg", procedures.diagram, name="diagram"),
    path("ledger/", ledger.ledger, name="ledger"),
]
