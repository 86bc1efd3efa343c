from django.urls import path

from coe.steering import views

urlpatterns = [
    path("teams/", views.teams, name="team_list"),
]
