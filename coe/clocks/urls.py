from django.urls import path

from coe.clocks import team_views, views

urlpatterns = [
    path("incidents/", views.incidents, name="incident_list"),
    path("incidents/new/", views.new_incident, name="incident_new"),
    path("incidents/<uuid:uid>/", views.incident, name="incident"),
    path("incidents/<uuid:uid>/edit/", views.edit, name="incident_edit"),
    path("incidents/<uuid:uid>/change/", views.change, name="incident_change"),
    path("incidents/<uuid:uid>/set-aside/", views.set_aside, name="incident_set_aside"),
    path("incidents/<uuid:uid>/take-up/", views.take_up, name="incident_take_up"),
    path("teams/clock/", team_views.teams, name="clock"),
    path("teams/<int:pk>/clock/", team_views.team, name="team_clock"),
]
