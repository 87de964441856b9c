from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "gongzhi.projects"
    label = "projects"
    verbose_name = "共性问题专题"

    def ready(self) -> None:
        from gongzhi.projects import events, policies  # noqa: F401 (registered by import)
