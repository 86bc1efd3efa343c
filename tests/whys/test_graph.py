"""The shape of the causes, as pure functions: examples by hand, then whatever shape there is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from coe.whys.graph import Branch, outline, reachable

Forest = tuple[list[int], dict[int, int | None]]

EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    """Keys in any order of reading, each under one that was made before it, or under none."""
    keys = draw(st.lists(st.integers(0, 999), unique=True, max_size=25))
    primary: dict[int, int | None] = {}
    for place, key in enumerate(keys):
        primary[key] = draw(st.sampled_from([None, *keys[:place]]))
    return draw(st.permutations(keys)), primary


def drawn(forest: Forest) -> list[Branch[str]]:
    order, primary = forest
    return outline(order, primary, {key: f"cause {key}" for key in order})


def test_an_outline_by_hand() -> None:
    primary = {"a": None, "b": "a", "c": "a", "d": "b", "e": None, "f": "e"}
    items = {key: key.upper() for key in primary}

    branches = outline(["e", "c", "b", "a", "d", "f"], primary, items)

    assert [(each.number, each.item, each.depth) for each in branches] == [
        ("C1", "E", 0),
        ("C2", "F", 1),
        ("C3", "A", 0),
        ("C4", "C", 1),
        ("C5", "B", 1),
        ("C6", "D", 2),
    ]


def test_nothing_makes_an_empty_outline() -> None:
    assert outline([], {}, {}) == []


def test_indentation_ends_at_eight_and_depth_goes_on() -> None:
    order = list(range(12))
    primary = {key: key - 1 if key else None for key in order}

    last = outline(order, primary, dict.fromkeys(order, "why"))[-1]

    assert (last.depth, last.shown_depth) == (11, 8)
    assert last.number == "C12"


def test_a_chain_far_longer_than_the_stack_of_the_interpreter_is_drawn_too() -> None:
    order = list(range(3000))
    primary = {key: key - 1 if key else None for key in order}

    assert outline(order, primary, dict.fromkeys(order, "why"))[-1].depth == 2999


@settings(deadline=None, max_examples=60)
@given(forests())
def test_an_outline_holds_every_key_exactly_once(forest: Forest) -> None:
    items = [branch.item for branch in drawn(forest)]

    assert sorted(items) == sorted(f"cause {key}" for key in forest[0])


@settings(deadline=None, max_examples=60)
@given(forests())
def test_every_cause_stands_after_the_one_it_is_drawn_under_one_step_deeper(
    forest: Forest,
) -> None:
    branches = {branch.item: (place, branch) for place, branch in enumerate(drawn(forest))}

    for key, above in forest[1].items():
        place, branch = branches[f"cause {key}"]
        if above is None:
            assert branch.depth == 0
        else:
            place_above, branch_above = branches[f"cause {above}"]
            assert place_above < place
            assert branch.depth == branch_above.depth + 1


@settings(deadline=None, max_examples=60)
@given(forests())
def test_numbers_count_from_one_in_reading_order(forest: Forest) -> None:
    numbers = [branch.number for branch in drawn(forest)]

    assert numbers == [f"C{place}" for place in range(1, len(forest[0]) + 1)]


@settings(deadline=None, max_examples=60)
@given(forests())
def test_causes_under_one_effect_keep_the_order_in_which_they_are_read(forest: Forest) -> None:
    order, primary = forest
    items = [branch.item for branch in drawn(forest)]

    for above in {None, *order}:
        expected = [f"cause {key}" for key in order if primary[key] == above]
        assert [item for item in items if item in expected] == expected


def test_reachable_by_hand() -> None:
    edges = [("a", "b"), ("b", "c"), ("d", "c"), ("c", "e")]

    assert reachable("a", edges) == {"a", "b", "c", "e"}
    assert reachable("e", edges) == {"e"}
    assert reachable("nowhere", edges) == {"nowhere"}


def test_reachable_ends_on_circles() -> None:
    assert reachable("a", [("a", "b"), ("b", "c"), ("c", "a"), ("b", "b")]) == {"a", "b", "c"}


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 9), EDGES)
def test_reachable_is_what_one_finds_by_following_every_edge_until_nothing_is_new(
    start: int, edges: list[tuple[int, int]]
) -> None:
    found = {start}
    for _ in range(10):  # ten keys: no way is longer
        for source, target in edges:
            if source in found:
                found.add(target)

    assert reachable(start, edges) == found
