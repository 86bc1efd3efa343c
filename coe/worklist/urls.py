from django.urls import path

from coe.worklist import change_views, view_views, views

urlpatterns = [
    path("actions/", views.action_list, name="action_list"),
    path("actions/table/", views.action_table, name="action_table"),
    path("actions/table/read/", change_views.action_import, name="action_import"),
    path("actions/table/apply/", change_views.action_import_apply, name="action_import_apply"),
    path("actions/table/done/", change_views.action_import_done, name="action_import_done"),
    path("actions/views/", view_views.action_views, name="action_views"),
    path("actions/views/<int:view>/", view_views.action_view, name="action_view"),
    path(
        "actions/views/<int:view>/remove/",
        view_views.action_view_remove,
        name="action_view_remove",
    ),
]
