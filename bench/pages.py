"""What a page costs, side by side with a bare view in the same process on the same database.

Both are asked through the whole handler, so both pay for the middleware, the session and the
person who is signed in. There is no HTTP between: it would add the same to both sides and make
every ratio look better. Our page is as a process that has drawn it before draws it again, which
is what people who write in it meet; the first time is told beside it.
"""

from collections.abc import Iterator
from time import perf_counter

from django.test import Client, override_settings

from bench import bare_pages
from bench.documents import of_many_rows
from bench.pairs import Amount, Figure, in_turn
from coe.accounts.models import User

ASKED = 15
"""Times that each page is asked for in each run."""


def of_the_pages(runs: int) -> Iterator[Figure | Amount]:
    owner = User.objects.get_by_natural_key("owner@example.com")
    with override_settings(ROOT_URLCONF="bench.bare_pages"):
        yield from against_bare_views(of_many_rows(owner), owner, runs * ASKED)


def against_bare_views(reference: str, owner: User, times: int) -> Iterator[Figure | Amount]:
    client = Client(headers={"host": "localhost"})
    client.force_login(owner)
    address = f"/coes/{reference}/edit/"

    def asked(path: str, status: int = 200, **headers: str) -> float:
        began = perf_counter()
        answer = client.get(path, headers=headers)
        took = perf_counter() - began
        assert answer.status_code == status, (path, answer.status_code)
        return took * 1000

    first = asked(address)
    answer = client.get(address)
    bare_pages.pages[reference] = answer.content.decode()
    size = len(answer.content) / 1024
    yield Amount(f"The first time that a process opens {reference}", "ms", [first])
    ours, bare = in_turn(times, lambda: asked(address), lambda: asked(f"/bare/page/{reference}/"))
    name = f"Opening 300 entries, 60 causes, 40 actions ({size:.0f} KB), against a bare view"
    yield Figure(name, "ms", ours, bare, 8)
    for path in (address, f"/coes/{reference}/draft/"):
        tag = client.get(path)["ETag"]
        ours, bare = in_turn(
            times,
            lambda path=path, tag=tag: asked(path, 304, **{"if-none-match": tag}),  # type: ignore[misc]
            lambda: asked(f"/bare/row/{reference}/"),
        )
        yield Figure(f"304 for {path}, against a view of one query", "ms", ours, bare, 1.6)
