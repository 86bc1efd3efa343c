from coe.exports.csv_tables import TABLES
from coe.exports.texts import TEXTS


class TextConverter:
    """The ending of a form that is text, in an address: md."""

    regex = "|".join(TEXTS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class TableConverter(TextConverter):
    """The name of a table, in an address: timeline."""

    regex = "|".join(TABLES)
