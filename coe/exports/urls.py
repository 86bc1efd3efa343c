from django.urls import path

from coe.exports import views

urlpatterns = [
    path("coes/<ref:reference>.pdf", views.pdf, name="coe_pdf"),
    path("coes/<ref:reference>/draft.pdf", views.draft_pdf, name="coe_draft_pdf"),
]
