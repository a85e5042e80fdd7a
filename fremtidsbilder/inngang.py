"""The addresses of an open tankesmie, short and outside any network: they are read from a screen, and typed."""

from django.urls import path

from fremtidsbilder.views import bordpad

urlpatterns = [
    path("", bordpad.skriv_kode, name="bordkode"),
    path("<slug:kode>/", bordpad.bordpad, name="bordpad"),
    path("<slug:kode>/bilde/", bordpad.bordbilde, name="bordbilde"),
    path("<slug:kode>/prikk/", bordpad.prikk, name="bordprikk"),
    path("<slug:kode>/vegg/", bordpad.bordvegg, name="bordvegg"),
]
