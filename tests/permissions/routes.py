"""Every address of the project, read from the resolver."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """The URL patterns, those that are included among them."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


def route_names() -> list[str]:
    """The names of all routes; a pattern without a name stands under its address."""
    return [each.name or str(each.pattern) for each in patterns()]


def arguments_of(route: str) -> set[str]:
    """The variable parts of the address of a route."""
    return {name for each in patterns() if each.name == route for name in each.pattern.converters}


def defaults(route: str, **known: Any) -> dict[str, Any]:
    """Values for the variable parts of a route of no COE."""
    of_guide = {"version": 2, "slug": "who", "about": "levels", "name": "COE125"}
    values: dict[str, Any] = {
        "token": "made-up",
        "key": "a",
        "pk": 0,
        "view": 0,
        "kind": "invitation",
        **of_guide,
        **known,
    }
    return {name: values[name] for name in arguments_of(route)}
