"""What the deployer decides: the ``WAGTAIL_ATENCION`` setting, read at each access.

=================== ========================================================================
key                 meaning
=================== ========================================================================
TRUSTED_PROXIES     How many reverse proxies of your own stand before the server (default 0:
                    ``X-Forwarded-For`` is never believed).
ALLOWED_ORIGINS     Further exact origins (``https://www.example.gov``) that may open sockets
                    and call the public API; the site's own origin always may.
RATES               ``{group: rate}``: how often one address may do each thing, in
                    django-ratelimit's notation. Groups left out keep their default.
CHANNEL_LAYER       Alias in ``CHANNEL_LAYERS`` that carries live updates (default "default").
FAQ_SEARCH          Dotted path of the class that searches the FAQ (see ``faq.search.FAQSearch``):
                    the app's own, or "wagtail_atencion.faq.search.BackendSearch" for a site with
                    Elasticsearch or OpenSearch.
METRICS_TOKEN       What a Prometheus sends as bearer token to read ``metrics``; empty (the
                    default): the address does not exist. See docs/deployment.md.
=================== ========================================================================
"""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings

# Generous to shared addresses (a village library behind one IP), tight for a machine. Those that
# end in _person count one person, whatever address they write from.
RATES = {
    "state": "120/m",
    "state_socket": "600/m",
    "faq_search": "60/m",
    "faq_outcome": "60/m",
    "faq_opinion": "60/h",
    "chat_start": "30/10m",
    "chat_start_person": "15/10m",
    "chat_message": "300/m",
    "chat_message_person": "40/m",
    "contribution": "60/h",
    "vote": "300/h",
    "flag": "60/h",
    "appeal": "20/h",
    "follow": "20/h",
    "results": "60/h",
    "rights": "10/h",
    # Mails to one address, and mails that one address of the network causes. Not those to the
    # entity's own mailboxes.
    "mail_address": "20/d",
    "mail_ip": "200/d",
    # News of forums to one address: what exceeds it comes with the next mail.
    "mail_news": "30/d",
}

DEFAULTS: dict[str, Any] = {
    "TRUSTED_PROXIES": 0,
    "ALLOWED_ORIGINS": (),
    "RATES": {},
    "CHANNEL_LAYER": "default",
    "METRICS_TOKEN": "",
    "FAQ_SEARCH": "wagtail_atencion.faq.search.IndexSearch",
}


class Settings:
    """Attribute access to ``settings.WAGTAIL_ATENCION`` over the defaults."""

    @property
    def chosen(self) -> dict[str, Any]:
        return getattr(django_settings, "WAGTAIL_ATENCION", {})

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(f"WAGTAIL_ATENCION has no key {name!r}")
        return self.chosen.get(name, DEFAULTS[name])

    def rate(self, group: str) -> str:
        """The rate of one limit group; raises ``KeyError`` for a group that does not exist."""
        chosen = self.RATES
        return chosen[group] if group in chosen else RATES[group]


settings = Settings()
