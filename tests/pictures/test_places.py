"""The two layouts under the pictures: labels along a line, nodes in columns."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from coe.pictures.layers import layers, place
from coe.pictures.spread import runs, spread


def test_labels_with_room_stand_where_they_want_to() -> None:
    assert spread([10, 50, 90], [10, 10, 10], top=0, bottom=100) == [10, 50, 90]


def test_labels_that_want_the_same_place_share_the_way() -> None:
    assert spread([50, 50, 50], [10, 10, 10], top=0, bottom=100) == [40, 50, 60]


def test_labels_at_the_edge_move_inside() -> None:
    assert spread([0, 0], [10, 20], top=0, bottom=100) == [5, 20]
    assert spread([100, 100], [10, 20], top=0, bottom=100) == [75, 90]


def test_labels_that_touch_are_a_run() -> None:
    assert runs([5, 15, 40], [10, 10, 10]) == [range(2), range(2, 3)]
    assert runs([], []) == []


@given(st.lists(st.tuples(st.floats(-50, 500), st.floats(1, 40)), min_size=1, max_size=30))
def test_labels_keep_their_order_and_never_overlap(labels: list[tuple[float, float]]) -> None:
    wanted = sorted(place for place, _ in labels)
    sizes = [size for _, size in labels]
    total = sum(sizes)
    middles = spread(wanted, sizes, top=0, bottom=max(400, total))
    ends = [
        (middle - size / 2, middle + size / 2) for middle, size in zip(middles, sizes, strict=True)
    ]
    assert all(before[1] <= after[0] + 1e-6 for before, after in pairwise(ends))
    assert ends[0][0] >= -1e-6
    assert ends[-1][1] <= max(400, total) + 1e-6


def test_a_cause_stands_right_of_the_furthest_that_it_explains() -> None:
    edges = [("b", "a"), ("c", "b"), ("d", "a"), ("d", "c")]
    assert layers("abcd", edges, {"a"}) == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_a_root_stays_in_the_first_column_whatever_else_it_explains() -> None:
    assert layers("ab", [("b", "a")], {"a", "b"}) == {"a": 0, "b": 0}


def test_an_edge_past_a_column_gets_a_place_of_its_own_there() -> None:
    columns = {"a": 0, "b": 1, "c": 2}
    edges = [("b", "a"), ("c", "b"), ("c", "a")]
    placed = place("abc", columns, dict.fromkeys("abc", 30.0), edges, between=10, tallest=500)
    effect, passage, cause = placed.ways["c", "a"]
    assert (effect.key, passage.key, cause.key) == ("a", None, "c")
    assert abs(passage.middle - placed.nodes["b"].middle) >= (40 + passage.height) / 2 - 1e-6


def test_neighbours_are_ordered_so_that_edges_do_not_cross() -> None:
    columns = {"a": 0, "b": 0, "x": 1, "y": 1}
    edges = [("x", "b"), ("y", "a")]
    placed = place("abxy", columns, dict.fromkeys("abxy", 20.0), edges, between=5, tallest=500)
    assert placed.nodes["y"].middle < placed.nodes["x"].middle


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_nothing_overlaps_in_a_column(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 14))
    keys = [f"n{number}" for number in range(count)]
    edges = [
        (keys[number], keys[effect])
        for number in range(1, count)
        for effect in data.draw(st.sets(st.integers(0, number - 1), max_size=3))
    ]
    columns = layers(keys, edges, set())
    placed = place(keys, columns, dict.fromkeys(keys, 25.0), edges, between=8, tallest=900)
    for stack in placed.columns:
        for above, below in pairwise(stack):
            assert below.middle - above.middle >= (above.height + below.height) / 2 - 1e-6
    assert sorted(placed.nodes) == sorted(keys)
