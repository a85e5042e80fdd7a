"""Addresses of evaluering, all inside a network."""

from django.urls import path

from evaluering.views import aarsrapport, godkjenning

app_name = "evaluering"
urlpatterns = [
    path("aarsrapport/", aarsrapport.aarsrapport_list, name="aarsrapport_list"),
    path("aarsrapport/<int:aar>/", aarsrapport.aarsrapport, name="aarsrapport"),
    path("aarsrapport/<int:aar>/pdf/", aarsrapport.aarsrapport_pdf, name="aarsrapport_pdf"),
    path("aarsrapport/<int:aar>/forhandsvisning/", aarsrapport.forhaandsvis, name="forhaandsvis"),
    path("aarsrapport/<int:aar>/godkjenn/", godkjenning.godkjenn, name="godkjenn"),
    path("aarsrapport/<int:aar>/publiser/", godkjenning.publiser, name="publiser"),
    path(
        "aarsrapport/<int:aar>/<slug:noekkel>/", aarsrapport.kapittel_lagre, name="kapittel_lagre"
    ),
]
