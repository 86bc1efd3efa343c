"""What is said beside the text: `{% load discussion %}`."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from coe.discussion.models import Subject
from coe.discussion.places import CHAPTERS, Place
from coe.discussion.talk import Talk

register = template.Library()


@register.simple_tag(takes_context=True)
def beside(context: Context, subject: str, key: object, name: object = "") -> SafeString:
    """What is said at a place of the page, and the way to say something; `name` is what the place
    is called aloud. Nothing where the page is no working copy, so that no publication, print or
    older text ever shows it."""
    talk = context.get("talk")
    if not isinstance(talk, Talk):
        return SafeString()
    place = Place(subject, str(key) if key else "")
    spot = talk.at(place)
    is_chapter = subject in (Subject.SECTION, Subject.WHOLE)
    if spot.is_bare and not talk.may_speak:
        return SafeString()
    shown: dict[str, Any] = {
        "spot": spot,
        "talk": talk,
        "document": talk.document,
        "name": CHAPTERS.get(place.key, name) or "the whole COE",
        "form": talk.form_at(place) if is_chapter and talk.may_speak else None,
    }
    return render_to_string("discussion/beside.html", shown | {"csrf_token": context["csrf_token"]})
