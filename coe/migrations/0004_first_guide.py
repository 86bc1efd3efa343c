"""The COEs that are there get the first guide, its questions to answer, and the new section."""

from django.db import migrations

from coe.policies.default_guide import QUESTIONS


def lay_first_guide(apps, schema_editor):
    Document = apps.get_model("coe", "Document")
    if not Document.objects.exists():
        return
    guide = apps.get_model("coe", "Guide").objects.create(version=1)
    Question = apps.get_model("coe", "Question")
    questions = Question.objects.bulk_create(
        Question(guide=guide, part=part, slug=slug, text=text, hint=hint, position=position)
        for position, (part, slug, text, hint) in enumerate(QUESTIONS, 1)
    )
    Document.objects.update(guide=guide)
    keys = list(Document.objects.values_list("pk", flat=True))
    Answer, Section = apps.get_model("coe", "Answer"), apps.get_model("coe", "Section")
    metrics = [Section(document_id=key, slug="metrics") for key in keys]
    Section.objects.bulk_create(metrics, ignore_conflicts=True)  # migrating back leaves them
    Answer.objects.bulk_create(
        Answer(document_id=key, question=question) for key in keys for question in questions
    )


class Migration(migrations.Migration):
    dependencies = [("coe", "0003_guided_document")]

    operations = [migrations.RunPython(lay_first_guide, migrations.RunPython.noop)]
