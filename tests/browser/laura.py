"""The agent, where a test is about the citizen: at work beside the site, without a desk."""

from __future__ import annotations

from .demo import LiveSite


class Laura:
    """Does what agents do through the services, with the newest conversation."""

    def __init__(self, site: LiveSite) -> None:
        self.site = site

    def accept(self) -> None:
        self._do("services.accept_conversation(conversation_id=c.public_id, agent=laura)")

    def say(self, text: str) -> None:
        self._do(
            "services.post_as_agent(conversation_id=c.public_id, agent=laura, client_id=uuid4(),"
            f" text={text!r}, origin=Origin(ip=None, user_agent='', door=Door.ADMIN))"
        )

    def end(self, reason: str = "agent") -> None:
        self._do(
            "endings.end_as_agent(conversation_id=c.public_id, agent=laura,"
            f" reason=EndReason({reason!r}))"
        )

    def _do(self, deed: str) -> None:
        self.site.python(
            "from uuid import uuid4\n"
            "from django.contrib.auth.models import User\n"
            "from wagtail_atencion.chat import endings, services\n"
            "from wagtail_atencion.chat.lifecycle import EndReason\n"
            "from wagtail_atencion.conduct.origin import Door, Origin\n"
            "from wagtail_atencion.models import Conversation\n"
            "laura = User.objects.get(username='agente1')\n"
            "c = Conversation.objects.order_by('-created_at').first()\n" + deed
        )
