"""The areas of the entity that citizens may choose, and the agents who serve them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def may_attend() -> models.Q:
    """Of the users those who may answer or supervise by a permission of their own or a group."""
    ours = ("answer_conversation", "supervise_conversation")
    app = "wagtail_atencion"
    return models.Q(is_active=True) & (
        models.Q(is_superuser=True)
        | models.Q(
            user_permissions__codename__in=ours, user_permissions__content_type__app_label=app
        )
        | models.Q(
            groups__permissions__codename__in=ours,
            groups__permissions__content_type__app_label=app,
        )
    )


class Topic(models.Model):
    """An area or department of the entity. Its conversations are for the agents who serve it."""

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(
        _("name"), max_length=60, help_text=_("Citizens choose it, for example: Taxes.")
    )
    agents = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agents"),
        related_name="+",
        limit_choices_to=may_attend,
        help_text=_(
            "Only they, and supervisors, see the conversations of this topic. Conversations "
            "without a topic are for all agents."
        ),
    )
    position = models.PositiveSmallIntegerField(
        _("place in the list"), default=0, help_text=_("The lowest number comes first.")
    )
    active = models.BooleanField(
        _("offered"), default=True, help_text=_("Switch off to offer it to citizens no more.")
    )

    class Meta:
        verbose_name = _("topic of the chat")
        verbose_name_plural = _("topics of the chat")
        ordering = ["position", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="atencion_topic_name")]

    def __str__(self) -> str:
        return self.name
