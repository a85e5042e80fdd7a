"""Addresses of laeringsloyper, all inside a network."""

app_name = "laeringsloyper"
urlpatterns: list = []
