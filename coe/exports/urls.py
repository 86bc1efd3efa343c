from django.urls import path, register_converter

from coe.exports import views
from coe.exports.converters import TableConverter, TextConverter

register_converter(TextConverter, "text_form")
register_converter(TableConverter, "table")

urlpatterns = [
    path("coes/<ref:reference>.pdf", views.pdf, name="coe_pdf"),
    path("coes/<ref:reference>/draft.pdf", views.draft_pdf, name="coe_draft_pdf"),
    path("coes/<ref:reference>.<text_form:ending>", views.text, name="coe_text"),
    path("coes/<ref:reference>/draft.<text_form:ending>", views.draft_text, name="coe_draft_text"),
    path("coes/<ref:reference>/<table:name>.csv", views.table, name="coe_table"),
    path("coes/<ref:reference>/draft/<table:name>.csv", views.draft_table, name="coe_draft_table"),
]
