"""The addresses of a survey, short and outside any network: they are read from a screen and from paper."""

from django.urls import path

from evaluering.views import undersokelse

urlpatterns = [
    path("", undersokelse.skriv_kode, name="svarkode"),
    path("<slug:kode>/", undersokelse.undersokelse, name="undersokelse"),
    path("<slug:kode>/svar/", undersokelse.undersokelse_svar, name="undersokelse_svar"),
]
