"""What every answer says to the browser, whatever it is an answer to."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.permissions.world import World

pytestmark = pytest.mark.django_db

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def protections(response: HttpResponse) -> dict[str, str | None]:
    return {name: response.headers.get(name) for name in ALWAYS}


def faults_of(name: str, response: HttpResponse, status: int) -> list[str]:
    """How an answer differs from what every answer of its kind has to be."""
    found = [f"{name}: {response.status_code}"] if response.status_code != status else []
    found += [
        f"{name}: {header}: {value}"
        for header, value in protections(response).items()
        if value != ALWAYS[header]
    ]
    kept = {each.strip() for each in response.headers["Cache-Control"].split(",")}
    is_private = {"private", "no-cache"} <= kept and "public" not in kept
    return found if is_private else [*found, f"{name}: {response['Cache-Control']}"]


def test_every_page_is_protected_and_kept_out_of_shared_caches(
    shown: dict[str, HttpResponse],
) -> None:
    faults = [faults_of(name, response, 200) for name, response in shown.items()]
    assert [fault for each in faults for fault in each] == []


def test_every_refusal_is_protected_in_the_same_way(
    refused: dict[str, tuple[int, HttpResponse]],
) -> None:
    faults = [faults_of(name, response, status) for name, (status, response) in refused.items()]
    assert [fault for each in faults for fault in each] == []


def test_a_fault_of_ours_is_a_500_with_the_same_protection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(user: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("coe.home.queries.to_write", fail)
    response = world.client("owner", raises=False).get("/")
    assert response.status_code == 500
    assert protections(response) == ALWAYS  # type: ignore[arg-type]
    assert "Something went wrong on our side" in response.content.decode()
    assert "on purpose" not in response.content.decode()


@pytest.mark.parametrize("person", ["owner", "anonymous"])
def test_a_redirect_is_protected_too(world: World, person: str) -> None:
    response = world.client(person).post(reverse("sign_out"))
    assert response.status_code == 303
    assert protections(response) == ALWAYS  # type: ignore[arg-type]


def test_a_pdf_and_a_fragment_are_protected_too(world: World) -> None:
    case = world.cases["draft"]
    owner = world.client("owner")
    pdf = owner.get(reverse("coe_pdf", args=[case.reference]))
    fragment = owner.get(
        reverse("coe_edit", args=[case.reference]) + "?add=causes", headers={"HX-Request": "true"}
    )
    for response in (pdf, fragment):
        assert protections(response) == ALWAYS  # type: ignore[arg-type]
        assert response["Cache-Control"] == "private, no-cache"
    assert pdf["Content-Type"] == "application/pdf"


def test_a_page_says_what_it_depends_on(world: World) -> None:
    response = world.client("owner").get(reverse("coe_list"))
    assert response["Cache-Control"] == "private, no-cache"
    assert {each.strip() for each in response["Vary"].split(",")} == {"HX-Request", "Cookie"}


def test_what_has_no_form_is_not_sent_again_while_it_is_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coe.exports.views.pdf_of", lambda printable: b"%PDF-same")
    address = reverse("coe_pdf", args=[world.cases["published"].reference])
    owner = world.client("owner")
    first = owner.get(address)
    again = owner.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == "private, no-cache"
    assert again["Content-Security-Policy"] == POLICY


def test_a_304_is_only_for_who_may_read_it(world: World) -> None:
    address = reverse("coe_pdf", args=[world.cases["draft"].reference])
    etag = world.client("owner").get(address)["ETag"]
    answer = world.client("stranger").get(address, headers={"If-None-Match": etag})
    assert answer.status_code == 404


def test_a_page_with_a_form_is_sent_whole_each_time(world: World) -> None:
    """Its token is masked anew in each answer (against BREACH), so no two are the same bytes.

    Every page of somebody who is signed in has a form, the one to sign out.
    """
    owner = world.client("owner")
    first = owner.get(reverse("coe_list"))
    again = owner.get(reverse("coe_list"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_the_page_to_sign_in_is_stored_nowhere(client: Client) -> None:
    kept = {each.strip() for each in client.get(reverse("sign_in"))["Cache-Control"].split(",")}
    assert {"no-store", "private"} <= kept


def test_cookies_are_out_of_reach_for_scripts_and_for_other_sites(world: World) -> None:
    person = world.people["owner"]
    person.set_password("a password of length")
    person.save(update_fields=["password"])
    client = world.client("anonymous")
    data = {"email": person.email, "password": "a password of length"}
    assert client.post(reverse("sign_in"), data).status_code == 303
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"] is True
        assert client.cookies[name]["samesite"] == "Lax"
