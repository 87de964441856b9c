from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "gongzhi.parties"
    label = "parties"
    verbose_name = "人员与组织"
