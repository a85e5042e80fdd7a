"""Addresses of the demo. Included only when DEMO=1."""

from django.urls import path

from nettverk.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.folk, name="folk"),
    path("logg-inn/", views.logg_inn, name="logg_inn"),
    path("post/", views.postkasse, name="postkasse"),
    path("post/toem/", views.toem, name="toem"),
    path("post/<slug:noekkel>/", views.brev, name="brev"),
]
