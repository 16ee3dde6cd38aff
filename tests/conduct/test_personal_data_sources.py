"""Every table that holds something of a person has a source that answers for it."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from wagtail_atencion.conduct import personal_data

# Those without a person's data: what the entity writes, and figures.
IMPERSONAL = {
    "accessrecord",  # of staff
    "atencionsettings",
    "attendance",  # of staff
    "barredword",
    "cannedreply",
    "conditionspage",
    "conductpolicy",
    "faq",
    "faqcategory",
    "faqday",
    "faqindexpage",
    "faqsynonyms",
    "forumindexpage",
    "forumpage",
    "forumpolicy",
    "listrevision",
    "openinghours",
    "pqrdrule",
    "presence",  # of staff
    "publicfigure",
    "scheduleexception",
    "searchstamp",
    "terms",
    "topic",
}


def test_every_table_has_a_source_that_answers_for_it():
    answered = {model for source in personal_data.sources() for model in source.tables}
    unanswered = {
        model._meta.model_name
        for model in apps.get_app_config("wagtail_atencion").get_models()
        if model not in answered
    }
    assert unanswered - IMPERSONAL == set(), "register a Source: see conduct/personal_data.py"
    for model in answered:
        assert issubclass(model, models.Model)
