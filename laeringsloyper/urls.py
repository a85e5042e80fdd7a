"""Addresses of laeringsloyper, all inside a network."""

from django.urls import path

from laeringsloyper.views import folging, loype, rediger

app_name = "laeringsloyper"
urlpatterns = [
    path("laeringsloyper/", loype.loype_list, name="loype_list"),
    path("laeringsloyper/ny/", rediger.loype_ny, name="loype_ny"),
    path("laeringsloyper/enheter/", folging.enhetsloyper, name="enhetsloyper"),
    path("laeringsloyper/enheter/fil/", folging.enhetsloype_fil, name="enhetsloype_fil"),
    path("laeringsloyper/enheter/fil/mal/", folging.enhetsloype_mal, name="enhetsloype_mal"),
    path(
        "laeringsloyper/enheter/<str:referanse>/ny/",
        folging.enhetsloype_ny,
        name="enhetsloype_ny",
    ),
    path(
        "laeringsloyper/enheter/slutt/<int:pk>/",
        folging.enhetsloype_slutt,
        name="enhetsloype_slutt",
    ),
    path("laeringsloyper/<slug:slug>/", loype.loype, name="loype"),
    path("laeringsloyper/<slug:slug>/rediger/", rediger.loype_rediger, name="loype_rediger"),
    path("laeringsloyper/<slug:slug>/flytt/", rediger.loype_flytt, name="loype_flytt"),
    path("laeringsloyper/<slug:slug>/avslutt/", rediger.loype_avslutt, name="loype_avslutt"),
    path("laeringsloyper/<slug:slug>/perioder/ny/", rediger.periode_ny, name="periode_ny"),
    path("laeringsloyper/<slug:slug>/perioder/<int:pk>/", rediger.periode, name="periode"),
    path(
        "laeringsloyper/<slug:slug>/perioder/<int:pk>/slett/",
        rediger.periode_slett,
        name="periode_slett",
    ),
]
