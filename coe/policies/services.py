from django.db import connection, transaction

from coe.policies.default_guide import QUESTIONS
from coe.policies.models import Guide, Question


@transaction.atomic
def current_guide() -> Guide:
    """The newest guide; where there is none yet, the product's own is laid down first."""
    return Guide.objects.last() or _lay_first_guide()


def _lay_first_guide() -> Guide:
    """Two who come first at once get the same guide."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('first guide'))")
    if there := Guide.objects.last():
        return there
    guide = Guide.objects.create(version=1)
    Question.objects.bulk_create(
        Question(guide=guide, part=part, slug=slug, text=text, hint=hint, position=position)
        for position, (part, slug, text, hint) in enumerate(QUESTIONS, 1)
    )
    return guide
