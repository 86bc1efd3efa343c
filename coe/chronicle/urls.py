from django.urls import path

from coe.chronicle import bring_back_views, views

urlpatterns = [
    path("coes/<ref:reference>/history/", views.history, name="coe_history"),
    path("coes/<ref:reference>/history/compare/", views.compare_moments, name="coe_compare"),
    path(
        "coes/<ref:reference>/history/<int:event>/bring-back/",
        bring_back_views.bring_back_change,
        name="coe_bring_back_change",
    ),
]
