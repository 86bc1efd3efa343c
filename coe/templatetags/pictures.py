"""Pictures in templates: `{% load pictures %}{% timeline_picture printable as picture %}`."""

from django import template

from coe.pictures.causes import causes_picture as draw_causes
from coe.pictures.svg import Picture
from coe.pictures.timeline import timeline_picture as draw_timeline
from coe.snapshots.printable import Printable

register = template.Library()


@register.simple_tag
def timeline_picture(printable: Printable) -> Picture:
    """The course of the incident; without drawings where no moment is known."""
    return draw_timeline(printable.snapshot, is_published=printable.is_published)


@register.simple_tag
def causes_picture(printable: Printable) -> Picture:
    """The causes; without drawings where there is none. What is open is said to authors alone."""
    return draw_causes(
        printable.snapshot,
        names_open_ends=not printable.is_published,
        rejected=printable.envelope.rejected,
    )
