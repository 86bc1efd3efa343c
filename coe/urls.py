from django.urls import include, path, register_converter

from coe.policies.converters import PartConverter
from coe.web import errors
from coe.web.converters import Reference

register_converter(Reference, "ref")
register_converter(PartConverter, "part")

urlpatterns = [
    path("", include("coe.home.urls")),
    path("", include("coe.web.urls")),
    path("accounts/", include("coe.accounts.urls")),
    path("administration/", include("coe.administration.urls")),
    path("", include("coe.clocks.urls")),
    path("", include("coe.editor.urls")),
    path("", include("coe.discussion.urls")),
    path("", include("coe.reviews.urls")),
    path("", include("coe.publishing.urls")),
    path("", include("coe.promises.urls")),
    path("", include("coe.exports.urls")),
    path("", include("coe.library.urls")),
    path("", include("coe.notices.urls")),
    path("", include("coe.chronicle.urls")),
    path("", include("coe.meetings.urls")),
    path("", include("coe.looks.urls")),
    path("", include("coe.integrations.urls")),
    path("", include("coe.help.urls")),
    path("", include("coe.worklist.urls")),
    path("", include("coe.steering.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
