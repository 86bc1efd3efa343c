"""How long something took, in words. Durations are whole seconds."""

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def describe_duration(seconds: int, *, about: bool = False) -> str:
    """Every unit that is not zero, largest first: "4 h 17 min", "2 d 3 h", "45 s", "0 s".

    Nothing is rounded, so two durations read the same only if they are. `about` says that one
    of the moments was not known exactly: "about 4 h 17 min". Raises ValueError for a negative
    duration: its moments are reversed, and whoever shows it has to say so.
    """
    words = " ".join(f"{count} {unit}" for count, unit in _parts(seconds)) or "0 s"
    return f"about {words}" if about else words


def machine_duration(seconds: int) -> str:
    """The duration as ISO 8601 has it, for `<time datetime>`: "PT4H17M". Raises as above."""
    letters = {unit: f"{count}{unit[0].upper()}" for count, unit in _parts(seconds)}
    days = letters.pop("d", "")
    clock = "".join(letters.values())
    return f"P{days}T{clock}" if clock else f"P{days or 'T0S'}"


def _parts(seconds: int) -> list[tuple[int, str]]:
    if seconds < 0:
        raise ValueError("A duration cannot be negative: its moments are reversed.")
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append((count, unit))
    return parts
