"""``manage.py atencion_create_groups``: the three groups of staff, ready to put people in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from wagtail_atencion import permissions

ACCESS_ADMIN = "wagtailadmin.access_admin"

GROUPS = {
    "Agentes": (ACCESS_ADMIN, permissions.ANSWER),
    "Moderadores": (ACCESS_ADMIN, permissions.MODERATE),
    "Supervisores": (ACCESS_ADMIN, *permissions.ALL, *permissions.WRITE_REPLIES),
}


class Command(BaseCommand):
    help = (
        "Creates the groups Agentes, Moderadores and Supervisores with their permissions. Running "
        "it again adds what is missing, and never takes away what a site has added."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for name, wanted in GROUPS.items():
            group, created = Group.objects.get_or_create(name=name)
            group.permissions.add(*[_permission(permission) for permission in wanted])
            self.stdout.write(f"{name}: {'created' if created else 'already there'}")


def _permission(name: str) -> Permission:
    app_label, codename = name.split(".")
    try:
        return Permission.objects.get(content_type__app_label=app_label, codename=codename)
    except Permission.DoesNotExist:
        raise CommandError(f"The permission {name} is missing. Run migrate first.") from None
