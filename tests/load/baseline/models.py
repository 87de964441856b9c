from django.db import models


class Case(models.Model):
    category = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    text = models.TextField()
    longitude = models.FloatField()
    latitude = models.FloatField()
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "baseline"


class Status(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    state = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "baseline"


class Log(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    what = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "baseline"
