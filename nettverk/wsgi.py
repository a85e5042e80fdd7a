"""The portal as a WSGI application (granian, or any other server)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
application = get_wsgi_application()
