"""Addresses of fremtidsbilder, all inside a network."""

from django.urls import path

from fremtidsbilder.views import bilder

app_name = "fremtidsbilder"
urlpatterns = [
    path("fremtidsbilder/", bilder.fremtidsbilde_list, name="fremtidsbilde_list"),
    path("fremtidsbilder/<int:pk>/", bilder.fremtidsbilde, name="fremtidsbilde"),
]
