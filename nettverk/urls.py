"""All addresses. Norwegian, readable, stable; the network's slug comes first inside a network."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from nettverk.innlogging.views import choose_spraak
from nettverk.sikkerhet.administrasjon import guarded
from nettverk.views.helse import helse, helse_web

# The administration has no door of its own: the same code, rate limits and second step as for all.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.admin_view = guarded(admin.site.admin_view)  # type: ignore[assignment,method-assign]

handler403 = "nettverk.views.feil.ikke_lov"

urlpatterns = [
    path("helse/", helse, name="helse"),
    path("helse/web/", helse_web, name="helse_web"),
    path("admin/", admin.site.urls),
    path("spraak/", choose_spraak, name="set_language"),
    path("konto/", include("nettverk.innlogging.urls")),
    path("i/", include("rolu.inngang")),
    path("b/", include("fremtidsbilder.inngang")),
    path("e/", include("evaluering.inngang")),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("nettverk.demo.urls"))]

urlpatterns += [
    path("<slug:nettverk>/", include("fremtidsbilder.urls")),
    path("<slug:nettverk>/", include("evaluering.urls")),
    path("<slug:nettverk>/", include("laeringsloyper.urls")),
    path("<slug:nettverk>/", include("rolu.urls")),
    # Last: its own pages begin with a network's slug too, and the front page is the root.
    path("", include("nettverk.sideadresser")),
]
