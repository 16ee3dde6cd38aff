"""What people say in a forum, on the abstract models of django-contrib-comments."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_comments.abstracts import CommentAbstractModel

from wagtail_atencion.conduct.identity import NAME_LENGTH
from wagtail_atencion.forums.cursors import Placed
from wagtail_atencion.forums.lifecycle import Status

TEXT_LENGTH = 10_000  # characters; the highest limit an editor may choose
REASON_LENGTH = 300
QUOTE_LENGTH = 300


class Moderation(models.TextChoices):
    """When the contributions to a forum are reviewed."""

    BEFORE = "before", _("Before publishing: contributions wait for a moderator")
    AFTER = "after", _("After publishing: contributions appear at once")


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def published(self) -> ContributionQuerySet:
        """What everybody may read."""
        return self.filter(status=Status.APPROVED)

    def threads(self) -> ContributionQuerySet:
        """What opens a thread: not the answers to something."""
        return self.filter(reply_to__isnull=True)

    def newest_first(self) -> ContributionQuerySet:
        return self.order_by("-submit_date", "-id")


class Contribution(Placed, CommentAbstractModel):
    """One thing said in a forum: by a citizen, or officially by the entity.

    The inherited ``is_public`` and ``is_removed`` repeat ``status`` for tools that read comments;
    a constraint keeps the three together. ``forum`` is the real link to the page: the inherited
    generic one repeats it. Showing ``user_email`` or ``ip_address`` to the public is never right.
    """

    STATUSES = [
        (Status.UNPROVED.value, _("Waiting for the author to confirm the address")),
        (Status.HELD.value, _("Held for review")),
        (Status.APPROVED.value, _("Approved")),
        (Status.REMOVED.value, _("Removed")),
    ]

    user_url = None  # not asked for: a link is what spam wants
    user_name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    comment = models.TextField(_("text"), max_length=TEXT_LENGTH)

    forum = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("forum"),
        # A record of participation does not vanish with its page: unpublish the page instead.
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    reply_to = models.ForeignKey(
        "self",
        verbose_name=_("answer to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replies",
        db_index=False,  # most are null, which misleads SQLite's planner: see the indexes
    )
    quoted = models.ForeignKey(
        "self",
        verbose_name=_("contribution quoted"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    quote = models.CharField(_("words quoted"), max_length=QUOTE_LENGTH, blank=True)
    official = models.BooleanField(_("official answer"), default=False)
    # How many rows of ``Vote`` it has, and how often its author changed the text.
    votes = models.PositiveIntegerField(_("support"), default=0, editable=False)
    edits = models.PositiveSmallIntegerField(_("edits"), default=0, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    # What proves authorship: the hash of the key that the author's browser holds.
    device = models.CharField(_("device"), max_length=64, blank=True, editable=False)
    confirmed_at = models.DateTimeField(
        _("address confirmed"), null=True, blank=True, editable=False
    )
    status = models.CharField(
        _("status"), max_length=10, choices=STATUSES, default=Status.HELD.value
    )
    acceptance = models.ForeignKey(
        "wagtail_atencion.Acceptance",
        verbose_name=_("acceptance of the terms"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    clause = models.CharField(
        _("clause for which it was held or words were covered"),
        max_length=20,
        blank=True,
        editable=False,
    )
    client_id = models.UUIDField(_("one-time number of the form"), default=uuid.uuid4)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("moderated by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    moderated_at = models.DateTimeField(_("moderated at"), null=True, blank=True)
    # When everybody could read it first: what is new, for a page that is open and for followers.
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    removal_reason = models.CharField(
        _("reason of the removal"), max_length=REASON_LENGTH, blank=True
    )

    objects = ContributionQuerySet.as_manager()

    # Not listed among the uses of its page: there may be thousands.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["submit_date", "id"]
        default_permissions = ()
        permissions = [
            ("moderate_contribution", _("Can moderate contributions and answer officially")),
            ("export_contributors", _("Can export contributions with names and addresses")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "client_id"], name="atencion_contribution_sent_once"
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        status__in=[Status.UNPROVED.value, Status.HELD.value],
                        is_public=False,
                        is_removed=False,
                    )
                    | Q(status=Status.APPROVED.value, is_public=True, is_removed=False)
                    | Q(status=Status.REMOVED.value, is_public=False, is_removed=True)
                ),
                name="atencion_contribution_status",
            ),
            models.CheckConstraint(
                condition=Q(official=False) | Q(acceptance__isnull=True),
                name="atencion_contribution_official",
            ),
        ]
        indexes = [
            # The public list of a forum, in order, without the answers between.
            models.Index(
                fields=["forum", "status", "submit_date", "id"],
                condition=Q(reply_to__isnull=True),
                name="atencion_contribution_list",
            ),
            # The same list by support.
            models.Index(
                fields=["forum", "status", "votes", "id"],
                condition=Q(reply_to__isnull=True),
                name="atencion_contribution_support",
            ),
            # What was said last, answers too: feeds.
            models.Index(
                fields=["forum", "status", "submit_date", "id"], name="atencion_contribution_news"
            ),
            # What was published since: "new contributions", and mails to followers.
            models.Index(
                fields=["forum", "published_at"],
                condition=Q(published_at__isnull=False),
                name="atencion_contribution_fresh",
            ),
            # What one browser wrote, and what one address did.
            models.Index(
                fields=["device", "submit_date"],
                condition=~Q(device=""),
                name="atencion_contribution_device",
            ),
            models.Index(
                fields=["user_email"],
                condition=~Q(user_email=""),
                name="atencion_contribution_email",
            ),
            # The answers of the threads on a page.
            models.Index(
                fields=["reply_to", "submit_date", "id"],
                condition=Q(reply_to__isnull=False),
                name="atencion_contribution_answers",
            ),
            # What is too old to say from where, or by whom.
            models.Index(
                fields=["submit_date"],
                condition=Q(ip_address__isnull=False),
                name="atencion_contribution_located",
            ),
            models.Index(
                fields=["submit_date"],
                condition=~Q(user_email=""),
                name="atencion_contribution_named",
            ),
            # The moderators' queue.
            models.Index(
                fields=["status", "submit_date", "id"], name="atencion_contribution_queue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_name}: {self.excerpt}"

    @property
    def excerpt(self) -> str:
        """The first words, in one line."""
        line = " ".join(self.comment.split())
        return line if len(line) <= 80 else f"{line[:79]}…"

    @property
    def is_shown(self) -> bool:
        """Whether everybody may read it: an answer is not, once what it answers is taken down."""
        thread = self.reply_to
        return self.is_public and (thread is None or thread.is_public)

    # What ``set_status`` may change.
    STATUS_FIELDS = ("status", "is_public", "is_removed", "published_at")

    def set_status(self, status: Status, at: datetime) -> None:
        """Change the three fields that say the same, and note ``at`` the first time that it is
        published; the caller saves ``STATUS_FIELDS``."""
        self.status = status.value
        self.is_public = status is Status.APPROVED
        self.is_removed = status is Status.REMOVED
        if self.is_public and self.published_at is None:
            self.published_at = at

    def get_content_object_url(self) -> str:
        return self.forum.url or ""

    @property
    def place(self) -> str:
        """The end of the permalink: the page of the list that begins with this thread."""
        return f"?from={(self.reply_to or self).cursor}#{self.anchor}"

    def get_absolute_url(self, anchor_pattern: Any = None) -> str:
        """The permalink."""
        if self.reply_to_id:  # its thread may have more answers than the list shows
            address = reverse("atencion:forum_contribution", args=[self.forum_id, self.pk])
            return f"{address}#{self.anchor}"
        return f"{self.get_content_object_url()}{self.place}"

    def get_as_text(self) -> str:
        """Plain text without personal data beyond the published name."""
        return f"{self.user_name}\n\n{self.comment}\n\n{self.get_absolute_url()}"
