"""What the database itself refuses, whoever asks."""

from django.db import migrations

KEEPS_HISTORY = """
CREATE FUNCTION coe_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON coe_historyevent
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_historyevent
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();

-- The text of history can be emptied, for a secret that somebody pasted, and nothing else.
CREATE TRIGGER refuse_rewrite BEFORE UPDATE ON coe_historytext
    FOR EACH ROW WHEN (NEW.content IS NOT NULL OR NEW.event_id <> OLD.event_id)
    EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_historytext
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_historytext
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""

LOSES_HISTORY = """
DROP TRIGGER refuse_truncate ON coe_historytext;
DROP TRIGGER refuse_delete ON coe_historytext;
DROP TRIGGER refuse_rewrite ON coe_historytext;
DROP TRIGGER refuse_truncate ON coe_historyevent;
DROP TRIGGER refuse_change ON coe_historyevent;
DROP FUNCTION coe_refuse_change();
"""

KEEPS_WHAT_WAS_JUDGED = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON coe_storedsnapshot
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_storedsnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();

CREATE FUNCTION coe_refuse_edit_of_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'dropped_at' <> to_jsonb(OLD) - 'dropped_at' THEN
        RAISE EXCEPTION 'a sign-off stands as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_edit BEFORE UPDATE ON coe_signoff
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_edit_of_sign_off();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_signoff
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();

CREATE FUNCTION coe_refuse_edit_of_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'a published version stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_edit BEFORE UPDATE ON coe_publication
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_edit_of_publication();
CREATE TRIGGER refuse_delete BEFORE DELETE ON coe_publication
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_publication
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""

LOSES_WHAT_WAS_JUDGED = """
DROP TRIGGER refuse_delete ON coe_signoff;
DROP TRIGGER refuse_edit ON coe_signoff;
DROP FUNCTION coe_refuse_edit_of_sign_off();
DROP TRIGGER refuse_truncate ON coe_publication;
DROP TRIGGER refuse_delete ON coe_publication;
DROP TRIGGER refuse_edit ON coe_publication;
DROP FUNCTION coe_refuse_edit_of_publication();
DROP TRIGGER refuse_truncate ON coe_storedsnapshot;
DROP TRIGGER refuse_change ON coe_storedsnapshot;
"""

SAME_DOCUMENT = """
ALTER TABLE coe_explanation ADD CONSTRAINT explanation_cause_in_document
    FOREIGN KEY (document_id, cause_id) REFERENCES coe_cause (document_id, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE coe_explanation ADD CONSTRAINT explanation_effect_in_document
    FOREIGN KEY (document_id, effect_id) REFERENCES coe_cause (document_id, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE coe_actionitem ADD CONSTRAINT action_cause_in_document
    FOREIGN KEY (document_id, cause_id) REFERENCES coe_cause (document_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""

ANY_DOCUMENT = """
ALTER TABLE coe_actionitem DROP CONSTRAINT action_cause_in_document;
ALTER TABLE coe_explanation DROP CONSTRAINT explanation_effect_in_document;
ALTER TABLE coe_explanation DROP CONSTRAINT explanation_cause_in_document;
"""


class Migration(migrations.Migration):
    dependencies = [("coe", "0001_first_tables")]

    operations = [
        migrations.RunSQL(KEEPS_HISTORY, LOSES_HISTORY),
        migrations.RunSQL(KEEPS_WHAT_WAS_JUDGED, LOSES_WHAT_WAS_JUDGED),
        migrations.RunSQL(SAME_DOCUMENT, ANY_DOCUMENT),
    ]
