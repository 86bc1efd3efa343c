"""Amounts: what people write, and that what is shown can be read again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.text.amounts import UnreadableAmount, format_amount, parse_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0"),
        ("1200", "1200"),
        ("1,200", "1200"),
        ("1 200", "1200"),
        ("1\u00a0200", "1200"),
        ("1\u202f200", "1200"),
        ("1'200", "1200"),
        ("1,234,567.25", "1234567.25"),
        ("12.5", "12.5"),
        ("0.0001", "0.0001"),
        ("-3", "-3"),
        ("007", "7"),
        ("12 ", "12"),
        ("999999999999999.9999", "999999999999999.9999"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write a number, like 1200 or 12.5. A range or “many” belongs into the basis."),
        ("about 300", "Write the number alone, and say below that it is estimated."),
        ("~300", "Write the number alone, and say below that it is estimated."),
        ("100-200", "Write a number, like 1200 or 12.5. A range or “many” belongs into the basis."),
        ("310 k", "Write “310 k” out in digits, like 310,000 or 2,500,000."),
        ("2.5M", "Write “2.5M” out in digits, like 310,000 or 2,500,000."),
        (".5", "Write a number, like 1200 or 12.5. A range or “many” belongs into the basis."),
        ("٣", "Write a number, like 1200 or 12.5. A range or “many” belongs into the basis."),
        ("12 %", "Leave the number alone here and write “%” as the unit."),
        ("12%", "Leave the number alone here and write “%” as the unit."),
        ("5 min", "Leave the number alone here and write “min” as the unit."),
        (
            "1.234.567",
            "Write a number, like 1200 or 12.5. Use a point for decimals: "
            "“1.234.567” can be misread.",
        ),
        (
            "1,5",
            "Write a number, like 1200 or 12.5. Use a point for decimals: “1,5” can be misread.",
        ),
        (
            "1,2345",
            "Write a number, like 1200 or 12.5. Use a point for decimals: “1,2345” can be misread.",
        ),
        (
            "12.",
            "Write a number, like 1200 or 12.5. Use a point for decimals: “12.” can be misread.",
        ),
        (
            "1.23456",
            "At most 15 digits in front of the point and four behind it fit. Choose another unit.",
        ),
        (
            "1" + "0" * 15,
            "At most 15 digits in front of the point and four behind it fit. Choose another unit.",
        ),
        (
            "9" * 60,
            "At most 15 digits in front of the point and four behind it fit. Choose another unit.",
        ),
    ],
)
def test_what_is_no_number_is_refused_with_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableAmount) as raised:
        parse_amount(text)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0"),
        ("0.0000", "0"),
        ("1200.0000", "1,200"),
        ("12.5000", "12.5"),
        ("1000000", "1,000,000"),
        ("0.0001", "0.0001"),
    ],
)
def test_an_amount_is_shown_with_thousands_and_without_empty_places(amount: str, text: str) -> None:
    assert format_amount(Decimal(amount)) == text


AMOUNTS = st.integers(min_value=-(10**19) + 1, max_value=10**19 - 1)


@given(AMOUNTS)
def test_what_is_shown_can_be_read_again(ten_thousandths: int) -> None:
    amount = Decimal(ten_thousandths).scaleb(-4)
    assert parse_amount(format_amount(amount)) == amount


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused_with_a_sentence(text: str) -> None:
    amount, sentence = None, ""
    try:
        amount = parse_amount(text)
    except UnreadableAmount as refused:
        sentence = str(refused)
    assert sentence.endswith(".") or amount == parse_amount(format_amount(amount or Decimal(0)))
