"""What lists show of a publication stands beside it, and all its words can be searched.

What was published before is filled in from its own bytes, which are read for ever, by the same code
that publishes.
"""

from typing import Any

import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import Value

from coe.incidents.durations import time_to_resolve
from coe.snapshots.serialise import from_bytes
from coe.snapshots.words import searched_texts

LET_EDIT = "ALTER TABLE coe_publication DISABLE TRIGGER refuse_edit"
REFUSE_EDIT = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE coe_publication ENABLE TRIGGER refuse_edit;
"""

# The expressions are those that Django writes for SearchVector("text", config="simple").
WORKING_COPY = {
    "section": "text",
    "answer": "text",
    "entry": "text",
    "cause": "text",
    "actionitem": "title",
}
INDEX = "CREATE INDEX coe_publishedtext_words ON coe_publishedtext USING gin (words);"
INDEX += "".join(
    f"CREATE INDEX coe_{table}_words ON coe_{table} USING gin "
    f"(to_tsvector('simple'::regconfig, COALESCE({column}, '')));"
    for table, column in WORKING_COPY.items()
)
NO_INDEX = "".join(f"DROP INDEX coe_{table}_words;" for table in ("publishedtext", *WORKING_COPY))

KEEP_WORDS = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON coe_publishedtext
    FOR EACH ROW EXECUTE FUNCTION coe_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON coe_publishedtext
    FOR EACH STATEMENT EXECUTE FUNCTION coe_refuse_change();
"""
LOSE_WORDS = """
DROP TRIGGER refuse_truncate ON coe_publishedtext;
DROP TRIGGER refuse_change ON coe_publishedtext;
"""

AT_ONCE = 20
"""Publications, each with all its bytes."""


def fill(apps: Any, schema_editor: Any) -> None:
    Publication = apps.get_model("coe", "Publication")
    PublishedText = apps.get_model("coe", "PublishedText")
    teams = _by_name(apps.get_model("coe", "Team"))
    services = _by_name(apps.get_model("coe", "Service"))
    publications = Publication.objects.select_related("snapshot", "document__incident")
    for publication in publications.iterator(chunk_size=AT_ONCE):
        snapshot = from_bytes(bytes(publication.snapshot.content))
        instants = snapshot.instants()
        started, taken = instants.get("impact_started"), time_to_resolve(instants)
        incident, is_as_signed = publication.document.incident, _is_as_signed(publication)
        team = None if is_as_signed else teams.get(snapshot.team.lower())
        service = None if is_as_signed else services.get(snapshot.service.lower())
        publication.owning_team_id = team or incident.team_id
        publication.service_id = service or (incident.service_id if snapshot.service else None)
        publication.zone = snapshot.zone
        publication.impact_started_at = started.at if started else None
        publication.resolved_in = None if taken.is_reversed else taken.seconds
        publication.is_resolved_about = taken.is_about
        publication.save()
        for text in searched_texts(snapshot):
            words = SearchVector(Value(text), config="simple")
            PublishedText.objects.create(publication=publication, words=words)


def _by_name(model: Any) -> dict[str, int]:
    return {name.lower(): key for name, key in model.objects.values_list("name", "pk")}


def _is_as_signed(publication: Any) -> bool:
    """Whether the working copy is still what was published, under names that may be new."""
    document = publication.document
    standing = document.sign_offs.filter(verdict="approved", dropped_at__isnull=True)
    signed = standing.order_by("pk").last() if document.state == "approved" else None
    return signed is not None and signed.snapshot_id == publication.snapshot_id


def _team_and_service(field: str, model: str) -> migrations.AddField:
    return migrations.AddField(
        model_name="publication",
        name=field,
        field=models.ForeignKey(
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to=model,
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("coe", "0009_rendered_pdfs")]

    operations = [
        _team_and_service("owning_team", "coe.team"),
        _team_and_service("service", "coe.service"),
        migrations.AddField(
            model_name="publication",
            name="zone",
            field=models.CharField(default="UTC", max_length=64),
        ),
        migrations.AddField(
            model_name="publication",
            name="impact_started_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="publication",
            name="resolved_in",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="publication",
            name="is_resolved_about",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="PublishedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="coe.publication",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(LET_EDIT, REFUSE_EDIT),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE_EDIT, LET_EDIT),
        migrations.RunSQL(INDEX, NO_INDEX),
        migrations.RunSQL(KEEP_WORDS, LOSE_WORDS),
    ]
