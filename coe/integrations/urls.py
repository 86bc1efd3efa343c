from django.urls import path

from coe.integrations import views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/make/", views.calendar_make, name="calendar_make"),
    path("calendar/revoke/", views.calendar_revoke, name="calendar_revoke"),
    path("feeds/<str:token>/actions.ics", views.calendar_feed, name="calendar_feed"),
]
