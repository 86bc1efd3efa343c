from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

from coe.accounts.requests import SignedInRequest
from coe.accounts.saving import require_administrator
from coe.web.errors import StaleAnswer, stale


def administrators_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer 403 to everybody but administrators, before anything is fetched.

    A stale button (somebody else was faster) answers 409, and nothing was done.
    """

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_administrator(request.user)
        try:
            return view(request, *args, **kwargs)
        except StaleAnswer as error:
            return stale(request, error)

    return guarded
