"""Addresses of laeringsloyper, all inside a network."""

from django.urls import path

from laeringsloyper.views import folging, loype, modul, rapport, rediger, ressurs

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
    path("laeringsloyper/<slug:slug>/pdf/", rapport.loype_pdf, name="loype_pdf"),
    path("laeringsloyper/<slug:slug>/moduler/<int:pk>/pdf/", rapport.modul_pdf, name="modul_pdf"),
    path(
        "laeringsloyper/<slug:slug>/moduler/<int:pk>/regneark/",
        rapport.modul_regneark,
        name="modul_regneark",
    ),
    path("laeringsloyper/<slug:slug>/moduler/ny/", modul.modul_ny, name="modul_ny"),
    path("laeringsloyper/<slug:slug>/moduler/<int:pk>/", modul.modul, name="modul"),
    path(
        "laeringsloyper/<slug:slug>/moduler/<int:pk>/rediger/",
        modul.modul_rediger,
        name="modul_rediger",
    ),
    path(
        "laeringsloyper/<slug:slug>/moduler/<int:pk>/flytt/", modul.modul_flytt, name="modul_flytt"
    ),
    path(
        "laeringsloyper/<slug:slug>/moduler/<int:pk>/slett/", modul.modul_slett, name="modul_slett"
    ),
    path(
        "laeringsloyper/<slug:slug>/moduler/<int:pk>/ressurser/ny/",
        ressurs.ressurs_ny,
        name="ressurs_ny",
    ),
    path("laeringsloyper/<slug:slug>/ressurser/<int:pk>/", ressurs.ressurs, name="ressurs"),
    path(
        "laeringsloyper/<slug:slug>/ressurser/<int:pk>/rediger/",
        ressurs.ressurs_rediger,
        name="ressurs_rediger",
    ),
    path(
        "laeringsloyper/<slug:slug>/ressurser/<int:pk>/slett/",
        ressurs.ressurs_slett,
        name="ressurs_slett",
    ),
    path(
        "laeringsloyper/<slug:slug>/ressurser/<int:pk>/bruk/",
        ressurs.ressurs_bruk,
        name="ressurs_bruk",
    ),
    path(
        "laeringsloyper/<slug:slug>/moduler/<int:pk>/leseliste/ny/",
        ressurs.leseverk_ny,
        name="leseverk_ny",
    ),
    path("laeringsloyper/<slug:slug>/leseliste/<int:pk>/", ressurs.leseverk, name="leseverk"),
    path(
        "laeringsloyper/<slug:slug>/leseliste/<int:pk>/slett/",
        ressurs.leseverk_slett,
        name="leseverk_slett",
    ),
]
