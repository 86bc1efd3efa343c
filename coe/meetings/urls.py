from django.urls import path

from coe.meetings import views

urlpatterns = [
    path("coes/<ref:reference>/meeting/", views.meeting, name="coe_meeting"),
    path("coes/<ref:reference>/meeting/start/", views.start, name="coe_meeting_start"),
    path("coes/<ref:reference>/meeting/longer/", views.longer, name="coe_meeting_longer"),
    path("coes/<ref:reference>/meeting/walk/", views.walk, name="coe_meeting_walk"),
    path("coes/<ref:reference>/meeting/decide/", views.decide, name="coe_meeting_decide"),
    path("coes/<ref:reference>/meeting/undo/", views.undo, name="coe_meeting_undo"),
    path("coes/<ref:reference>/meeting/end/", views.end, name="coe_meeting_end"),
    path("coes/<ref:reference>/meeting/handout/", views.handout, name="coe_meeting_handout"),
    path("coes/<ref:reference>/meeting/<int:number>/", views.past, name="coe_meeting_record"),
]
