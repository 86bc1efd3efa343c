from django.urls import path

from coe.reviews import views

urlpatterns = [
    path("coes/<ref:reference>/submit/", views.submit, name="coe_submit"),
    path("coes/<ref:reference>/withdraw/", views.withdraw, name="coe_withdraw"),
    path("coes/<ref:reference>/approve/", views.approve, name="coe_approve"),
    path("coes/<ref:reference>/request-changes/", views.request_changes, name="coe_changes"),
    path("coes/<ref:reference>/reopen/", views.reopen, name="coe_reopen"),
]
