"""Addresses of laeringsloyper, all inside a network."""

from django.urls import path

from laeringsloyper import views

app_name = "laeringsloyper"
urlpatterns = [
    path("laeringsloyper/", views.loype_list, name="loype_list"),
    path("laeringsloyper/<slug:slug>/", views.loype, name="loype"),
]
