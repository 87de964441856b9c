from django.db import transaction
from django.urls import path
from rest_framework import generics, serializers

from tests.load.baseline.models import Case, Log, Status


class CaseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Case
        fields = ("id", "category", "title", "text", "longitude", "latitude", "opened_at")

    def create(self, validated_data):
        with transaction.atomic():
            case = super().create(validated_data)
            Status.objects.create(case=case, state="received")
            Log.objects.create(case=case, what={"verb": "open"})
        return case


class Cases(generics.CreateAPIView):
    queryset = Case.objects.all()
    serializer_class = CaseSerializer


urlpatterns = [path("cases", Cases.as_view())]
