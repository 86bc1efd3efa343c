from django.urls import path

from coe.publishing import views

urlpatterns = [
    path("coes/<ref:reference>/publish/", views.publish_coe, name="coe_publish"),
    path("coes/<ref:reference>/retract/", views.retract_coe, name="coe_retract"),
]
