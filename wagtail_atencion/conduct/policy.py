"""What the editors of each site decide about conduct: personal data in public, domains, clauses."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting

from wagtail_atencion.conduct.decisions import Clause, Severity
from wagtail_atencion.conduct.identity import domain_of, is_email

CLAUSE_LENGTH = 200


class ConductPolicy(BaseSiteSetting):
    """How conduct is kept on one site. The words themselves are snippets, the same for all."""

    PERSONAL_DATA = [
        (Severity.ALLOW.value, _("Leave them")),
        (Severity.MASK.value, _("Mask them")),
        (Severity.HOLD.value, _("Hold the text for a moderator")),
    ]

    personal_data = models.CharField(
        _("personal data in the forums"),
        max_length=10,
        choices=PERSONAL_DATA,
        default=Severity.MASK.value,
        help_text=_("Identity documents, payment cards, telephone numbers and e-mail addresses."),
    )
    refused_domains = models.TextField(
        _("e-mail domains that are not accepted"),
        blank=True,
        help_text=_(
            "One on each line, for example those of disposable addresses. Subdomains count too."
        ),
    )
    clause_identity = models.CharField(_("names"), max_length=CLAUSE_LENGTH, blank=True)
    clause_respect = models.CharField(_("respect"), max_length=CLAUSE_LENGTH, blank=True)
    clause_discrimination = models.CharField(
        _("discrimination"), max_length=CLAUSE_LENGTH, blank=True
    )
    clause_threats = models.CharField(_("threats"), max_length=CLAUSE_LENGTH, blank=True)
    clause_privacy = models.CharField(_("personal data"), max_length=CLAUSE_LENGTH, blank=True)
    clause_purpose = models.CharField(_("use of the service"), max_length=CLAUSE_LENGTH, blank=True)

    panels = [
        FieldPanel("personal_data"),
        FieldPanel("refused_domains"),
        MultiFieldPanel(
            [FieldPanel(f"clause_{clause.value}") for clause in Clause],
            heading=_("Clauses of the conditions"),
            help_text=_(
                "What people are told when a rule stops what they wrote. Empty: a standard "
                "sentence. You can name the place, for example “Clause 5: write with respect.”"
            ),
        ),
    ]

    class Meta:
        verbose_name = _("rules of conduct")
        verbose_name_plural = _("rules of conduct")

    def __str__(self) -> str:
        return str(_("Rules of conduct"))

    def clean(self) -> None:
        wrong = [line for line in self.refused_domains.split() if not is_email(f"a@{line}")]
        if wrong:
            raise ValidationError(
                {"refused_domains": _("This is not a domain: %(line)s") % {"line": wrong[0][:80]}}
            )

    @property
    def domains(self) -> frozenset[str]:
        """The refused domains as they are compared."""
        return frozenset(domain_of(f"a@{line}") for line in self.refused_domains.split())

    def clause(self, clause: Clause) -> str:
        """How the entity words ``clause``; "" if it leaves it to us."""
        return getattr(self, f"clause_{clause.value}")
