from django.urls import path

from coe.editor import (
    cause_views,
    composing_views,
    findings_views,
    people_views,
    presence_views,
    preview_views,
    readers_views,
    timeline_views,
    views,
)

urlpatterns = [
    path("coes/new/", views.open_new, name="coe_new"),
    path("coes/<ref:reference>/edit/", views.edit, name="coe_edit"),
    path("coes/<ref:reference>/edit/rail/", views.rail, name="coe_rail"),
    path("coes/<ref:reference>/edit/findings/", findings_views.findings, name="coe_findings"),
    path(
        "coes/<ref:reference>/edit/findings/reason/",
        findings_views.give_reason,
        name="finding_reason",
    ),
    path(
        "coes/<ref:reference>/edit/findings/dismiss/",
        findings_views.dismiss,
        name="finding_dismiss",
    ),
    path(
        "coes/<ref:reference>/edit/findings/take-back/",
        findings_views.take_back,
        name="finding_take_back",
    ),
    path("coes/<ref:reference>/edit/findings/mend/", findings_views.mend, name="finding_mend"),
    path("coes/<ref:reference>/edit/here/", presence_views.be_here, name="coe_here"),
    path("coes/<ref:reference>/edit/sections/", views.choose_sections, name="coe_choose_sections"),
    path(
        "coes/<ref:reference>/edit/questions/<part:part>/", views.write_answers, name="coe_answers"
    ),
    path(
        "coes/<ref:reference>/edit/preview/<slug:panel>/", preview_views.preview, name="coe_preview"
    ),
    path("help/markdown/", preview_views.markdown_help, name="markdown_help"),
    path("coes/<ref:reference>/edit/facts/", views.write_facts, name="coe_facts"),
    path("coes/<ref:reference>/edit/milestones/", views.write_milestones, name="coe_milestones"),
    path(
        "coes/<ref:reference>/edit/sections/<slug:slug>/", views.write_section, name="coe_section"
    ),
    path("coes/<ref:reference>/edit/composed/", composing_views.composed, name="coe_composed"),
    path("coes/<ref:reference>/edit/lay-out/", composing_views.lay_out, name="coe_lay_out"),
    path("coes/<ref:reference>/edit/trace/", cause_views.trace, name="coe_trace"),
    path(
        "coes/<ref:reference>/edit/causes/<uuid:uid>/kind/",
        cause_views.write_kind,
        name="cause_kind",
    ),
    path(
        "coes/<ref:reference>/edit/causes/<uuid:uid>/answer/",
        cause_views.answer,
        name="cause_answer",
    ),
    path("coes/<ref:reference>/edit/causes/<uuid:uid>/nest/", cause_views.nest, name="cause_nest"),
    path(
        "coes/<ref:reference>/edit/causes/<uuid:uid>/unnest/",
        cause_views.unnest,
        name="cause_unnest",
    ),
    path(
        "coes/<ref:reference>/edit/people/add/",
        people_views.add_contributor,
        name="coe_add_contributor",
    ),
    path(
        "coes/<ref:reference>/edit/people/remove/",
        people_views.remove_contributor,
        name="coe_remove_contributor",
    ),
    path("coes/<ref:reference>/edit/grow/", people_views.grow, name="coe_grow"),
    path("coes/<ref:reference>/hand-over/", people_views.hand_over, name="coe_hand_over"),
    path("coes/<ref:reference>/readers/", readers_views.readers, name="coe_readers"),
    path("coes/<ref:reference>/discard/", people_views.discard, name="coe_discard"),
    path("coes/<ref:reference>/bring-back/", people_views.bring_back, name="coe_bring_back"),
    path(
        "coes/<ref:reference>/edit/timeline/paste/",
        timeline_views.paste_lines,
        name="timeline_paste",
    ),
    path(
        "coes/<ref:reference>/edit/timeline/lines/",
        timeline_views.add_lines,
        name="timeline_lines",
    ),
    path(
        "coes/<ref:reference>/edit/timeline/<uuid:uid>/place/",
        timeline_views.place_row,
        name="timeline_place",
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
