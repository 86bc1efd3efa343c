"""What people are told of. The room that stores and sends it takes the place of this file."""

from django.db import models


class Kind(models.TextChoices):
    ASKED_TO_REVIEW = "asked_to_review", "You were asked to review"
    ANSWERED = "answered", "Somebody answered"
    MENTIONED = "mentioned", "Somebody mentioned you"
    CHANGES_REQUESTED = "changes_requested", "Changes were asked for"
    APPROVAL_DROPPED = "approval_dropped", "An approval was dropped"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    HANDED_OVER = "handed_over", "Handed over"
    RETRACTED = "retracted", "Retracted"
    DECIDED = "decided", "An item of yours was decided"
    EXCUSED = "excused", "You were excused"
