"""Public addresses: a site mounts them once, at a path of its choice."""

from django.urls import path

from wagtail_atencion import entrance, health, metrics
from wagtail_atencion.chat import plain_talk, plain_views
from wagtail_atencion.chat import views as chat
from wagtail_atencion.conditions import views as conditions
from wagtail_atencion.conduct import views as rights
from wagtail_atencion.faq import views as faq
from wagtail_atencion.forums import feeds as forum_feeds
from wagtail_atencion.forums import flag_views as forum_flags
from wagtail_atencion.forums import follow_views as forum_follow
from wagtail_atencion.forums import moderation_views as forum_moderation
from wagtail_atencion.forums import own_views as own_contributions
from wagtail_atencion.forums import result_views as forum_results
from wagtail_atencion.forums import thread_views as threads
from wagtail_atencion.forums import views as forums

app_name = "atencion"

urlpatterns = [
    path("api/v1/state", chat.state, name="state"),  # first: it is asked most
    path("health/live", health.live, name="health_live"),
    path("metrics", metrics.metrics, name="metrics"),
    path("health/ready", health.ready, name="health_ready"),
    path("terms/", conditions.terms, name="terms"),
    path("terms/<int:version>/", conditions.terms_version, name="terms_version"),
    path("terms/<int:version>/changes/", conditions.terms_changes, name="terms_changes"),
    path("hours.ics", conditions.hours_calendar, name="hours_calendar"),
    path("personal-data/", rights.ask, name="rights"),
    path("personal-data/sent/", rights.sent, name="rights_sent"),
    path("personal-data/<str:token>/", rights.proof, name="rights_proof"),
    path("chat/", entrance.chat_page, name="chat"),
    path("chat/panel/", chat.panel, name="panel"),
    # The citizen's cookie belongs to these three, and is sent with nothing else.
    path("chat/conversation/", plain_talk.conversation, name="chat_conversation"),
    path("chat/conversation/start/", plain_views.start, name="chat_start"),
    path("chat/conversation/transcript/", plain_talk.transcript, name="chat_transcript"),
    path("forums/<int:page_id>/contribute/", forums.contribute, name="forum_contribute"),
    path("forums/<int:page_id>/received/", forums.received, name="forum_received"),
    path("forums/<int:page_id>/own/", own_contributions.own, name="forum_own"),
    path("forums/<int:page_id>/news/", threads.news, name="forum_news"),
    path(
        "forums/<int:page_id>/contributions/<int:pk>/",
        threads.contribution,
        name="forum_contribution",
    ),
    path(
        "forums/<int:page_id>/contributions/<int:pk>/support/",
        threads.support,
        name="forum_support",
    ),
    path(
        "forums/<int:page_id>/contributions/<int:pk>/edit/",
        own_contributions.edit,
        name="forum_edit",
    ),
    path("forums/confirm/<str:token>/", own_contributions.confirm, name="forum_confirm"),
    path("forums/<int:page_id>/flag/<int:pk>/", forum_flags.flag, name="forum_flag"),
    path("forums/<int:page_id>/decisions/", forum_moderation.moderation_log, name="forum_log"),
    path("forums/decisions/<str:token>/", forum_moderation.answer_decision, name="forum_appeal"),
    path("forums/<int:page_id>/follow/", forum_follow.follow, name="forum_follow"),
    path("forums/following/<str:token>/", forum_follow.confirm_following, name="forum_following"),
    path("forums/unfollow/<str:token>/", forum_follow.unfollow, name="forum_unfollow"),
    path("forums/<int:page_id>/report/", forum_results.report, name="forum_report"),
    path("forums/<int:page_id>/print/", forum_results.printed, name="forum_print"),
    path("forums/<int:page_id>/data.<str:kind>", forum_results.data, name="forum_data"),
    path("forums/<int:page_id>/now/", forum_feeds.now, name="forum_now"),
    path("forums/<int:page_id>/calendar.ics", forum_feeds.calendar, name="forum_calendar"),
    path("forums/<int:page_id>/feed.atom", forum_feeds.atom, name="forum_atom"),
    path("faq/<int:pk>/useful/", faq.faq_opinion_form, name="faq_opinion_form"),
    path("api/v1/faq", faq.faq_search, name="faq_search"),
    path("api/v1/faq/outcomes", faq.faq_outcomes, name="faq_outcomes"),
    path("api/v1/faq/<int:pk>/opinion", faq.faq_opinion, name="faq_opinion"),
    path("api/v1/conversations", chat.start, name="start"),
    path("api/v1/conversations/<uuid:public_id>", chat.conversation, name="conversation"),
    path("api/v1/conversations/<uuid:public_id>/messages", chat.messages, name="messages"),
    path("api/v1/conversations/<uuid:public_id>/extend", chat.extend, name="extend"),
    path("api/v1/conversations/<uuid:public_id>/end", chat.end, name="end"),
    path("api/v1/conversations/<uuid:public_id>/rating", chat.rating, name="rating"),
    path("api/v1/conversations/<uuid:public_id>/transcript", chat.transcript, name="transcript"),
]
