import gc
import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coe.settings")

application = get_wsgi_application()

# What there is by now stays until the process ends. Without this the collector goes through all of
# it every now and then, for tens of milliseconds in which no thread of the process does anything.
get_resolver().url_patterns  # noqa: B018  imports every view
get_template("editor/page.html")
gc.collect()
gc.freeze()
