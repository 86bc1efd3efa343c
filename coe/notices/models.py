from django.db import models


class Kind(models.TextChoices):
    """What somebody is told of."""

    ASKED_TO_REVIEW = "asked_to_review"
    ANSWERED = "answered"
    MENTIONED = "mentioned"
    CHANGES_REQUESTED = "changes_requested"
    APPROVAL_DROPPED = "approval_dropped"
    APPROVED = "approved"
    PUBLISHED = "published"
    HANDED_OVER = "handed_over"
    RETRACTED = "retracted"
    DECIDED = "decided"
    EXCUSED = "excused"
