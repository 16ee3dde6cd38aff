"""Load the demonstration: pages, conditions, questions, forums and accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sites.models import Site as CommentsSite
from django.core.management.base import BaseCommand
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from example_site.home.demo.accounts import ACCOUNTS, load_accounts
from example_site.home.demo.conditions import keep_open, load_settings, load_terms
from example_site.home.demo.desk import load_desk
from example_site.home.demo.faqs import load_faqs
from example_site.home.demo.figures import load_figures
from example_site.home.demo.forums import load_forums
from example_site.home.demo.pages import load_pages, load_site, path_of
from example_site.home.demo.tree import Tree


class Command(BaseCommand):
    help = "Carga la demostración. Repetirlo no cambia ni borra lo que alguien haya hecho."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        site = load_site()
        _name_comments_site(site)
        users = load_accounts()
        load_terms(site)
        load_faqs()
        load_desk(site, users)
        tree = load_pages(site.root_page.specific)
        conditions = load_settings(site, tree)
        load_figures(site, now)
        load_forums(tree.forums, site=site, moderator=users["moderador"], now=now)
        until = keep_open(conditions, now)
        local = until.astimezone(ZoneInfo(conditions.time_zone))
        self.stdout.write(_summary(tree, users, local))


def _name_comments_site(site: Site) -> None:
    """Contributions also refer to the site of django.contrib.sites."""
    CommentsSite.objects.update_or_create(
        pk=django_settings.SITE_ID, defaults={"domain": site.hostname, "name": site.site_name}
    )


def _summary(tree: Tree, users: dict[str, AbstractUser], until: datetime) -> str:
    base = django_settings.WAGTAILADMIN_BASE_URL
    addresses = [
        ("Sitio", "/"),
        ("Preguntas frecuentes", path_of(tree.faq)),
        ("Foros", path_of(tree.forums)),
        ("Chat en su página", reverse("atencion:chat")),
        ("Correos enviados", reverse("correo:index")),
        ("Administración", reverse("wagtailadmin_home")),
        ("Puesto de atención", reverse("atencion_desk")),
    ]
    lines = ["", "Gobernación de Valle Alto: la demostración está lista.", ""]
    lines += [f"  {name:<22} {base}{path}" for name, path in addresses]
    lines += ["", f"  {'Usuario':<12}{'Contraseña':<18}Quién"]
    for account in ACCOUNTS:
        user = users[account.username]
        password = account.password if user.check_password(account.password) else "(la cambiaron)"
        lines.append(
            f"  {account.username:<12}{password:<18}{user.get_full_name()}, {account.role}"
        )
    lines += [
        "",
        f"El chat atiende sin pausa hasta el {until:%d/%m/%Y a las %H:%M} (demostración).",
        "",
    ]
    return "\n".join(lines)
