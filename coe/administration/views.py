"""The pages on which administrators keep people, teams and services."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from coe.accounts.invitations import invitation_ends_at, invitation_link, is_open
from coe.accounts.models import Team, User
from coe.accounts.queries import BY_NAME, find_people, in_tree_order, teams_with_counts
from coe.accounts.requests import SignedInRequest
from coe.accounts.services import (
    add_team,
    invite_person,
    reactivate_person,
    renew_invitation,
)
from coe.administration.access import administrators_only
from coe.administration.forms import HandOverForm, PeopleFilter, PersonForm, ServiceForm, TeamForm
from coe.administration.holdings import holdings
from coe.administration.pages import answer
from coe.administration.services import change_person, change_team, hand_over_and_deactivate
from coe.incidents.catalogue import add_service, change_service
from coe.incidents.models import Service
from coe.integrations.announcing import chat_of
from coe.web.http import get_or_post, posted, see_other

PAGE = 50


@administrators_only
@require_safe
def administration(request: SignedInRequest) -> HttpResponse:
    return redirect("people")


@administrators_only
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    form = PeopleFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"q": "", "state": ""}
    found = find_people(word=chosen["q"], state=chosen["state"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return answer(
        request, "people", {"form": form, "page": page}, status=422 if form.errors else 200
    )


@administrators_only
@get_or_post
def invite(request: SignedInRequest) -> HttpResponse:
    form = PersonForm(posted(request))
    if form.save(invite_person, by=request.user):
        invited = User.objects.with_email(form.cleaned_data["email"]).get()
        messages.success(request, f"{invited.name} is invited. Below is the link for them.")
        return see_other("person", invited.pk)
    return answer(request, "invite", {"form": form}, status=form.status)


@administrators_only
@get_or_post
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: what is stated about them, and how they get in."""
    subject = get_object_or_404(User, pk=pk)
    if subject.is_placeholder:
        return redirect("deactivate_person", pk)
    form = PersonForm(posted(request), row=subject)
    if form.save(change_person, person=subject, by=request.user):
        messages.success(request, "Saved.")
        return see_other("person", pk)
    context = {
        "form": form,
        "person": subject,
        "link": invitation_link(subject) if is_open(subject) else "",
        "link_ends_at": invitation_ends_at(subject),
    }
    return answer(request, "person", context, status=form.status)


@administrators_only
@require_POST
def renew(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(User, pk=pk)
    try:
        renew_invitation(person=subject, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "There is a new link. The one before no longer works.")
    return see_other("person", pk)


@administrators_only
@get_or_post
def deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    """End somebody's access, after saying who takes over what they hold."""
    subject = get_object_or_404(User, pk=pk)
    held = holdings(subject, seen_by=request.user)
    form = HandOverForm(posted(request), of=subject, is_needed=bool(held))
    if form.is_valid():
        try:
            hand_over_and_deactivate(person=subject, to=form.cleaned_data["to"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
            held = holdings(subject, seen_by=request.user)
        else:
            messages.success(request, _left(subject))
            return see_other("person", pk)
    context = {"form": form, "person": subject, "held": held}
    return answer(request, "deactivate", context, status=422 if form.is_bound else 200)


@administrators_only
@require_POST
def reactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(User, pk=pk)
    reactivate_person(person=subject, by=request.user)
    messages.success(request, f"{subject.name} is invited again. Below is the link for them.")
    return see_other("person", pk)


@administrators_only
@require_safe
def teams(request: SignedInRequest) -> HttpResponse:
    return answer(request, "teams", {"tree": list(in_tree_order(teams_with_counts()))})


@administrators_only
@get_or_post
def new_team(request: SignedInRequest) -> HttpResponse:
    form = TeamForm(posted(request))
    if form.save(add_team, by=request.user):
        messages.success(request, f"{form.cleaned_data['name']} is in the tree.")
        return see_other("teams")
    return answer(request, "team", {"form": form}, status=form.status)


@administrators_only
@get_or_post
def team(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Team, pk=pk)
    form = TeamForm(posted(request), row=subject)
    if form.save(change_team, team=subject, by=request.user):
        messages.success(request, f"{form.cleaned_data['name']} is saved.")
        return see_other("teams")
    chat = chat_of(subject)
    is_own = chat is not None and chat.team_id == subject.pk
    context = {"form": form, "team": subject, "chat" if is_own else "chat_above": chat}
    return answer(request, "team", context, status=form.status)


@administrators_only
@require_safe
def services(request: SignedInRequest) -> HttpResponse:
    found = Service.objects.select_related("team").order_by(BY_NAME)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return answer(request, "services", {"page": page})


@administrators_only
@get_or_post
def new_service(request: SignedInRequest) -> HttpResponse:
    form = ServiceForm(posted(request))
    if form.save(add_service, by=request.user):
        messages.success(request, f"{form.cleaned_data['name']} is in the catalogue.")
        return see_other("services")
    return answer(request, "service", {"form": form}, status=form.status)


@administrators_only
@get_or_post
def service(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Service, pk=pk)
    form = ServiceForm(posted(request), row=subject)
    if form.save(change_service, service=subject, by=request.user):
        messages.success(request, f"{form.cleaned_data['name']} is saved.")
        return see_other("services")
    return answer(request, "service", {"form": form, "service": subject}, status=form.status)


def _left(person: User) -> str:
    if person.is_placeholder:
        return f"What {person.name} held is handed over."
    return f"{person.name} can no longer sign in."
