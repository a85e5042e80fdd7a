"""Addresses of the demo."""

app_name = "demo"
urlpatterns: list = []
