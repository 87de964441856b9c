from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "gongzhi.acts"
    label = "acts"
    verbose_name = "记录"
