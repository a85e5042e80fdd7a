"""The portal's addresses and, beside them, the bare views that they are measured against."""

from django.urls import include, path

from nettverk.urls import handler403
from nettverk.urls import urlpatterns as portalens

__all__ = ["handler403", "urlpatterns"]

urlpatterns = [path("bare/", include("tests.maaling.bare")), *portalens]
