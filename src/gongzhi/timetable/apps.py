from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "gongzhi.timetable"
    label = "timetable"
