from django.urls import path

from coe.administration import redaction_views, views

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
    path("services/", views.services, name="services"),
    path("services/add/", views.new_service, name="add_service"),
    path("services/<int:pk>/", views.service, name="service"),
    path("redact/", redaction_views.redact, name="redact"),
]
