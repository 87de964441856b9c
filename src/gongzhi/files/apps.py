from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gongzhi.files"
    label = "files"
