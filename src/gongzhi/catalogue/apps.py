from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gongzhi.catalogue"
    label = "catalogue"
