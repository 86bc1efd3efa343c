"""A text is called another where a person, a team or a service is: what was signed is checked."""

from django.db import migrations

CHECK = """
CREATE OR REPLACE FUNCTION coe_check_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM coe_put_job(
        'signatures_checked', jsonb_build_object('document', document.id), document.id::text
    )
    FROM coe_document document
    WHERE %(which)s AND state = 'in_review' AND EXISTS (
        SELECT FROM coe_signoff
        WHERE document_id = document.id AND dropped_at IS NULL AND verdict = 'signed'
    );
    RETURN NULL;
END $$;

DROP TRIGGER check_signatures ON coe_historyevent;
CREATE TRIGGER check_signatures AFTER INSERT ON coe_historyevent
    FOR EACH ROW WHEN (
        NEW.action IN ('added', 'changed', 'moved', 'removed', 'handed_over', 'restored')
        AND (%(when)s)
    )
    EXECUTE FUNCTION coe_check_signatures();
"""

OF_NAMES_AS_WELL = CHECK % {
    "which": "(NEW.document_id IS NULL OR document.id = NEW.document_id)",
    "when": "NEW.document_id IS NOT NULL"
    " OR NEW.action = 'changed' AND NEW.subject IN ('person', 'team', 'service')",
}
OF_TEXT_ALONE = CHECK % {
    "which": "document.id = NEW.document_id",
    "when": "NEW.document_id IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [("coe", "0028_what_the_history_tells")]

    operations = [migrations.RunSQL(OF_NAMES_AS_WELL, OF_TEXT_ALONE)]
