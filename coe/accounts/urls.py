from django.urls import path

from coe.accounts import views

urlpatterns = [
    path("login/", views.sign_in, name="sign_in"),
    path("logout/", views.sign_out, name="sign_out"),
    path("invitation/<str:token>/", views.accept_invitation, name="accept_invitation"),
    path("password/", views.password_change, name="password_change"),
    path("password/reset/", views.password_reset, name="password_reset"),
    path("password/reset/sent/", views.password_reset_sent, name="password_reset_sent"),
    path("password/reset/done/", views.password_reset_complete, name="password_reset_complete"),
    path(
        "password/reset/<slug:key>/<slug:token>/",
        views.password_reset_confirm,
        name="password_reset_confirm",
    ),
]
