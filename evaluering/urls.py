"""Addresses of evaluering, all inside a network."""

app_name = "evaluering"
urlpatterns: list = []
