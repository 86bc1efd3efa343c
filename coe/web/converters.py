class Reference:
    """A COE's public reference in an address: COE-2026-0042."""

    regex = r"COE-[0-9]{4}-[0-9]{4,6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
