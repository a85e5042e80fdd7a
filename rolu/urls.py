"""Addresses of rolu, all inside a network."""

app_name = "rolu"
urlpatterns: list = []
