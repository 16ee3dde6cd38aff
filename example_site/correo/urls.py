"""Addresses of the demonstration's outbox."""

from django.urls import path

from . import views

app_name = "correo"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:key>/", views.detail, name="detail"),
    path("<slug:key>/html/", views.html, name="html"),
]
