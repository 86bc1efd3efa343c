"""What is said beside the text: `{% load discussion %}`."""

from typing import NamedTuple

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from coe.discussion.models import Subject
from coe.discussion.places import CHAPTERS, Place
from coe.discussion.talk import Talk
from coe.templatetags.text import shortened
from coe.web.drawing import drawn

register = template.Library()

NAME = 40
"""Characters of a row's text that tell its ways in apart for those who hear them."""


class _Bare(NamedTuple):
    place: str
    anchor: str
    way: str
    name: str


@register.simple_tag(takes_context=True)
def beside(context: Context, subject: str, key: object, name: object = "") -> SafeString:
    """What is said at a place of the page, and the way to say something; `name` is what the place
    is called aloud. Nothing where the page is no working copy, so that no publication, print or
    older text ever shows it."""
    talk = context.get("talk")
    if not isinstance(talk, Talk):
        return SafeString()
    place = Place(subject, str(key) if key else "")
    called = CHAPTERS.get(place.key) or shortened(name, NAME) or "the whole COE"
    spot = talk.at(place)
    is_chapter = subject in (Subject.SECTION, Subject.WHOLE)
    if spot.is_bare and not talk.may_speak:
        return SafeString()
    if spot.is_bare and not is_chapter:
        page = reverse("coe_thread_new", args=[talk.document.reference])
        values = _Bare(str(place), place.anchor, f"{page}?on={place}", called)
        return drawn("discussion/bare.html", values)
    shown = {
        "spot": spot,
        "talk": talk,
        "document": talk.document,
        "name": called,
        "form": talk.form_at(place) if is_chapter and talk.may_speak else None,
        "csrf_token": context["csrf_token"],
    }
    return render_to_string("discussion/beside.html", shown)
