from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "gongzhi.grants"
    label = "grants"
    verbose_name = "授权"
