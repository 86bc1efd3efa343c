from coe.accounts.models import User
from coe.web.http import HtmxRequest


class SignedInRequest(HtmxRequest):
    """A request that passed the sign-in middleware: there is a person behind it."""

    user: User
