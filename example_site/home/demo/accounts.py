"""The people of the demonstration who work in the admin."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.core.management import call_command

from wagtail_atencion.models import (
    FAQ,
    AtencionSettings,
    Attendance,
    CannedReply,
    FAQCategory,
    Terms,
    Topic,
)

EDITORS = "Editores de atención"
VERBS = ("add", "change", "delete", "publish")


@dataclass(frozen=True)
class Account:
    """Someone who can sign in, with a password that everybody may know."""

    username: str
    first_name: str
    last_name: str
    role: str
    groups: tuple[str, ...] = ()
    is_superuser: bool = False

    @property
    def password(self) -> str:
        return f"demo-{self.username}"


ACCOUNTS = (
    # "Moderators" is Wagtail's own group of those who may publish pages.
    Account("editora", "Laura", "Gómez", "edita y publica", ("Moderators", EDITORS)),
    Account("agente1", "Andrés", "Rojas", "atiende el chat", ("Agentes",)),
    Account("agente2", "Paola", "Mina", "atiende el chat", ("Agentes",)),
    Account("moderador", "Ricardo", "Salazar", "modera los foros", ("Moderadores",)),
    Account("admin", "Administración", "", "puede todo", (), is_superuser=True),
)


def load_accounts() -> dict[str, AbstractUser]:
    """Make the groups and the people that are missing; passwords changed since stay changed."""
    call_command("atencion_create_groups", stdout=StringIO())  # our own summary names people
    _make_editors_group()
    return {account.username: _user(account) for account in ACCOUNTS}


def _make_editors_group() -> None:
    group, created = Group.objects.get_or_create(name=EDITORS)
    if created:
        models = [FAQ, FAQCategory, AtencionSettings, CannedReply, Terms, Topic, Attendance]
        names = [f"{verb}_{m._meta.model_name}" for m in models for verb in VERBS]
        group.permissions.set(
            Permission.objects.filter(
                content_type__app_label="wagtail_atencion", codename__in=names
            )
        )


def _user(account: Account) -> AbstractUser:
    users = get_user_model()._default_manager
    user = users.filter(username=account.username).first()
    if user is None:
        user = users.create_user(
            account.username,
            email=f"{account.username}@vallealto.example",
            password=account.password,
            first_name=account.first_name,
            last_name=account.last_name,
            is_staff=account.is_superuser,
            is_superuser=account.is_superuser,
        )
        user.groups.set(Group.objects.filter(name__in=account.groups))
    return user
