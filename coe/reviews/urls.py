from django.urls import path

from coe.reviews import room_views, views

urlpatterns = [
    path("coes/<ref:reference>/submit/", views.submit, name="coe_submit"),
    path("coes/<ref:reference>/withdraw/", views.withdraw, name="coe_withdraw"),
    path("coes/<ref:reference>/approve/", views.approve, name="coe_approve"),
    path("coes/<ref:reference>/request-changes/", views.request_changes, name="coe_changes"),
    path("coes/<ref:reference>/reopen/", views.reopen, name="coe_reopen"),
    path("coes/<ref:reference>/review/", room_views.room, name="coe_review"),
    path("coes/<ref:reference>/review/sign/", views.sign, name="coe_sign"),
    path(
        "coes/<ref:reference>/review/reviewers/", room_views.ask_reviewer, name="coe_ask_reviewer"
    ),
    path(
        "coes/<ref:reference>/review/reviewers/let-go/",
        room_views.let_reviewer_go,
        name="coe_let_reviewer_go",
    ),
    path(
        "coes/<ref:reference>/review/reviewers/excuse/",
        room_views.excuse_reviewer,
        name="coe_excuse_reviewer",
    ),
]
