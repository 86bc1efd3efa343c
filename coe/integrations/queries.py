"""How webhooks stand, for administrators."""

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Collate, Lower

from coe.integrations.models import Delivery, Webhook

State = Delivery.State
_BY_NAME = Collate(Lower(Coalesce("team__name", "name")), "C")
_IS_CHAT = ExpressionWrapper(Q(team__isnull=False), output_field=BooleanField())


def webhooks_with_counts() -> QuerySet[Webhook]:
    """All of them, those of programs first, with how much waits and was given up, and when
    something was sent last."""
    return (
        Webhook.objects.select_related("team")
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=State.WAITING)),
            failed=Count("deliveries", filter=Q(deliveries__state=State.FAILED)),
            sent_at=Max("deliveries__ended_at", filter=Q(deliveries__state=State.SENT)),
        )
        .order_by(_IS_CHAT, _BY_NAME, "pk")
    )


def deliveries_of(webhook: Webhook) -> QuerySet[Delivery]:
    """What it was told, or should be, the latest first."""
    return webhook.deliveries.select_related("document").order_by("-pk")
