"""The ages of a team's items in a table: `{% load steering %}{{ spread|strip:scale }}`."""

from django import template
from django.utils.safestring import SafeString

from coe.steering.ages import Scale, days, small_strip
from coe.steering.quartiles import Spread

register = template.Library()


@register.filter
def strip(spread: Spread, scale: Scale) -> SafeString:
    """As a line of dots with the median; `scale` is that of the whole table."""
    return small_strip(spread, scale)


@register.filter
def middle(spread: Spread) -> str:
    """The median, and where there is one the middle half in brackets: 34 (12 to 60)."""
    half = days(spread.lower, spread.upper).removesuffix(" days").removesuffix(" day")
    told = days(spread.median).removesuffix(" days").removesuffix(" day")
    return f"{told} ({half})" if spread.has_middle else told
