"""Which tests one of the parallel workers runs together: those that share a started product."""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    "browser/test_causes.py": "typing",
    "browser/test_drafting.py": "typing",
    "browser/test_kept_pages.py": "typing",
    "browser/test_markdown.py": "stories",
    "browser/test_stories.py": "stories",
    "browser": "pages",
    "web": "pages",
    "database": "database",
    "prove": "prove",
}
"""By file or folder below tests/. Those in a browser take minutes, so three workers start a product
of their own for them."""


class Together(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Groups first, the one with most tests before the others; every other test by itself."""

    def _split_scope(self, nodeid: str) -> str:
        path = PurePosixPath(nodeid.partition("::")[0]).relative_to("tests")
        return GROUPS.get(str(path)) or GROUPS.get(path.parts[0]) or nodeid
