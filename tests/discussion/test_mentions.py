from coe.accounts.models import User
from coe.discussion.mentions import mentioned

ADA = User(pk=1, name="Ada Lovelace")
ADA_B = User(pk=2, name="Ada Byron")
BOB = User(pk=3, name="Bob")
BOBBY = User(pk=4, name="Bobby Tables")
PEOPLE = [ADA, ADA_B, BOB, BOBBY]


def test_people_are_called_by_their_whole_name_or_a_first_name_of_their_own() -> None:
    assert mentioned("@Ada Lovelace and @bob, please look; @Bobby too", PEOPLE) == [ADA, BOB, BOBBY]
    assert mentioned("(@Bob)", PEOPLE) == [BOB]
    assert mentioned("@Bob @Bob", PEOPLE) == [BOB]


def test_a_name_that_two_people_have_is_just_text() -> None:
    assert mentioned("@Ada, what do you think?", PEOPLE) == []
    twins = [User(pk=5, name="Eve Doe"), User(pk=6, name="Eve Doe")]
    assert mentioned("@Eve Doe", twins) == []


def test_what_only_looks_like_a_name_is_just_text() -> None:
    assert mentioned("@Bobbit, bob@Bob, mail@bob.example, @ Bob, @Nobody", PEOPLE) == []
    assert mentioned("`@Bob` and\n```\n@Bob\n```", PEOPLE) == []
