"""How people are told where they have not chosen, and what those who watch are told of."""

from coe.notices.models import Delivery, Kind

USUAL = {
    Kind.ASKED_TO_REVIEW: Delivery.AT_ONCE,
    Kind.ANSWERED: Delivery.DAILY,
    Kind.MENTIONED: Delivery.AT_ONCE,
    Kind.CHANGES_REQUESTED: Delivery.AT_ONCE,
    Kind.APPROVAL_DROPPED: Delivery.AT_ONCE,
    Kind.APPROVED: Delivery.AT_ONCE,
    Kind.PUBLISHED: Delivery.DAILY,
    Kind.HANDED_OVER: Delivery.AT_ONCE,
    Kind.RETRACTED: Delivery.AT_ONCE,
    Kind.DECIDED: Delivery.DAILY,
    Kind.EXCUSED: Delivery.DAILY,
    Kind.PROMISE_DONE: Delivery.DAILY,
    Kind.PROMISE_VERIFIED: Delivery.DAILY,
    Kind.DID_NOT_HOLD: Delivery.AT_ONCE,
    Kind.PROMISE_MOVED: Delivery.DAILY,
    Kind.PROMISE_ASKED: Delivery.AT_ONCE,
    Kind.PROMISE_DECIDED: Delivery.AT_ONCE,
    Kind.PROMISE_HANDED_OVER: Delivery.AT_ONCE,
    Kind.PROMISE_DUE: Delivery.DAILY,
    Kind.PROMISE_LATE: Delivery.DAILY,
    Kind.PROMISE_ESCALATED: Delivery.AT_ONCE,
    Kind.PROMISE_TO_VERIFY: Delivery.DAILY,
}
"""What waits for somebody to act is mailed at once, what is good to know once a day; so is what
comes on the same morning for all that somebody promised."""

WATCHED = (Kind.APPROVED, Kind.PUBLISHED, Kind.RETRACTED)
"""What those who watch are told of as well, as far as they may see it."""

OVERTAKEN = {Kind.RETRACTED: (Kind.PUBLISHED,)}
"""What nobody needs to know any more once they are told of this."""

NAMELESS = (Kind.RETRACTED,)
"""Told without the title of the COE: there is nothing of its content that may be read."""

AWAITED = (Kind.ASKED_TO_REVIEW, Kind.CHANGES_REQUESTED, Kind.PROMISE_ASKED)
"""What somebody waits for until it is done, or no longer asked for."""
