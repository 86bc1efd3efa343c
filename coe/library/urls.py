"""The list and the versions; `coe.looks` has the pages of one COE."""

from django.urls import path

from coe.library import list_views, version_views

urlpatterns = [
    path("coes/", list_views.browse, name="coe_list"),
    path("coes/<ref:reference>/v/<int:version>/", version_views.read_version, name="coe_version"),
    path(
        "coes/<ref:reference>/v/<int:version>/changes/",
        version_views.read_changes,
        name="coe_changes_of_version",
    ),
]
