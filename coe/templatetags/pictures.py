"""Pictures in templates: `{% load pictures %}{% timeline_picture snapshot as picture %}`."""

from django import template

from coe.pictures.causes import causes_picture as draw_causes
from coe.pictures.svg import Picture
from coe.pictures.timeline import timeline_picture as draw_timeline
from coe.snapshots.snapshot import Snapshot

register = template.Library()


@register.simple_tag
def timeline_picture(snapshot: Snapshot) -> Picture:
    """The course of the incident; false where there is nothing to draw."""
    return draw_timeline(snapshot)


@register.simple_tag
def causes_picture(snapshot: Snapshot) -> Picture:
    """The causes; false where there is none."""
    return draw_causes(snapshot)
