"""Who may not write, where, until when and why: the sanctions, with all their history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import BigAutoField, CharField, DateTimeField, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.addresses import networks_around
from wagtail_atencion.conduct.append_only import AppendOnly, AppendOnlyQuerySet
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.identity import EMAIL_LENGTH, normalise_email
from wagtail_atencion.conduct.restrictions import Scope, is_in_force
from wagtail_atencion.prepared import Prepared

EVIDENCE_LENGTH = 2000
REASON_LENGTH = 300


def pseudonym(email_key: str) -> str:
    """A keyed hash in the place of a normalised address: it is recognised, and not read back."""
    return salted_hmac("wagtail_atencion.person", email_key, algorithm="sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who writes, by all that a sanction may know of them; "" and ``None`` are unknown."""

    site_id: int
    email: str
    device: str
    ip: str | None


class SanctionQuerySet(AppendOnlyQuerySet):
    def in_force(self, now: datetime) -> SanctionQuerySet:
        return self.filter(
            Q(until__isnull=True) | Q(until__gt=now), lifted_at__isnull=True, starts_at__lte=now
        )

    def of(self, email: str) -> SanctionQuerySet:
        """Those of a person, whatever became of them."""
        key = normalise_email(email)
        return self.filter(email_key__in=[key, pseudonym(key)])


class Sanction(AppendOnly):
    """Keeps a person from writing in the chat, the forums or both; reading is never restricted.

    Whoever matches the address, the device or the network is restricted. Append-only: all that may
    still happen to a row is that it is lifted. ``email_key`` is the normalised address; once the
    person has been erased, its pseudonym, so that the restriction lasts and tells nobody's name.
    """

    SCOPES = [
        (Scope.CHAT.value, _("Chat")),
        (Scope.FORUMS.value, _("Forums")),
        (Scope.ALL.value, _("Chat, forums and everything else that is sent")),
    ]
    CLAUSES = [
        (Clause.RESPECT.value, _("Lack of respect, insults or vulgar words")),
        (Clause.DISCRIMINATION.value, _("Discrimination")),
        (Clause.THREATS.value, _("Threats or calls for violence")),
        (Clause.PRIVACY.value, _("Personal data of others")),
        (Clause.IDENTITY.value, _("False or offensive identity")),
        (Clause.PURPOSE.value, _("Advertising, flooding or another misuse")),
    ]

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    email = models.CharField(_("e-mail address"), max_length=EMAIL_LENGTH, blank=True)
    email_key = models.CharField(max_length=EMAIL_LENGTH, blank=True, editable=False)
    device = models.CharField(_("device"), max_length=64, blank=True)
    network = models.CharField(_("IP address or network"), max_length=49, blank=True)
    scope = models.CharField(_("scope"), max_length=10, choices=SCOPES)
    clause = models.CharField(_("reason"), max_length=20, choices=CLAUSES)
    evidence = models.TextField(_("evidence"), max_length=EVIDENCE_LENGTH, blank=True)
    reference = models.CharField(_("about"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("imposed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lift_reason = models.CharField(_("why it was lifted"), max_length=REASON_LENGTH, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-starts_at", "-id"]
        default_permissions = ()
        permissions = [("sanction_person", _("Can restrict persons for misuse"))]
        constraints = [
            models.CheckConstraint(
                name="atencion_sanction_has_target",
                condition=~Q(email_key="", device="", network="") | Q(lifted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="atencion_sanction_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gt=models.F("starts_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="atencion_sanction_recent"),
            models.Index(fields=["email_key"], name="atencion_sanction_email"),
            models.Index(fields=["network"], name="atencion_sanction_network"),
            models.Index(fields=["device"], name="atencion_sanction_device"),
        ]

    def __str__(self) -> str:
        return f"{_('Sanction')} {self.pk}"  # Wagtail's log keeps this: it names nobody

    @property
    def in_force(self) -> bool:
        return is_in_force(
            starts_at=self.starts_at,
            until=self.until,
            lifted_at=self.lifted_at,
            now=timezone.now(),
        )

    def covers(self, *, email: str, device: str, ip: str | None) -> bool:
        """Whether somebody matches by any of the three, as in ``SanctionQuerySet.against``."""
        return (
            bool(email and self.email_key and self._is_of(normalise_email(email)))
            or bool(device and device == self.device)
            or bool(ip and self.network in networks_around(ip))
        )

    def _is_of(self, email_key: str) -> bool:
        return self.email_key in (email_key, pseudonym(email_key))

    @property
    def shown_network(self) -> str:
        """The network as people write it: a single address without its bits."""
        if not self.network:
            return ""
        network = ip_network(self.network)
        return str(network[0]) if network.num_addresses == 1 else self.network


def in_force_on(senders: Iterable[Sender], *, scopes: Sequence[Scope]) -> list[Sanction]:
    """The sanctions in force that somebody who writes matches, by any of the three; one query."""
    return _in_force_on(now=[timezone.now()], scopes=scopes, **_marks_of(senders))


_in_force_on = Prepared(
    lambda now, scopes, sites, emails, devices, networks: (
        Sanction.objects.in_force(now[0])
        .filter(site__id__in=sites, scope__in=scopes)
        .filter(Q(email_key__in=emails) | Q(device__in=devices) | Q(network__in=networks))
    ),
    now=DateTimeField(),
    scopes=CharField(),
    sites=BigAutoField(),
    emails=CharField(),
    devices=CharField(),
    networks=CharField(),
)


def _marks_of(senders: Iterable[Sender]) -> dict[str, set[Any]]:
    """By what a sanction knows somebody of ``senders``."""
    marks: dict[str, set[Any]] = {
        "sites": set(),
        "emails": set(),
        "devices": set(),
        "networks": set(),
    }
    for sender in senders:
        marks["sites"].add(sender.site_id)
        if sender.email:
            key = normalise_email(sender.email)
            marks["emails"] |= {key, pseudonym(key)}
        if sender.device:
            marks["devices"].add(sender.device)
        if sender.ip:
            marks["networks"].update(networks_around(sender.ip))
    return marks
