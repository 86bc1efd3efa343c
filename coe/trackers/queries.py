"""How trackers stand, for administrators, and what the page of a promise tells of its ticket."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now

from coe.accounts.models import BY_NAME
from coe.actions.models import Promise
from coe.trackers.links import key_in, link_to
from coe.trackers.models import NewTicket, Ticket, TicketState, Tracker

TICKET_FIELDS = ("ticket__tracker", "new_ticket__tracker")
"""What `TicketOf` needs of a promise, for `select_related`."""


def trackers_with_counts() -> QuerySet[Tracker]:
    """All of them, with how many tickets are followed there and how many cannot be read."""
    unread = Count("tickets", filter=~Q(tickets__error=""))
    return Tracker.objects.annotate(followed=Count("tickets"), unread=unread).order_by(
        BY_NAME, "pk"
    )


def trackers_for_tickets() -> list[Tracker]:
    """Where a ticket can be opened."""
    return list(Tracker.objects.exclude(sealed_token="").order_by(BY_NAME, "pk"))


@dataclass(frozen=True)
class TicketOf:
    """What is known of the ticket of a promise, which was fetched with `TICKET_FIELDS`."""

    promise: Promise

    @property
    def link(self) -> str:
        return self.promise.tracker

    @cached_property
    def read(self) -> Ticket | None:
        """What its tracker said; None where the promise names another ticket by now."""
        ticket: Ticket | None = getattr(self.promise, "ticket", None)
        if ticket is None or key_in(self.link, ticket.tracker) != ticket.key:
            return None
        return ticket

    @property
    def was_just_read(self) -> bool:
        at = self.read.read_at if self.read else None
        return at is not None and now() - at < timedelta(minutes=1)

    @property
    def address(self) -> str:
        """Where it opens; empty where that is not known."""
        if self.link.lower().startswith(("http://", "https://")):
            return self.link
        return link_to(self.read.tracker, self.read.key) if self.read else ""

    @cached_property
    def wanted(self) -> NewTicket | None:
        """What became of the wish for a new one, while that says anything."""
        wanted: NewTicket | None = getattr(self.promise, "new_ticket", None)
        is_settled = wanted is not None and wanted.link and wanted.link == self.link
        return None if is_settled else wanted

    @property
    def is_ahead(self) -> bool:
        """Whether it is done there and still to be done here."""
        is_done = self.read is not None and self.read.state == TicketState.DONE
        return is_done and self._is_open_here

    @property
    def is_behind(self) -> bool:
        """Whether it is done here and still open there."""
        there = (TicketState.OPEN, TicketState.IN_PROGRESS)
        is_open = self.read is not None and self.read.state in there
        return is_open and not self._is_open_here

    @property
    def _is_open_here(self) -> bool:
        return self.promise.is_to_be_done and self.promise.dropped_at is None
