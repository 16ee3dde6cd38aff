"""Hears that the rules of the forums changed, which every process will read again, and the debates,
whose files are no longer what they say."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from wagtail_atencion import signals
from wagtail_atencion.conditions import services
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.forums import result_files
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.policy import ForumPolicy


@receiver([post_save, post_delete], sender=ForumPolicy)
def policy_changed(
    sender: type[ForumPolicy], instance: ForumPolicy, created: bool = False, **kwargs: Any
) -> None:
    if created and instance.is_as_installed:  # whoever read the rules first made their row
        return
    AtencionSettings.for_site(instance.site)  # whose row tells the processes
    services.changed(instance.site_id)


@receiver(signals.contribution_submitted)
def debate_grew(sender: Any, contribution: Contribution, **kwargs: Any) -> None:
    result_files.note_change(contribution.forum_id)


@receiver(signals.contribution_edited)
def words_were_replaced(sender: Any, contribution: Contribution, **kwargs: Any) -> None:
    result_files.drop([contribution.forum_id])


@receiver(signals.contribution_moderated)
def debate_was_moderated(sender: Any, contribution: Contribution, **kwargs: Any) -> None:
    if contribution.published_at and not contribution.is_public:  # it was there to be read
        result_files.drop([contribution.forum_id])
    else:
        result_files.note_change(contribution.forum_id)
