"""The ages of a team's items in a table: `{% load steering %}{{ spread|strip:scale }}`."""

from django import template
from django.utils.safestring import SafeString

from coe.pictures.svg import number
from coe.steering.ages import Scale, small_strip
from coe.steering.quartiles import Spread

register = template.Library()


@register.filter
def strip(spread: Spread, scale: Scale) -> SafeString:
    """As a line of dots with the median; `scale` is that of the whole table."""
    return small_strip(spread, scale)


@register.filter
def middle(spread: Spread) -> str:
    """The median, and where there is one the middle half in brackets: 34 (12 to 60)."""
    told = number(spread.median)
    lower, upper = spread.middle
    return f"{told} ({lower} to {upper})" if spread.has_middle and lower < upper else told
