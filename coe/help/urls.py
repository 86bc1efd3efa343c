from django.urls import path

from coe.help import views

urlpatterns = [
    path("help/", views.about, name="help"),
    path("help/checks/", views.checks, name="checks"),
    path("help/example/", views.example, name="example"),
    path("help/glossary/", views.glossary, name="glossary"),
]
