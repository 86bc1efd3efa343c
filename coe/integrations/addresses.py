"""Which addresses a webhook may have, as far as that can be told without calling."""

from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import ValidationError

from coe.integrations.calling import NotCalled, is_inside, target_of

MOST = 1000

NOT_SECURE = (
    "The address has to begin with https://. Plain http:// is for servers inside the network, "
    "which an administrator of the server allows by COE_ALLOWED_NETWORKS."
)
INSIDE = (
    "This is inside the network of this installation. An administrator of the server can allow it "
    "by COE_ALLOWED_NETWORKS."
)


def host_of(address: str) -> str:
    """Its host, as it is shown; raises `ValidationError` of `address` where it may not be called.

    What a name leads to is looked up with each call (`coe.integrations.calling`).
    """
    try:
        target = target_of(address)
    except NotCalled as error:
        raise ValidationError({"address": str(error)}) from error
    if target.scheme == "http" and not settings.ALLOWED_NETWORKS:
        raise ValidationError({"address": NOT_SECURE})
    if _is_refused(target.host):
        raise ValidationError({"address": INSIDE})
    return target.host_header


def _is_refused(host: str) -> bool:
    try:
        found = ip_address(host)
    except ValueError:
        return False
    return is_inside(found) and not any(found in each for each in settings.ALLOWED_NETWORKS)
