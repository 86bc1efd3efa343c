from django.urls import path

from coe.discussion import views

THREADS = "coes/<ref:reference>/review/threads/"
THREAD = f"{THREADS}<uuid:uid>/"

urlpatterns = [
    path(THREADS, views.threads, name="coe_threads"),
    path(f"{THREADS}new/", views.new_thread, name="coe_thread_new"),
    path(f"{THREADS}open/", views.open_new, name="coe_thread_open"),
    path(THREAD, views.thread, name="coe_thread"),
    path(f"{THREAD}reply/", views.reply, name="coe_thread_reply"),
    path(f"{THREAD}resolve/", views.resolve, name="coe_thread_resolve"),
    path(f"{THREAD}reopen/", views.reopen, name="coe_thread_reopen"),
    path(f"{THREAD}take/", views.take, name="coe_thread_take"),
]
