"""Addresses of fremtidsbilder, all inside a network."""

app_name = "fremtidsbilder"
urlpatterns: list = []
