from django.urls import path

from coe.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("elsewhere/", views.elsewhere, name="elsewhere"),
]
