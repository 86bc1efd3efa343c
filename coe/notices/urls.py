from django.urls import path

from coe.notices import views

urlpatterns = [
    path("notices/seen/", views.seen, name="notices_seen"),
    path("notices/settings/", views.settings, name="notice_settings"),
    path("notices/watch/", views.watch_more, name="watch_more"),
    path("notices/unwatch/", views.watch_less, name="watch_less"),
    path("coes/<ref:reference>/watch/", views.watch_coe, name="coe_watch"),
    path("coes/<ref:reference>/unwatch/", views.unwatch_coe, name="coe_unwatch"),
]
