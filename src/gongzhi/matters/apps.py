from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "gongzhi.matters"
    label = "matters"
