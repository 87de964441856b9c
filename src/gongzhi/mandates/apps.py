from django.apps import AppConfig


class MandatesConfig(AppConfig):
    name = "gongzhi.mandates"
    label = "mandates"
