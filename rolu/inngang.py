"""The addresses at the door, short and outside any network: they are read from paper, and typed."""

from django.urls import path

from rolu.views import koder

urlpatterns = [
    path("arbeider.js", koder.skranke_arbeider, name="skranke_arbeider"),
    path("skranke/<slug:spraak>/", koder.skranke_skall, name="skranke_skall"),
    path("<slug:kode>/", koder.kode, name="kode"),
]
