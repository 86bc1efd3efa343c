"""The services of the demo: what its teams run for customers."""

from coe.accounts.demo import NETWORK, PAYMENTS, STORAGE, STOREFRONT
from coe.accounts.models import Team, User
from coe.incidents.catalogue import add_service
from coe.incidents.models import Service

DEMO_SERVICES = {
    "Object storage": STORAGE,
    "Relational databases": STORAGE,
    "Backups": STORAGE,
    "Edge proxy": NETWORK,
    "DNS": NETWORK,
    "Load balancing": NETWORK,
    "Checkout": PAYMENTS,
    "Payouts": PAYMENTS,
    "Invoicing": PAYMENTS,
    "Product pages": STOREFRONT,
    "Search": STOREFRONT,
    "Sign-in": STOREFRONT,
}
"""By name, the team that runs it."""


def create_demo_services(*, by: User) -> None:
    """Add the services that are missing; the administrator `by` adds them."""
    there = set(Service.objects.values_list("name", flat=True))
    teams = {team.name: team for team in Team.objects.filter(name__in=DEMO_SERVICES.values())}
    for name, team in DEMO_SERVICES.items():
        if name not in there:
            add_service(name=name, team=teams[team], by=by)
