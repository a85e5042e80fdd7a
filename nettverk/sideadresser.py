"""The addresses of the network's own pages."""

from django.urls import path

from nettverk.views import grupper

app_name = "nettverk"
urlpatterns = [
    path("<slug:nettverk>/grupper/", grupper.gruppe_list, name="gruppe_list"),
    path("<slug:nettverk>/grupper/<int:pk>/", grupper.gruppe, name="gruppe"),
    path("<slug:nettverk>/grupper/<int:pk>/ny/", grupper.verv_ny, name="verv_ny"),
    path(
        "<slug:nettverk>/grupper/<int:pk>/verv/<int:verv_pk>/avslutt/",
        grupper.verv_avslutt,
        name="verv_avslutt",
    ),
]
