from django.urls import path

from coe.publishing import views

urlpatterns = [
    path("coes/<ref:reference>/publish/", views.publish_coe, name="coe_publish"),
]
