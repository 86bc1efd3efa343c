from django.db import models


class RenderedPdf(models.Model):
    """A PDF as it was made, so that asking again costs one look.

    The key is a digest of everything that the bytes follow from (coe.exports.services): a row is
    never wrong, only useless, and every one may be deleted at any time. It grants nothing: who
    asks for a PDF was allowed to read the COE before this table is looked at.
    """

    key = models.CharField(primary_key=True, max_length=64)
    reference = models.CharField(max_length=20)
    is_working_copy = models.BooleanField()
    is_plain = models.BooleanField()
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    used_on = models.DateField()

    class Meta:
        indexes = (
            models.Index(fields=("reference",), name="rendered_pdf_reference"),
            models.Index(fields=("used_on",), name="rendered_pdf_used_on"),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.key[:12]}"
