from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "gongzhi.portals.centre"
    label = "centre"
