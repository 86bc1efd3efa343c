from django.db import models


class Kind(models.TextChoices):
    """What happened."""

    PUBLISHED = "published", "A COE is published"
    RETRACTED = "retracted", "A published COE is retracted"
