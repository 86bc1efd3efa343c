from django.urls import path

from coe.library import views

urlpatterns = [
    path("coes/", views.browse, name="coe_list"),
    path("coes/<ref:reference>/", views.read, name="coe_read"),
    path("coes/<ref:reference>/draft/", views.draft, name="coe_draft"),
]
