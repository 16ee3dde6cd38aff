"""The tree of pages of the demonstration."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.urls import reverse
from wagtail.models import Page, Site

from example_site.home.demo import texts
from example_site.home.demo.tree import Tree
from example_site.home.models import ContentPage, HomePage
from wagtail_atencion.models import ConditionsPage, FAQIndexPage, ForumIndexPage


def path_of(page: Page) -> str:
    """The address of a page within its site."""
    return page.get_url_parts()[2]


def load_site() -> Site:
    """The default site, with the demonstration's front page as its root."""
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    address = urlsplit(django_settings.WAGTAILADMIN_BASE_URL)
    site.hostname, site.port = address.hostname or "localhost", address.port or 80
    site.site_name = site.site_name or django_settings.WAGTAIL_SITE_NAME
    home = HomePage.objects.first()
    if home is None:
        home = HomePage(slug="inicio", **texts.home, show_in_menus=True)
        Page.get_first_root_node().add_child(instance=home)
        welcome, site.root_page = site.root_page_id and site.root_page, home
        site.save()
        if welcome and not welcome.get_children().exists():
            welcome.delete()  # Wagtail's "Welcome to your new Wagtail site!"
    site.save()
    return site


def load_pages(home: HomePage) -> Tree:
    """Add the pages that are missing, found by their slugs; those there stay as they are."""
    _child(home, ContentPage, "la-gobernacion", texts.government, show_in_menus=True)
    attention = _child(
        home, ContentPage, "atencion-al-ciudadano", texts.attention, show_in_menus=True
    )
    tree = Tree(
        home=home,
        attention=attention,
        faq=_child(attention, FAQIndexPage, "preguntas-frecuentes", texts.faq, show_in_menus=True),
        forums=_child(attention, ForumIndexPage, "foros", texts.forums, show_in_menus=True),
        conditions=_child(
            attention, ConditionsPage, "condiciones", texts.conditions, show_in_menus=True
        ),
        pqrd=_child(attention, ContentPage, "pqrd", texts.pqrd),
    )
    _fill(tree)
    return tree


def _child(parent: Page, kind: type[Page], slug: str, text: dict[str, Any], **fields: Any) -> Any:
    page = kind.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        page = parent.add_child(instance=kind(slug=slug, **text, **fields))
        page.save_revision().publish()
    return page


def _fill(tree: Tree) -> None:
    """Write the pieces that lead to other pages, on the pages that are still empty."""
    chat = reverse("atencion:chat")
    if not tree.home.body:
        tree.home.search_page = tree.faq
        tree.home.searches = [("search", words) for words in texts.SEARCHES]
        tree.home.body = texts.home_body(tree, chat)
        tree.home.save_revision().publish()
    if not tree.attention.body:
        tree.attention.body = texts.attention_body(tree, chat)
        tree.attention.save_revision().publish()
