from collections.abc import Sequence

from django.db.models import QuerySet

from coe.whys.graph import reachable
from coe.whys.models import Cause, Explanation


def siblings(cause: Cause) -> QuerySet[Cause]:
    """The causes drawn beside `cause`, itself among them.

    Those have the same primary effect, or where there is none they answer the same question.
    """
    causes = Cause.objects.filter(document=cause.document_id)
    primary = Explanation.objects.filter(cause=cause, is_primary=True).first()
    edges = Explanation.objects.filter(document=cause.document_id, is_primary=True)
    if primary is None:
        return causes.exclude(pk__in=edges.values("cause")).filter(answers=cause.answers)
    return causes.filter(pk__in=edges.filter(effect=primary.effect_id).values("cause"))


def closing_a_circle(cause: Cause, effects: Sequence[Cause]) -> list[Cause]:
    """Those of `effects` that are `cause` or already explain up to it."""
    edges = Explanation.objects.filter(document=cause.document_id).exclude(cause=cause)
    upwards = list(edges.values_list("cause_id", "effect_id"))
    return [effect for effect in effects if cause.pk in reachable(effect.pk, upwards)]
