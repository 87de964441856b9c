"""The residents' addresses."""

from django.urls import path

from gongzhi.portals.resident.pages import matters, reports

app_name = "resident"
urlpatterns = [
    path("report/", reports.report, name="report"),
    path("report/around/", reports.around, name="around"),
    path("report/sent/", reports.sent, name="sent"),
    path("follow/", matters.follow, name="follow"),
    path("mine/", matters.mine, name="mine"),
    path("matters/<str:number>/", matters.matter, name="matter"),
    path("matters/<str:number>/files/<uuid:file_id>/", matters.file, name="file"),
    path("matters/<str:number>/<slug:verb>/", matters.verb, name="verb"),
]
