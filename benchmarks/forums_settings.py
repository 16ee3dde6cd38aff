"""The settings of the tests, with django-contrib-comments and django-machina beside our app."""

from __future__ import annotations

from importlib.util import find_spec

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "benchmarks.forums_urls"
INSTALLED_APPS += ["django_comments"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
HAS_MACHINA = find_spec("machina") is not None

if HAS_MACHINA:
    from machina import MACHINA_MAIN_STATIC_DIR, MACHINA_MAIN_TEMPLATE_DIR

    INSTALLED_APPS += [
        "mptt",
        "haystack",
        "widget_tweaks",
        "machina",
        "machina.apps.forum",
        "machina.apps.forum_conversation",
        "machina.apps.forum_conversation.forum_attachments",
        "machina.apps.forum_conversation.forum_polls",
        "machina.apps.forum_feeds",
        "machina.apps.forum_moderation",
        "machina.apps.forum_search",
        "machina.apps.forum_tracking",
        "machina.apps.forum_member",
        "machina.apps.forum_permission",
    ]
    # Its pages are asked with its middleware, and ours without: see ``MACHINA_MIDDLEWARE``.
    MACHINA_MIDDLEWARE = [
        *MIDDLEWARE,
        "machina.apps.forum_permission.middleware.ForumPermissionMiddleware",
    ]
    TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], MACHINA_MAIN_TEMPLATE_DIR]
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("machina.core.context_processors.metadata")
    STATICFILES_DIRS = [MACHINA_MAIN_STATIC_DIR]
    HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
    MACHINA_TOPIC_POSTS_NUMBER_PER_PAGE = 20  # as many as ours; it would show 15
    MACHINA_DEFAULT_AUTHENTICATED_USER_FORUM_PERMISSIONS = ["can_see_forum", "can_read_forum"]
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "machina_attachments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }
