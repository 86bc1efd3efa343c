"""System checks of our own, run with Django's."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(deploy=True)
def public_address_is_secure(app_configs: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:
    """An installation that others reach needs COE_URL to be an https address."""
    if settings.IS_SECURE:
        return []
    return [
        checks.Warning(
            f"COE_URL is {settings.PUBLIC_URL}, which is not an https address.",
            hint="Set COE_URL to the public address; cookies and redirects follow from it.",
            id="coe.W001",
        )
    ]
