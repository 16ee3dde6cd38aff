from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AtencionConfig(AppConfig):
    name = "wagtail_atencion"
    label = "wagtail_atencion"
    verbose_name = _("Citizen attention")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_atencion import (  # noqa: F401  register the system checks
            checks,
            metrics,
            production_checks,
            tasks,
        )
        from wagtail_atencion.chat import (  # noqa: F401  hear the signals
            broadcast,
            presence_news,
            receivers,
        )
        from wagtail_atencion.chat import personal_data as _chat  # noqa: F401  tell what they keep
        from wagtail_atencion.conditions import receivers as _conditions  # noqa: F401
        from wagtail_atencion.conduct import own_data as _conduct  # noqa: F401
        from wagtail_atencion.faq import personal_data as _faq  # noqa: F401
        from wagtail_atencion.faq import receivers as _faq_receivers  # noqa: F401
        from wagtail_atencion.faq import search_receivers as _faq_search  # noqa: F401
        from wagtail_atencion.forums import news as _forum_news  # noqa: F401  owes mails
        from wagtail_atencion.forums import personal_data as _forums  # noqa: F401
        from wagtail_atencion.forums import receivers as _forum_receivers  # noqa: F401
        from wagtail_atencion.forums import result_files as _files  # noqa: F401  has chores
