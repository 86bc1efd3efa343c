"""Signing in and out, invitations, passwords."""

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from coe.accounts.forms import (
    AcceptInvitationForm,
    ChangePasswordForm,
    NewPasswordForm,
    PasswordResetForm,
    SignInForm,
)
from coe.accounts.invitations import invited_person
from coe.accounts.requests import SignedInRequest
from coe.accounts.resets import person_of_reset
from coe.accounts.services import mail_password_reset
from coe.web.errors import StaleAnswer
from coe.web.http import get_or_post, posted, see_other, way_on


@get_or_post
@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with e-mail address and password; somebody signed in is sent on."""
    if request.user.is_authenticated:
        return redirect(_way_on(request))
    form = SignInForm(request, posted(request))
    if form.is_valid():
        login(request, form.person)
        return see_other(_way_on(request))
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    response = render(request, "accounts/sign_in.html", context, status=_status(form))
    if form.pause:
        response.status_code = 429
        response["Retry-After"] = str(form.pause.seconds)
    return response


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "You are signed out.")
    return see_other("sign_in")


@get_or_post
@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody who was invited choose a password, and sign them in."""
    person = invited_person(token)
    if person is None:
        return render(request, "accounts/invitation_over.html", status=410)
    form = AcceptInvitationForm(person, token, posted(request))
    if form.is_valid():
        try:
            login(request, form.save())
        except StaleAnswer:
            return render(request, "accounts/invitation_over.html", status=410)
        messages.success(request, f"Welcome, {person.name}. You are signed in.")
        return see_other("home")
    context = {"form": form, "person": person}
    return render(request, "accounts/accept_invitation.html", context, status=_status(form))


@get_or_post
@never_cache
@sensitive_post_parameters("present", "password", "password_again")
def password_change(request: SignedInRequest) -> HttpResponse:
    """Choose a new password, proving to know the present one; other sessions end."""
    data = posted(request)
    form = ChangePasswordForm(request, request.user, data)
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, "Your password is changed. Elsewhere you are signed out.")
        return see_other("home")
    return render(request, "accounts/password_change.html", {"form": form}, status=_status(form))


@get_or_post
@login_not_required
@never_cache
def password_reset(request: HttpRequest) -> HttpResponse:
    """Mail a link for a new password; the answer is the same whether the address is known."""
    form = PasswordResetForm(posted(request))
    if form.is_valid():
        mail_password_reset(email=form.cleaned_data["email"])
        return see_other("password_reset_sent")
    return render(request, "accounts/password_reset.html", {"form": form}, status=_status(form))


@require_safe
@login_not_required
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_sent.html")


@get_or_post
@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def password_reset_confirm(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Choose a new password by the link of the mail."""
    person = person_of_reset(key, token)
    if person is None:
        return render(request, "accounts/password_reset_over.html", status=410)
    form = NewPasswordForm(person, posted(request))
    if form.is_valid():
        form.save()
        return see_other("password_reset_complete")
    context = {"form": form, "person": person}
    return render(request, "accounts/password_reset_confirm.html", context, status=_status(form))


@require_safe
@login_not_required
def password_reset_complete(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_complete.html")


def _status(form: Form) -> int:
    return 422 if form.is_bound else 200


def _way_on(request: HttpRequest) -> str:
    """Where the person wanted to go before signing in, if that is a path of ours; else home."""
    return way_on(request) or reverse("home")
