"""Addresses of evaluering, all inside a network."""

from django.urls import path

from evaluering import views

app_name = "evaluering"
urlpatterns = [
    path("aarsrapport/", views.aarsrapport_list, name="aarsrapport_list"),
    path("aarsrapport/<int:aar>/", views.aarsrapport, name="aarsrapport"),
    path("aarsrapport/<int:aar>/pdf/", views.aarsrapport_pdf, name="aarsrapport_pdf"),
    path("aarsrapport/<int:aar>/forhandsvisning/", views.forhaandsvis, name="forhaandsvis"),
    path("aarsrapport/<int:aar>/<slug:noekkel>/", views.kapittel_lagre, name="kapittel_lagre"),
]
