"""The walk through what changed, and the pages of a working copy, which tell of it."""

from django.urls import path

from coe.library import views as library
from coe.looks import views
from coe.looks.reading import DRAFTED, READ

urlpatterns = [
    path("coes/<ref:reference>/", library.read, {"beside": READ}, name="coe_read"),
    path("coes/<ref:reference>/draft/", library.draft, {"beside": DRAFTED}, name="coe_draft"),
    path("coes/<ref:reference>/review/changes/", views.what_changed, name="coe_what_changed"),
    path("coes/<ref:reference>/review/changes/seen/", views.tick, name="coe_tick"),
    path(
        "coes/<ref:reference>/review/changes/all-seen/", views.tick_everything, name="coe_tick_all"
    ),
]
