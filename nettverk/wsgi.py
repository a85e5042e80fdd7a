"""The portal as a WSGI application (granian, or any other server)."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
application = get_wsgi_application()

# Every address and its page is loaded now, not in somebody's first request. What is loaded lives as long as the
# process: left out of the garbage collector, no full collection goes through it while everybody waits.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
