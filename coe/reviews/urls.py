from django.urls import path

from coe.reviews import decision_views, room_views, views

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
    path("coes/<ref:reference>/review/actions/", decision_views.items, name="coe_items"),
    path(
        "coes/<ref:reference>/review/actions/accept/",
        decision_views.accept_many,
        name="coe_items_accept",
    ),
    path("coes/<ref:reference>/review/actions/<uuid:uid>/", decision_views.item, name="coe_item"),
    path(
        "coes/<ref:reference>/review/actions/<uuid:uid>/accept/",
        decision_views.accept,
        name="coe_item_accept",
    ),
    path(
        "coes/<ref:reference>/review/actions/<uuid:uid>/change/",
        decision_views.change,
        name="coe_item_change",
    ),
    path(
        "coes/<ref:reference>/review/actions/<uuid:uid>/reject/",
        decision_views.reject,
        name="coe_item_reject",
    ),
    path(
        "coes/<ref:reference>/review/actions/<uuid:uid>/withdraw/",
        decision_views.withdraw,
        name="coe_item_withdraw",
    ),
]
