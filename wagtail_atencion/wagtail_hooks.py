"""What the app adds to the Wagtail admin. Wiring only: each piece is in its wing's ``admin``."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.contrib.settings.registry import register_setting
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from wagtail_atencion import permissions
from wagtail_atencion.chat import desk_log
from wagtail_atencion.chat import log_actions as chat_log_actions
from wagtail_atencion.chat.admin import WAITING_CLASS, DeskMenuItem, desk
from wagtail_atencion.chat.canned_admin import CannedReplyViewSet, desk_replies
from wagtail_atencion.chat.conversation_admin import ConversationAdmin, RatingAdmin
from wagtail_atencion.chat.desk_views import desk_news, desk_operation
from wagtail_atencion.chat.pqrd_admin import PQRDRuleViewSet
from wagtail_atencion.chat.summary_admin import (
    construct_homepage_panels,
    menu_script,
    menu_styles,
    waiting_now,
)
from wagtail_atencion.chat.topics_admin import AttendanceViewSet, TopicViewSet
from wagtail_atencion.conditions import log_actions as conditions_log_actions
from wagtail_atencion.conditions import terms_admin
from wagtail_atencion.conditions.control_admin import ServiceMenuItem, service
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.settings_admin import hours_preview
from wagtail_atencion.conduct import log_actions as conduct_log_actions
from wagtail_atencion.conduct.admin import AccessRecordAdmin, SubmissionAdmin
from wagtail_atencion.conduct.list_sheets_admin import import_figures, import_words
from wagtail_atencion.conduct.mails_admin import OutgoingMailAdmin
from wagtail_atencion.conduct.policy import ConductPolicy
from wagtail_atencion.conduct.rights_admin import RightsAdmin, person
from wagtail_atencion.conduct.sanctions_admin import SanctionAdmin, new_sanction
from wagtail_atencion.conduct.words_admin import (
    BarredWordViewSet,
    PublicFigureViewSet,
    TryTextMenuItem,
    try_text,
)
from wagtail_atencion.faq.admin import FAQSnippets, faq_hints
from wagtail_atencion.faq.import_admin import import_faqs
from wagtail_atencion.faq.loop_admin import AskedMenuItem, faq_asked
from wagtail_atencion.faq.reports_admin import VIEWS as FAQ_REPORTS
from wagtail_atencion.faq.reports_admin import ReportMenuItem
from wagtail_atencion.faq.reports_admin import urls as faq_report_urls
from wagtail_atencion.forums import deletion, log_actions
from wagtail_atencion.forums.admin import ContributionAdmin
from wagtail_atencion.forums.officials_admin import urls as official_urls
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.queue_admin import decide
from wagtail_atencion.forums.results_admin import ForumsMenuItem
from wagtail_atencion.forums.results_admin import urls as forum_urls


class FAQInGroup(FAQSnippets):
    add_to_admin_menu = False

    def get_submenu_items(self) -> list[MenuItem]:
        written = super().get_submenu_items()
        last = len(written) + 1
        reports = [ReportMenuItem(view, last + n) for n, view in enumerate(FAQ_REPORTS, 1)]
        return [*written, AskedMenuItem(order=last), *reports]


faq = FAQInGroup()
terms = terms_admin.TermsViewSet()
pqrd_rules = PQRDRuleViewSet()
topics = TopicViewSet()
agents = AttendanceViewSet()
canned_replies = CannedReplyViewSet()
words = BarredWordViewSet()
public_figures = PublicFigureViewSet()
register_setting(AtencionSettings, icon="time")
register_setting(ConductPolicy, icon="no-view")
register_setting(ForumPolicy, icon="group")
register_snippet(faq)
register_snippet(terms)
register_snippet(pqrd_rules)
register_snippet(topics)
register_snippet(agents)
register_snippet(canned_replies)
register_snippet(words)
register_snippet(public_figures)


@modeladmin_register
class CitizenAttention(ModelAdminGroup):
    menu_label = _("Citizen attention")
    menu_item_name = "atencion"
    menu_icon = "atencion-desk"
    menu_order = 150
    items = (
        ConversationAdmin,
        RatingAdmin,
        ContributionAdmin,
        SubmissionAdmin,
        OutgoingMailAdmin,
        SanctionAdmin,
        RightsAdmin,
        AccessRecordAdmin,
    )

    def get_menu_item(self) -> MenuItem:
        item: MenuItem = super().get_menu_item()
        item.classname = WAITING_CLASS
        return item

    def get_submenu_items(self) -> list[MenuItem]:
        records = super().get_submenu_items()
        ours = [DeskMenuItem(order=0), ServiceMenuItem(order=0), ForumsMenuItem(order=0)]
        written = [
            faq.get_menu_item(order=len(records) + 1),
            terms.get_menu_item(order=len(records) + 2),
            pqrd_rules.get_menu_item(order=len(records) + 3),
            canned_replies.get_menu_item(order=len(records) + 4),
            words.get_menu_item(order=len(records) + 5),
            TryTextMenuItem(order=len(records) + 6),
            public_figures.get_menu_item(order=len(records) + 7),
            topics.get_menu_item(order=len(records) + 8),
            agents.get_menu_item(order=len(records) + 9),
        ]
        return [*ours, *records, *written]


hooks.register("register_log_actions", desk_log.register_log_actions)
hooks.register("register_log_actions", chat_log_actions.register_log_actions)
hooks.register("register_log_actions", conditions_log_actions.register_log_actions)
hooks.register("register_log_actions", conduct_log_actions.register_log_actions)
hooks.register("register_log_actions", log_actions.register_log_actions)
hooks.register("construct_homepage_panels", construct_homepage_panels)
hooks.register("insert_global_admin_js", menu_script)
hooks.register("insert_global_admin_css", menu_styles)
hooks.register("before_delete_page", deletion.before_delete_page)
hooks.register("before_bulk_action", deletion.before_bulk_action)
hooks.register("before_delete_snippet", terms_admin.before_delete_snippet)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    return [
        path("atencion/try-a-text/", try_text, name="atencion_try_text"),
        path("atencion/words/import/", import_words, name="atencion_words_import"),
        path("atencion/figures/import/", import_figures, name="atencion_figures_import"),
        path("atencion/desk/", desk, name="atencion_desk"),
        path("atencion/desk/waiting/", waiting_now, name="atencion_desk_waiting"),
        path("atencion/desk/replies/", desk_replies, name="atencion_desk_replies"),
        path("atencion/desk/news/", desk_news, name="atencion_desk_news"),
        path("atencion/desk/operations/", desk_operation, name="atencion_desk_operation"),
        path("atencion/service/", service, name="atencion_service"),
        path("atencion/service/<int:site_id>/", service, name="atencion_service_of"),
        path("atencion/decide/", decide, name="atencion_decide"),
        path("atencion/sanctions/new/", new_sanction, name="atencion_sanction_new"),
        path("atencion/person/", person, name="atencion_person"),
        path("atencion/hours/<int:site_id>/", hours_preview, name="atencion_hours_preview"),
        path("atencion/faq/hints/", faq_hints, name="atencion_faq_hints"),
        path("atencion/faq/import/", import_faqs, name="atencion_faq_import"),
        path("atencion/faq/asked/", faq_asked, name="atencion_faq_asked"),
        *[
            path(route, view, name=name)
            for route, name, view in [*faq_report_urls(), *forum_urls(), *official_urls()]
        ],
    ]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Offered in the form of a group, beside those of the snippets and settings."""
    ours = Q()
    for permission in permissions.ALL:
        app_label, codename = permission.split(".")
        ours |= Q(content_type__app_label=app_label, codename=codename)
    return Permission.objects.filter(ours)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    ours = ("desk", "bell", "sound", "columns")
    return [*icons, *(f"wagtail_atencion/chat/admin/atencion-{name}.svg" for name in ours)]
