"""The guide is tried on what the administrator may read, and on nothing else."""

import pytest
from django.http import Http404

from coe.administration.guide_forms import PreviewForm
from coe.administration.guide_preview import preview
from coe.policies.models import Guide
from tests.permissions.world import SITUATIONS, World

pytestmark = pytest.mark.django_db

PAGE = "/administration/guide/2/preview/"
READABLE = {"published", "correction"}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_an_administrator_chooses_only_what_they_may_read(world: World, situation: str) -> None:
    case = world.cases[situation]
    client = world.client("admin")
    answer = client.get(PAGE, {"coe": case.reference})
    page = answer.content.decode()
    if situation in READABLE:
        assert answer.status_code == 200
        assert case.published_word in page
    else:
        assert answer.status_code == 422
        assert "There is no COE of this reference that you may read." in page
        assert case.word not in page
    offered = client.get(PAGE).content.decode()
    assert (case.reference in offered) is (situation in READABLE)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_of_a_correction_they_try_what_is_published(world: World, situation: str) -> None:
    document, admin = world.cases[situation].document, world.people["admin"]
    draft = Guide.objects.get(version=2)
    if situation not in READABLE:
        with pytest.raises(Http404):
            preview(document, draft, reader=admin)
        return
    found = preview(document, draft, reader=admin)
    assert found.title == f"Uploads failed {world.cases[situation].published_word}"
    assert "coe" not in PreviewForm({"coe": document.reference}, reader=admin).errors
