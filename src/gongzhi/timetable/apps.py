from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "gongzhi.timetable"
    label = "timetable"
    verbose_name = "时间表"

    def ready(self) -> None:
        from gongzhi.timetable import events, policies  # noqa: F401 (registers events and rights)
