from django.urls import path

from coe.administration import calendar_views, guide_edit_views, guide_views, redaction_views, views

urlpatterns = [
    path("", views.administration, name="administration"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/invitation/", views.renew, name="renew_invitation"),
    path("people/<int:pk>/deactivate/", views.deactivate, name="deactivate_person"),
    path("people/<int:pk>/reactivate/", views.reactivate, name="reactivate_person"),
    path("teams/", views.teams, name="teams"),
    path("teams/add/", views.new_team, name="add_team"),
    path("teams/<int:pk>/", views.team, name="team"),
    path("teams/<int:pk>/calendar/", calendar_views.calendar, name="team_calendar"),
    path("services/", views.services, name="services"),
    path("services/add/", views.new_service, name="add_service"),
    path("services/<int:pk>/", views.service, name="service"),
    path("guide/", guide_views.guide, name="guide"),
    path("guide/begin/", guide_views.begin, name="begin_guide"),
    path("guide/<int:version>/", guide_views.version, name="guide_version"),
    path("guide/<int:version>/drop/", guide_views.drop, name="drop_guide"),
    path("guide/<int:version>/publish/", guide_views.publish, name="publish_guide"),
    path("guide/<int:version>/preview/", guide_views.try_on, name="preview_guide"),
    path("guide/<int:version>/changes/", guide_views.changes, name="guide_changes"),
    path("guide/<int:version>/questions/add/", guide_edit_views.new_question, name="add_question"),
    path(
        "guide/<int:version>/questions/<slug:slug>/",
        guide_edit_views.question,
        name="guide_question",
    ),
    path(
        "guide/<int:version>/questions/<slug:slug>/move/",
        guide_edit_views.move,
        name="move_question",
    ),
    path(
        "guide/<int:version>/questions/<slug:slug>/remove/",
        guide_edit_views.remove,
        name="remove_question",
    ),
    path(
        "guide/<int:version>/<slug:about>/<str:name>/",
        guide_edit_views.ruling,
        name="guide_ruling",
    ),
    path("redact/", redaction_views.redact, name="redact"),
]
