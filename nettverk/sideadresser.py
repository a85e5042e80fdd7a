"""The addresses of the network's own pages."""

app_name = "nettverk"
urlpatterns: list = []
