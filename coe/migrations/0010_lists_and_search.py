"""What lists show of a publication stands beside it, and all its words can be searched.

What was published before is filled in from its own bytes.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import Value

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
NO_INDEX = "".join(
    f"DROP INDEX coe_{table}_words;" for table in ("publishedtext", *WORKING_COPY)
)

WRITTEN = {"title", "text", "why", "what", "basis", "name", "note", "done_when", "risk_reason"}
AT_ONCE = 100_000


def fill(apps: Any, schema_editor: Any) -> None:
    Publication = apps.get_model("coe", "Publication")
    PublishedText = apps.get_model("coe", "PublishedText")
    teams = _by_name(apps.get_model("coe", "Team"))
    services = _by_name(apps.get_model("coe", "Service"))
    for publication in Publication.objects.select_related("snapshot"):
        plain = json.loads(bytes(publication.snapshot.content))
        started, resolved = (_instant(plain, kind) for kind in ("impact_started", "resolved"))
        publication.owning_team_id = teams.get(plain.get("team", "").lower())
        publication.service_id = services.get(plain.get("service", "").lower())
        publication.zone = plain.get("zone", "UTC")
        publication.impact_started_at = started and _at(started)
        if started and resolved and _at(resolved) >= _at(started):
            publication.resolved_in = int((_at(resolved) - _at(started)).total_seconds())
            publication.is_resolved_about = "about" in (
                started["precision"],
                resolved["precision"],
            )
        publication.save()
        text = "\n".join(_written(plain))
        for start in range(0, len(text), AT_ONCE):
            words = SearchVector(Value(text[start : start + AT_ONCE]), config="simple")
            PublishedText.objects.create(publication=publication, words=words)


def _by_name(model: Any) -> dict[str, int]:
    return {name.lower(): key for name, key in model.objects.values_list("name", "pk")}


def _instant(plain: dict[str, Any], kind: str) -> dict[str, Any] | None:
    found = (each["instant"] for each in plain.get("milestones", ()) if each["kind"] == kind)
    return next(found, None)


def _at(instant: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(instant["at"].replace("Z", "+00:00"))


def _written(plain: Any, name: str = "") -> Iterator[str]:
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield from _written(value, key)
    elif isinstance(plain, list):
        for value in plain:
            yield from _written(value, name)
    elif isinstance(plain, str) and name in WRITTEN:
        yield plain


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
            field=models.PositiveIntegerField(null=True),
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
    ]
