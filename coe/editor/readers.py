"""Who can read a COE, as the page for its owner shows and changes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models.functions import Collate, Lower

from coe.accounts.models import Team, User
from coe.accounts.queries import active_people
from coe.documents import readers
from coe.documents.models import Document, Participant, ReaderRole
from coe.reviews.sight import deciding_now, stop_reviewer
from coe.web.errors import StaleAnswer

MOST_NAMES = 8
GONE = "They were taken off already. Look who reads it now."


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who can read it, and why; `key` is sent to take them off, empty where they stay.

    `stays` says why they cannot be taken off here.
    """

    name: str
    why: str
    about: str = ""
    key: str = ""
    stays: str = ""


class ReaderForm(forms.Form):
    """A person or a role to be named: offered is who is not named yet."""

    who = forms.ChoiceField(
        label="Who else may read it",
        help_text="A role is whoever has it on the day they open the COE.",
        error_messages={
            "required": "Choose a person or a role.",
            "invalid_choice": "Choose one of those who are offered now.",
        },
    )

    def __init__(self, data: Any = None, *, document: Document) -> None:
        super().__init__(data, auto_id="reader-%s")
        choice = self.fields["who"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(_offered(document))

    def name(self, document: Document, *, by: User) -> None:
        """Name who was chosen; raises what `name_reader` raises."""
        kind, _, key = self.cleaned_data["who"].partition(":")
        if kind == "person":
            readers.name_reader(document, person=User.objects.get(pk=key), by=by)
            return
        team = Team.objects.get(pk=key) if key else None
        readers.name_role(document, kind=ReaderRole.Kind(kind), team=team, by=by)


def _offered(document: Document) -> Iterator[tuple[str, str]]:
    named = {role.key for role in document.reader_roles.all()}
    roles = [("leaders", "Every leader")]
    for team in Team.objects.all():
        roles.append((f"managers:{team.pk}", f"The managers of {team.name}"))
        roles.append((f"team:{team.pk}", f"Everybody in {team.name}"))
    yield "", "Choose somebody"
    yield from (role for role in roles if role[0] not in named)
    people = active_people().exclude(pk=document.owner_id)
    for each in people.exclude(pk__in=document.participants.values("user")):
        yield f"person:{each.pk}", f"{each.name} ({each.email})"


def lines(document: Document) -> list[Line]:
    """Everybody who can read the working copy by name or by role, and why."""
    holders = Holders()
    deciding = deciding_now(document)
    return [
        Line(document.owner.name, "Owner", document.owner.role(), stays="hand_over"),
        *(_of_part(part, deciding) for part in _parts(document)),
        *(_of_role(role, holders) for role in document.reader_roles.select_related("team")),
    ]


def _parts(document: Document) -> list[Participant]:
    """By what they are to the COE, then by name; who decides stands with those who review."""
    order = list(Participant.Role)
    parts = document.participants.select_related("user__team")
    by_name = parts.order_by(Collate(Lower("user__name"), "C"), "user__pk")
    return sorted(by_name, key=lambda part: order.index(Participant.Role(part.role)))


def _of_part(part: Participant, deciding: list[User]) -> Line:
    person, role = part.user, Participant.Role(part.role)
    key, stays = f"{role}:{person.pk}", ""
    if role == Participant.Role.CONTRIBUTOR:
        key, stays = "", "workspace"
    elif role == Participant.Role.REVIEWER and person in deciding:
        key, stays = "", "decides"
    return Line(person.name, str(role.label), person.role(), key=key, stays=stays)


class Holders:
    """Who of the active people has a role now, by name; people and teams are read once."""

    def of(self, role: ReaderRole) -> list[str]:
        if role.kind == ReaderRole.Kind.LEADERS:
            return [each.name for each in self._people if each.is_leader]
        if role.kind == ReaderRole.Kind.TEAM:
            return [each.name for each in self._people if each.team_id == role.team_id]
        managers = set(self._managers_from(role.team_id))
        return [each.name for each in self._people if each.pk in managers]

    def _managers_from(self, team_id: int | None) -> Iterator[int]:
        """Of a team and of those above it; a circle in the tree is walked once."""
        seen: set[int] = set()
        while team_id and team_id not in seen:
            seen.add(team_id)
            parent, manager = self._teams[team_id]
            if manager:
                yield manager
            team_id = parent

    @cached_property
    def _people(self) -> list[User]:
        return list(active_people())

    @cached_property
    def _teams(self) -> dict[int, tuple[int | None, int | None]]:
        rows = Team.objects.values_list("pk", "parent", "manager")
        return {pk: (parent, manager) for pk, parent, manager in rows}


def _of_role(role: ReaderRole, holders: Holders) -> Line:
    names = holders.of(role)
    shown = ", ".join(names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    now = f"now {shown}{more}" if names else "nobody at the moment"
    return Line(str(role), "Role", now, key=role.key)


def take_off(document: Document, key: str, *, by: User) -> str:
    """End that those named by `key` (`Line.key`) read it; who they are.

    Raises `StaleAnswer` if they were taken off already, or cannot be.
    """
    for role in document.reader_roles.select_related("team"):
        if role.key == key:
            readers.drop_role(document, role=role, by=by)
            return str(role)
    for part in _parts(document):
        if key != f"{part.role}:{part.user_id}" or part.role == Participant.Role.CONTRIBUTOR:
            continue
        stop = stop_reviewer if part.role == Participant.Role.REVIEWER else readers.drop_reader
        stop(document, person=part.user, by=by)
        return part.user.name
    raise StaleAnswer(GONE)
