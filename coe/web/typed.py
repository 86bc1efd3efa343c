"""What a person typed into a form that is refused as a whole: it is told back, not lost."""

import re
from dataclasses import dataclass

from django.http import HttpRequest

OURS = re.compile(r"[0-9]*|on|[0-9a-fA-F]{32,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""Values that forms carry along by themselves: numbers, ticks, digests, identities."""
HIDDEN = {"csrfmiddlewaretoken", "on", "back", "before", "after", "seen", "next", "to", "start"}
"""Fields that nobody typed in: where the form stood, and what stood around it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One text, under the name that its field has in the form."""

    name: str
    text: str


def typed_in(request: HttpRequest) -> list[Typed]:
    """What was typed into the form that `request` sent, by field.

    Nothing unless it came with its token, from somebody who is signed in: what another page made
    a browser send is not shown as their own.
    """
    if request.method != "POST" or request.resolver_match is None:
        return []
    if not request.user.is_authenticated:
        return []
    return [
        Typed(name.replace("_", " ").replace("-", " ").capitalize(), text)
        for name, texts in request.POST.lists()
        for text in texts
        if name not in HIDDEN and not OURS.fullmatch(text.strip())
    ]
