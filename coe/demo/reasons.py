"""Why some of what the checks find may stand in a COE of the demo, as its owner says."""

from coe.documents.models import Document
from coe.guidance.reading import examine
from coe.guidance.services import waive_finding

USUAL = {
    "COE125": "The graphs are in the team’s own dashboards. What they showed is in the figures.",
}
"""By check, what most of the small COEs say."""
SAID = {
    "github_2018": {
        "COE162": "A guess so far. The plan of capacity for the replicas will show what is in it.",
    },
    "An expired certificate closed the partner gateway": {
        "COE162": "The move was right. What it broke is answered where renewing is watched.",
        "COE179": "A certificate will fail to renew again. We chose to learn of it weeks before.",
    },
    "Customers of one mobile operator were blocked as an attack": {
        "COE132": "Some of these customers may still be blocked by partners who took over our "
        "list. We ask them weekly.",
        "COE162": "The law asks for it, and rightly.",
    },
    "Card payments were refused for 26 minutes at the start of the sale": {
        "COE162": "Theirs may not be loaded. The limit is in the stand-in once it is configured.",
    },
    "1,904 payouts were sent a day early": {
        "COE153": "The first hour went into asking the bank to hold what had already left.",
    },
    "Payouts waited over a holiday that only one bank keeps": {
        "COE155": "Nothing looked at it at all. A page for a late confirmation is the first check.",
    },
    "Reads were slow for a week while disks were emptied": {
        "COE153": "A release of the same week was the likelier cause, and was ruled out first.",
        "COE155": "There was none. The median was watched, and it did not move.",
    },
    "Three of a hundred product pages showed the price of the day before": {
        "COE153": "It took one product that was wrong and still in the shop to see the pattern.",
    },
    "Sign-in codes arrived after they had expired": {
        "COE162": "Codes leave that queue with the first action item. The queue itself is right.",
    },
    "Pictures did not load in one family of browsers": {
        "COE155": "No test runs in this family of browsers. The first action item adds one.",
    },
    "Twelve thousand people were signed out at once": {
        "COE172": "We first want to hear in review whether it is worth doing.",
        "COE173": "It gets a day with its owner.",
    },
}
"""By COE and check, what its owner says beside that."""


def give_reasons(document: Document, name: str) -> None:
    """Let what needs a reason in the demo COE of this name stand, each for its own."""
    reasons = USUAL | SAID.get(name, {})
    for finding in examine(document).unreasoned:
        waive_finding(document, key=finding.key, reason=reasons[finding.check], by=document.owner)
