"""The zone that the timeline is read in: the COE's, or another for a look. No time is changed."""

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from coe.text.instants import find_zone


@dataclass(frozen=True, slots=True)
class Display:
    """`own` is the zone of the COE, `offered` the zones of one click; `unknown` is no zone."""

    zone: ZoneInfo
    own: str
    offered: tuple[str, ...]
    unknown: str = ""

    @property
    def is_own(self) -> bool:
        return self.zone.key == self.own

    @property
    def query(self) -> str:
        """What keeps the zone in an address; empty for the COE's own."""
        return "" if self.is_own else urlencode({"zone": self.zone.key})


def choose_display(wanted: str, *, own: str, team: str) -> Display:
    """The display in the zone that is `wanted` by its name, else in the COE's own."""
    found = find_zone(wanted)
    offered = tuple(dict.fromkeys((own, "UTC", team)))
    unknown = wanted.strip()[:60] if wanted.strip() and found is None else ""
    return Display(ZoneInfo(found or own), own, offered, unknown)
