"""What a process remembers of the questions, and when it looks again."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.checks import check_settings
from wagtail_atencion.faq import memory
from wagtail_atencion.faq.inquiries import FAQDay
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.services import search_faqs, suggest_faqs
from wagtail_atencion.faq.synonyms import FAQSynonyms, SearchStamp


def find(query: str, locale) -> list[FAQ]:
    return search_faqs(query, locale=locale)


def elsewhere(locale) -> None:
    """Another process has written: this one hears of it only by the stamp."""
    SearchStamp.objects.filter(pk=locale.pk).update(number=1000)


def later(monkeypatch, seconds: float) -> None:
    now = memory.time.monotonic() + seconds
    monkeypatch.setattr(memory.time, "monotonic", lambda: now)


def test_what_another_process_published_is_found_within_a_second(
    licence, spanish, monkeypatch
) -> None:
    find("licencia", spanish)
    FAQ.objects.filter(pk=licence.pk).update(question="¿Dónde queda el acuario?")
    elsewhere(spanish)
    assert find("acuario", spanish) == []
    later(monkeypatch, memory.FRESH + 0.1)
    assert find("acuario", spanish) == [licence]


def test_nothing_is_read_while_nothing_changes(
    licence, spanish, monkeypatch, django_assert_num_queries
) -> None:
    find("licencia", spanish)
    later(monkeypatch, memory.FRESH + 0.1)
    with django_assert_num_queries(2):  # the stamp and the row found
        find("licencia", spanish)
    with django_assert_num_queries(1):
        find("licencia", spanish)


def test_rows_written_in_bulk_are_noticed_in_time(licence, spanish, monkeypatch) -> None:
    find("licencia", spanish)
    FAQ.objects.filter(pk=licence.pk).update(keywords="acuario")
    later(monkeypatch, memory.OLD + 1)
    assert find("acuario", spanish) == [licence]


def test_what_is_withdrawn_is_never_shown(licence, spanish) -> None:
    find("licencia", spanish)
    FAQ.objects.filter(pk=licence.pk).update(live=False)  # not even by who has not heard of it
    assert find("licencia", spanish) == []


def test_a_deleted_question_is_forgotten(licence, passport, spanish) -> None:
    assert find("licencia", spanish) == [licence]
    licence.delete()
    assert find("licencia", spanish) == []


def test_drafts_do_not_make_processes_read_again(licence, spanish) -> None:
    find("licencia", spanish)
    before = SearchStamp.objects.get(pk=spanish.pk).number
    licence.save_revision()
    assert SearchStamp.objects.get(pk=spanish.pk).number == before


def test_editors_teach_synonyms(licence, passport, spanish) -> None:
    assert find("libreta internacional", spanish) == []
    group = FAQSynonyms.objects.create(words="pasaporte,  libreta internacional,", locale=spanish)
    assert group.words == "pasaporte, libreta internacional"
    assert find("libreta internacional", spanish) == [passport]
    group.delete()
    assert find("libreta internacional", spanish) == []


@pytest.mark.parametrize("words", ["pase", "pase, ", ",".join("abcdefghijklmnopqrstuvwxyz")])
def test_a_group_has_two_words_and_not_too_many(words, spanish) -> None:
    with pytest.raises(ValidationError) as refusal:
        FAQSynonyms(words=words, locale=spanish).full_clean()
    assert "words" in refusal.value.message_dict


def test_synonyms_are_edited_in_the_admin(admin_client, site, licence) -> None:
    add = reverse("wagtailsnippets_wagtail_atencion_faqsynonyms:add")
    assert admin_client.post(add, {"words": "pase"}).status_code == 200
    assert not FAQSynonyms.objects.exists()
    assert admin_client.post(add, {"words": "pase, brevete"}).status_code == 302
    html = admin_client.get(reverse("wagtailsnippets_wagtail_atencion_faqsynonyms:list"))
    assert "pase, brevete" in html.content.decode()


def test_synonyms_need_a_permission(client, agent) -> None:
    client.force_login(agent)
    add = reverse("wagtailsnippets_wagtail_atencion_faqsynonyms:add")
    assert client.post(add, {"words": "pase, brevete"}).status_code == 302
    assert not FAQSynonyms.objects.exists()


def test_what_citizens_liked_comes_first(make_faq, spanish) -> None:
    first, second = (make_faq("¿Hay becas de estudio?") for _ in range(2))
    assert find("becas", spanish) == [first, second]
    FAQDay.objects.create(faq=second, day=timezone.localdate(), opened=50, useful=20)
    memory.forget()
    assert find("becas", spanish) == [second, first]


def test_suggestions_come_while_typing(licence, passport, spanish) -> None:
    assert suggest_faqs("como saco la lic", locale=spanish)[0] == licence
    assert suggest_faqs("pasap", locale=spanish) == [passport]
    assert suggest_faqs("", locale=spanish) == suggest_faqs("  ", locale=spanish) == []


@override_settings(WAGTAIL_ATENCION={"FAQ_SEARCH": "wagtail_atencion.faq.search.BackendSearch"})
def test_wagtails_backend_can_search_instead(licence, passport, spanish) -> None:
    found = find("¿dónde saco la licencia de conducción?", spanish)
    assert found == [licence]
    assert found[0].confident
    assert 0 < found[0].score <= 1
    assert suggest_faqs("pasap", locale=spanish) == [passport]
    for query in ("", '"', "\x00", "de la", "x" * 5000):
        assert find(query, spanish) == []


@override_settings(WAGTAIL_ATENCION={"FAQ_SEARCH": "no.such.Search"})
def test_a_search_that_does_not_exist_is_told() -> None:
    assert "wagtail_atencion.E007" in {problem.id for problem in check_settings()}
