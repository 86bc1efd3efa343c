from django.urls import path

from coe.web import health

urlpatterns = [path("healthz", health.healthz, name="healthz")]
