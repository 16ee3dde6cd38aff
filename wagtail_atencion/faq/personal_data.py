"""What the FAQ keeps of what people ask: nothing says whose it is, and it ages all the same."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion.conduct import personal_data
from wagtail_atencion.conduct.personal_data import Person, Record
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.faq.opinions import FAQComment, Opinion
from wagtail_atencion.faq.retention import erase_old_inquiries, erase_old_opinions


class Inquiries:
    name = "inquiries"
    label = _("Questions to the FAQ")
    tables = (Inquiry, FAQComment, Opinion)

    def find(self, person: Person) -> list[Record]:
        return []

    def correct(self, person: Person, *, name: str, email: str) -> int:
        return 0

    def erase(self, person: Person) -> int:
        return 0

    def expire(self, site: Site, now: datetime) -> int:
        return erase_old_inquiries(site) + erase_old_opinions()


personal_data.register(Inquiries())
