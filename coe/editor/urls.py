from django.urls import path

from coe.editor import views

urlpatterns = [
    path("coes/new/", views.open_new, name="coe_new"),
    path("coes/<ref:reference>/edit/", views.edit, name="coe_edit"),
    path("coes/<ref:reference>/edit/facts/", views.write_facts, name="coe_facts"),
    path("coes/<ref:reference>/edit/milestones/", views.write_milestones, name="coe_milestones"),
    path(
        "coes/<ref:reference>/edit/sections/<slug:slug>/", views.write_section, name="coe_section"
    ),
    path("coes/<ref:reference>/edit/<slug:panel>/add/", views.add_row, name="row_add"),
    path("coes/<ref:reference>/edit/<slug:panel>/<uuid:uid>/", views.write_row, name="row_write"),
    path(
        "coes/<ref:reference>/edit/<slug:panel>/<uuid:uid>/move/",
        views.shift_row,
        name="row_move",
    ),
    path(
        "coes/<ref:reference>/edit/<slug:panel>/<uuid:uid>/remove/",
        views.drop_row,
        name="row_remove",
    ),
]
