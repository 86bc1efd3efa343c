"""Who is meant by `@Name` in a message. Pure."""

import re
from collections.abc import Iterable, Mapping

from coe.accounts.models import User

_AT = re.compile(r"(?<![\w@./])@(?=\w)")
_WORD = re.compile(rf"{_AT.pattern}(\w+)")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


def first_words(text: str) -> set[str]:
    """The word behind each @, in lower case: whom it calls has a name that begins so."""
    return {found.group(1) for found in _WORD.finditer(_told(text))}


def mentioned(text: str, people: Iterable[User]) -> list[User]:
    """Those of `people` whom `text` calls by their whole name, or by a first name that only one of
    them has, in the order they are called. A name that two have, or nobody, is just text, and so
    is what stands in code."""
    known = _names(people)
    longest = sorted(known, key=len, reverse=True)
    told = _told(text)
    found: dict[int, User] = {}
    for at in _AT.finditer(told):
        name = next((each for each in longest if _stands_at(told, at.end(), each)), "")
        if person := known.get(name):
            found.setdefault(person.pk, person)
    return list(found.values())


def _told(text: str) -> str:
    return _CODE.sub(" ", text).casefold()


def _names(people: Iterable[User]) -> Mapping[str, User | None]:
    """By each name that may be called, who is meant: None where it could be two."""
    whole: dict[str, User | None] = {}
    first: dict[str, User | None] = {}
    for person in people:
        for names, name in ((whole, person.name), (first, person.name.partition(" ")[0])):
            key = " ".join(name.casefold().split())
            there = names.get(key, person)
            names[key] = person if there and there.pk == person.pk else None
    return first | whole


def _stands_at(text: str, place: int, name: str) -> bool:
    end = place + len(name)
    return text.startswith(name, place) and not re.match(r"\w", text[end : end + 1])
