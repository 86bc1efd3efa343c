"""Which tests one of the parallel workers runs together: those that share what is dear to make."""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    "browser/test_causes.py": "typing",
    "browser/test_drafting.py": "typing",
    "browser/test_kept_pages.py": "typing",
    "browser/test_life_of_an_item.py": "typing",
    "browser/test_markdown.py": "stories",
    "browser/test_outage.py": "prove",
    "browser/test_stories.py": "stories",
    "browser/test_whole_way.py": "typing",
    "browser": "pages",
    "web": "pages",
    "database": "database",
    "demo/test_exemplary.py": "exemplary",
    "demo/test_whole_demo.py": "whole demo",
    "exports/test_front.py": "front",
    "exports/test_hard_cases.py": "printing",
    "exports/test_pictures.py": "printing",
    "exports/test_plain.py": "printing",
    "exports/test_rendering.py": "printing",
    "exports/test_structure.py": "printing",
    "exports/test_zygotes.py": "printing",
    "prove": "prove",
}
"""By file or folder below tests/. Those in a browser take minutes, so three workers start a product
of their own for them. What a whole file reads (the demo, a long PDF) is made by one worker, not by
each that gets one of its tests."""


class Together(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Groups first, the one with most tests before the others; every other test by itself."""

    def _split_scope(self, nodeid: str) -> str:
        path = PurePosixPath(nodeid.partition("::")[0]).relative_to("tests")
        return GROUPS.get(str(path)) or GROUPS.get(path.parts[0]) or nodeid

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        """What is done is forgotten: this is asked after each test, of all that came before."""
        for scope in [scope for scope, tests in workload.items() if all(tests.values())]:
            del workload[scope]
        return super()._pending_of(workload)  # type: ignore[no-any-return]
