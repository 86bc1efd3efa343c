"""The JSON form of a COE, for programs: the snapshot as it is stored, and what stands around it.

    {"coe": 1, "reference": …, "digest": …, "as_of": …,
     "envelope": {"state": …, "version": …, "published_at": …, "signatures": […],
                  "waivers": […], "decisions": […]},
     "promises": […], "snapshot": {…}}

`snapshot` holds what the canonical JSON holds, laid out for people; its digest is of the canonical
bytes (coe.snapshots.serialise). Reading needs `coe` and `snapshot` alone. `as_of` is the day (UTC)
of `promises` and of their being late, so that the same COE is the same file for a day.
"""

import json
import re
from collections import Counter
from typing import Any

from coe.exports.form import VERSION, Form, UnreadableForm, name_of, text_of
from coe.snapshots.acceptance import accept
from coe.snapshots.printable import Printable
from coe.snapshots.serialise import Path, Unreadable, to_plain


def write_json(printable: Printable) -> bytes:
    """`printable` in the JSON form."""
    envelope = to_plain(printable.envelope)
    whole = {
        "coe": VERSION,
        "reference": envelope.pop("reference"),
        "digest": printable.digest,
        "as_of": printable.as_of.date().isoformat(),
        "envelope": envelope,
        "promises": to_plain(printable.promises),
        "snapshot": to_plain(printable.snapshot, schema=printable.snapshot.schema),
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def read_json(content: bytes) -> Form:
    """The inverse of `write_json`; raises `UnreadableForm`, with the place, for anything else."""
    whole = _parsed(text_of(content))
    if not isinstance(whole, dict) or "coe" not in whole:
        raise UnreadableForm("This is not a COE: “coe” is missing.", "the whole file")
    if type(whole["coe"]) is not int or whole["coe"] != VERSION:
        raise UnreadableForm(f"This product reads version {VERSION} of this form.", "coe")
    if "snapshot" not in whole:
        raise UnreadableForm("“snapshot” is missing.", "the whole file")
    try:
        snapshot = accept(whole["snapshot"])
    except Unreadable as error:
        raise UnreadableForm(str(error), _named(("snapshot", *error.path))) from error
    return Form(
        snapshot,
        name_of(whole.get("reference", ""), place="reference"),
        name_of(whole.get("digest", ""), place="digest"),
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise UnreadableForm(f"This is not JSON: {error.msg}.", f"line {error.lineno}") from error
    except UnreadableForm:
        raise
    except ValueError as error:
        raise UnreadableForm("A number has too many digits.", "the whole file") from error
    except RecursionError as error:
        raise UnreadableForm("Values are nested too deeply.", "the whole file") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers of JSON keep one of two equal keys, and not all of them the same one."""
    values = dict(pairs)
    if len(values) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise UnreadableForm("This key is here twice in one object.", _named((twice,)))
    return values


def _refuse_constant(name: str) -> None:
    raise UnreadableForm(f"{name} is not a number of JSON.", "the whole file")


def _named(path: Path) -> str:
    """`snapshot.entries[3].kind`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{_printed(step)}" for step in path)
    return "".join(steps).removeprefix(".")


def _printed(name: str) -> str:
    return re.sub(r"[^\w-]", "?", name)[:40]
