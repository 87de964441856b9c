from django.apps import AppConfig


class ResidentConfig(AppConfig):
    name = "gongzhi.portals.resident"
    label = "resident"
