from django.urls import path

from coe.steering import views

urlpatterns = [
    path("teams/", views.teams, name="team_list"),
    path("teams/<int:pk>/", views.team, name="team_standing"),
    path("teams/<int:pk>/accept/", views.accept, name="team_accept"),
    path("teams/<int:pk>/change/", views.change, name="team_change"),
]
