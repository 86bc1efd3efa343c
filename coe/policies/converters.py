from coe.policies.models import Part


class PartConverter:
    """A part of a COE that is led by questions, in an address: detection."""

    regex = "|".join(Part.values)

    def to_python(self, value: str) -> Part:
        return Part(value)

    def to_url(self, value: str) -> str:
        return value
