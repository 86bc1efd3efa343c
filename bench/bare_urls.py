"""One UPDATE over a version and one INSERT, on the same server and database as the product."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from coe import urls

TABLES = """
    CREATE TABLE bare_text (id integer PRIMARY KEY, version integer NOT NULL, text text NOT NULL);
    CREATE TABLE bare_event (
        id bigserial PRIMARY KEY, text_id integer NOT NULL, version integer NOT NULL,
        at timestamptz NOT NULL DEFAULT now(), content text NOT NULL
    );
    INSERT INTO bare_text SELECT number, 1, '' FROM generate_series(0, 99) number
"""
UPDATE = "UPDATE bare_text SET text = %s, version = version + 1 WHERE id = %s AND version = %s"
INSERT = "INSERT INTO bare_event (text_id, version, content) VALUES (%s, %s, %s)"


@csrf_exempt
@login_not_required
@require_POST
def save(request: HttpRequest, number: int) -> HttpResponse:
    """No form reads what came, no template draws the answer, and nobody has to be signed in.

    The middleware finds out who is signed in for each request that brings a session.
    """
    text, version = request.POST["text"], int(request.POST["version"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UPDATE, [text, number, version])
        if cursor.rowcount != 1:
            return HttpResponse(status=409)
        cursor.execute(INSERT, [number, version + 1, text])
    return HttpResponse(f'<input type="hidden" name="version" value="{version + 1}">')


urlpatterns = [*urls.urlpatterns, path("bare/<int:number>/", save)]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
