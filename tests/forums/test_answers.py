"""People answer and quote one another: one level deep, checked on the server, the text kept."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.errors import Invalid, NotPermitted
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.paging import ANSWERS_SHOWN
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.targets import TargetGone, Wanted

from .test_form import TEXT, address, fill_in, kept_text


@pytest.fixture
def debate(make_forum):
    """A forum that publishes at once."""
    return make_forum(moderation=Moderation.AFTER)


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def open_form(client: Client, forum, query: str) -> str:
    return client.get(f"{address(forum)}?{query}").content.decode()


def hidden_of(html: str) -> dict[str, str]:
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
    }


def test_an_answer_stands_in_the_thread_it_answers(debate, submit):
    thread = submit(debate)
    answer = submit(debate, wanted=Wanted(reply_to=thread.pk))
    assert answer.reply_to == thread
    assert answer.status == Status.APPROVED


def test_an_answer_to_an_answer_stays_one_level_deep(debate, submit):
    thread = submit(debate)
    answer = submit(debate, wanted=Wanted(reply_to=thread.pk))
    assert submit(debate, wanted=Wanted(reply_to=answer.pk)).reply_to == thread


def test_a_quotation_stands_in_the_thread_with_the_words_as_they_are(debate, submit):
    thread = submit(debate, text="Fruit on Mondays.\n\nBread on Fridays.")
    answer = submit(debate, wanted=Wanted(quoted=thread.pk, quote="Mondays. Bread"))
    assert (answer.reply_to, answer.quoted, answer.quote) == (thread, thread, "Mondays. Bread")


def test_words_that_nobody_wrote_are_not_quoted(debate, submit):
    thread = submit(debate, text="Fruit on Mondays.")
    for quote in ("Fruit is bad.", "fruit on mondays."):
        with pytest.raises(Invalid) as refusal:
            submit(debate, wanted=Wanted(quoted=thread.pk, quote=quote))
        assert set(refusal.value.errors) == {"quote"}
    assert Contribution.objects.count() == 1


def test_a_quotation_has_a_limit(debate, submit):
    thread = submit(debate, text="a" * 400)
    with pytest.raises(Invalid):
        submit(debate, wanted=Wanted(quoted=thread.pk, quote="a" * 301))


@pytest.mark.parametrize("status", [Status.HELD, Status.REMOVED, Status.UNPROVED])
def test_what_is_not_published_is_not_answered(debate, submit, status):
    thread = submit(debate)
    thread.set_status(status, timezone.now())
    thread.save()
    with pytest.raises(TargetGone):
        submit(debate, wanted=Wanted(reply_to=thread.pk))


def test_an_answer_whose_thread_was_taken_down_is_not_answered_either(debate, submit):
    thread = submit(debate)
    answer = submit(debate, wanted=Wanted(reply_to=thread.pk))
    thread.set_status(Status.REMOVED, timezone.now())
    thread.save()
    with pytest.raises(TargetGone):
        submit(debate, wanted=Wanted(reply_to=answer.pk))


def test_a_contribution_of_another_forum_is_not_answered(debate, make_forum, submit):
    elsewhere = submit(make_forum("Roads", moderation=Moderation.AFTER))
    with pytest.raises(TargetGone):
        submit(debate, wanted=Wanted(reply_to=elsewhere.pk))


def test_the_rules_of_the_forums_may_keep_people_from_answering(debate, submit, site):
    thread = submit(debate)
    ForumPolicy.objects.update_or_create(site=site, defaults={"replies": False})
    with pytest.raises(NotPermitted):
        submit(debate, wanted=Wanted(reply_to=thread.pk))


def test_by_form_an_answer_and_a_quotation_are_seen_under_what_they_answer(
    visitor,
    debate,
    submit,
):
    thread = submit(debate, text="Fruit <b>on</b> Mondays.")
    html = open_form(visitor, debate, f"quoted={thread.pk}")
    assert "You quote Ana Pérez" in html
    assert "Fruit &lt;b&gt;on&lt;/b&gt; Mondays.</textarea>" in html
    data = fill_in(visitor, debate, quoted=str(thread.pk), quote="Mondays.")
    assert visitor.post(address(debate), data).status_code == 302
    page = visitor.get(debate.url).content.decode()
    assert "<p>Mondays.</p>" in page
    assert f"/contributions/{thread.pk}/#contribution-{thread.pk}" in page


def test_the_form_opened_to_answer_carries_what_it_answers(visitor, debate, submit):
    thread = submit(debate)
    hidden = hidden_of(open_form(visitor, debate, f"reply_to={thread.pk}"))
    assert hidden["reply_to"] == str(thread.pk)


@pytest.mark.parametrize("forged", ["999999", "-1", "1 OR 1=1", "9" * 40, "<script>"])
def test_a_forged_target_is_told_and_the_text_goes_on_without_it(visitor, debate, forged):
    response = visitor.post(address(debate), fill_in(visitor, debate, reply_to=forged))
    html = response.content.decode()
    assert response.status_code in (400, 409)
    assert "send it again to publish it on its own" in html
    assert kept_text(html).split() == TEXT.split()
    assert not Contribution.objects.exists()
    again = {**fill_in(visitor, debate), **hidden_of(html)}
    assert not again.get("reply_to")
    assert visitor.post(address(debate), again).status_code == 302


def test_a_wrong_quotation_comes_back_with_everything_typed(visitor, debate, submit):
    thread = submit(debate, text="Fruit on Mondays.")
    data = fill_in(visitor, debate, quoted=str(thread.pk), quote="Never said.")
    response = visitor.post(address(debate), data)
    html = response.content.decode()
    assert response.status_code == 400
    assert "These words are not in the contribution" in html
    assert "Never said.</textarea>" in html
    assert TEXT.split()[-1] in html
    assert hidden_of(html)["quoted"] == str(thread.pk)


def test_the_words_of_what_was_taken_down_are_not_shown_in_a_quotation(
    visitor,
    debate,
    submit,
):
    thread = submit(debate, text="Something shameful.")
    other = submit(debate, text="Another thing.")
    submit(debate, wanted=Wanted(other.pk, thread.pk, "shameful"))
    assert "shameful" in visitor.get(debate.url).content.decode()
    thread.set_status(Status.REMOVED, timezone.now())
    thread.save()
    assert "shameful" not in visitor.get(debate.url).content.decode()


def test_a_long_thread_is_cut_in_the_list_and_whole_on_its_own_page(client, debate, publish):
    (thread,) = publish(debate, 1)
    answers = publish(debate, 60, reply_to=thread)
    listed = client.get(debate.url).content.decode()
    assert listed.count("<article") == 1 + ANSWERS_SHOWN
    assert "All the answers to" in listed
    url: str | None = reverse("atencion:forum_contribution", args=[debate.pk, thread.pk])
    seen: list[str] = []
    while url:
        html = client.get(url).content.decode()
        seen += re.findall(r'<article[^>]* id="([^"]+)"', html)[1:]
        more = re.search(r'rel="next" href="([^"]+)"', html)
        url = more[1] if more else None
    assert seen == [answer.anchor for answer in answers]


def test_the_entitys_answer_leads_however_many_people_answered_before(client, debate, publish):
    (thread,) = publish(debate, 1)
    answers = publish(debate, 30, reply_to=thread)
    Contribution.objects.filter(reply_to=thread).update(official=False)
    Contribution.objects.filter(pk=answers[-1].pk).update(official=True)
    shown = re.findall(r'<article[^>]* id="([^"]+)"', client.get(debate.url).content.decode())
    assert shown[:2] == [thread.anchor, answers[-1].anchor]


@pytest.mark.parametrize("status", [Status.HELD, Status.REMOVED, Status.UNPROVED])
def test_the_page_of_what_is_not_published_is_not_there(client, debate, submit, status):
    contribution = submit(debate)
    contribution.set_status(status, timezone.now())
    contribution.save()
    url = reverse("atencion:forum_contribution", args=[debate.pk, contribution.pk])
    assert client.get(url).status_code == 404
