"""Public addresses: a site mounts them once, at a path of its choice."""

from django.urls import path

from wagtail_atencion import entrance
from wagtail_atencion.chat import plain_talk, plain_views
from wagtail_atencion.chat import views as chat
from wagtail_atencion.conditions import views as conditions
from wagtail_atencion.conduct import views as rights
from wagtail_atencion.faq import views as faq
from wagtail_atencion.forums import feeds as forum_feeds
from wagtail_atencion.forums import views as forums

app_name = "atencion"

urlpatterns = [
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
    path("forums/<int:page_id>/now/", forum_feeds.now, name="forum_now"),
    path("forums/<int:page_id>/calendar.ics", forum_feeds.calendar, name="forum_calendar"),
    path("forums/<int:page_id>/feed.atom", forum_feeds.atom, name="forum_atom"),
    path("api/v1/state", chat.state, name="state"),
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
