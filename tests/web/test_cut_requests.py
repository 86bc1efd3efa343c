"""A request whose line was cut while it was being sent."""

from io import BytesIO

import pytest
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from coe.web.middleware import whole_requests

BODY = b"version=3&text=All+that+was+typed"


def request_of(came: bytes, announced: str) -> WSGIRequest:
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": announced,
            "wsgi.input": BytesIO(came),
        }
    )


def text_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST["text"])


def test_a_request_that_came_whole_is_read() -> None:
    answer = whole_requests(text_in)(request_of(BODY, str(len(BODY))))
    assert answer.content == b"All that was typed"


@pytest.mark.parametrize("came", [BODY[:-1], BODY[:20], b""])
def test_a_request_whose_end_is_missing_is_refused(came: bytes) -> None:
    with pytest.raises(BadRequest):
        whole_requests(text_in)(request_of(came, str(len(BODY))))
