"""Pictures in the printed COE, as a screen reader gets them."""

from tests.exports.conftest import Printed
from tests.exports.reading import elements


def test_pictures_are_figures_that_say_what_they_show(printed: Printed) -> None:
    figures = [node for kind, node in elements(printed("PUBLISHED")) if kind == "Figure"]
    said = [str(node["/Alt"]) for node in figures]
    assert len(said) == 3
    assert said[0].startswith("The milestones to scale: Impact started 09:37")
    assert said[1].startswith(
        "Timeline to scale, 09:37 on 28 Feb 2017 to 13:54 (America/Los_Angeles): 6 entries."
    )
    assert "Detection to mitigation: about 3 h 37 min" in said[1]
    assert said[2].startswith("Diagram of the causes: 8 causes, C1 to C8, below Why did it happen?")
