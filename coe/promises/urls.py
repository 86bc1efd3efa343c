from django.urls import path

from coe.promises import serving_views, views

ITEM = "coes/<ref:reference>/actions/<uuid:uid>/"
ELSEWHERE = "coes/<ref:reference>/elsewhere/"

urlpatterns = [
    path(ITEM, views.promise, name="promise"),
    path(f"{ITEM}step/", views.step, name="promise_step"),
    path(f"{ITEM}due/", views.due, name="promise_due"),
    path(f"{ITEM}wont-do/", views.wont_do, name="promise_wont_do"),
    path(f"{ITEM}owner/", views.owner, name="promise_owner"),
    path(f"{ITEM}ticket/", views.ticket, name="promise_ticket"),
    path(f"{ITEM}ticket/open/", views.open_ticket, name="promise_open_ticket"),
    path(f"{ITEM}requests/<int:key>/", views.decide, name="promise_decide"),
    path(f"{ITEM}requests/<int:key>/take-back/", views.take_back, name="promise_take_back"),
    path(f"{ITEM}evidence/<int:event>/", views.evidence, name="promise_evidence"),
    path(ELSEWHERE, serving_views.elsewhere, name="coe_elsewhere"),
    path(f"{ELSEWHERE}<int:key>/remove/", serving_views.unlink, name="coe_elsewhere_unlink"),
]
