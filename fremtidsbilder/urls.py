"""Addresses of fremtidsbilder, all inside a network."""

from django.urls import path

from fremtidsbilder import views

app_name = "fremtidsbilder"
urlpatterns = [
    path("fremtidsbilder/", views.fremtidsbilde_list, name="fremtidsbilde_list"),
    path("fremtidsbilder/<int:pk>/", views.fremtidsbilde, name="fremtidsbilde"),
]
