"""The pages of the site itself."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "example_site.home"
    label = "home"
    verbose_name = "Páginas del sitio"
    default_auto_field = "django.db.models.BigAutoField"
