"""The clocks of several COEs in templates: `{% load clocks %}`."""

from collections.abc import Mapping

from django import template

from coe.policies.clocks import Clock

register = template.Library()


@register.filter
def of_coe(clocks: Mapping[int, Clock], key: int) -> Clock | None:
    """`{{ clocks|of_coe:document.pk }}`: the clock of one COE, None where none runs."""
    return clocks.get(key)
