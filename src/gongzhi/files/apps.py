from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gongzhi.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        from gongzhi.files import events  # noqa: F401 (registered by being imported)
