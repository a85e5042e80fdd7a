"""Addresses of laeringsloyper, all inside a network."""

from django.urls import path

from laeringsloyper.views import loype

app_name = "laeringsloyper"
urlpatterns = [
    path("laeringsloyper/", loype.loype_list, name="loype_list"),
    path("laeringsloyper/<slug:slug>/", loype.loype, name="loype"),
]
