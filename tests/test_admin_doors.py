"""The table of the admin: every address, and who may use it (the desk: chat/test_desk_doors.py).

An address that is not in the table fails, with its name. Each is tried by somebody
anonymous, by an editor without any permission of ours, by one person for each permission that opens
it, and by somebody who has every other permission of ours.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.admin_doors import Address, addresses
from tests.conftest import staff
from wagtail_atencion import permissions as ours

CONDITIONS = "wagtail_atencion.change_atencionsettings"
SNIPPETS = (
    "faq",
    "faqcategory",
    "faqsynonyms",
    "terms",
    "pqrdrule",
    "cannedreply",
    "barredword",
    "publicfigure",
    "topic",
    "attendance",
)
VIEWS = [
    "list",
    "list_results",
    "add",
    "edit",
    "delete",
    "usage",
    "history",
    "history_results",
    "inspect",
    "copy",
    "reorder",
    "preview_on_add",
    "preview_on_edit",
    "revisions_view",
    "revisions_revert",
    "revisions_compare",
    "revisions_unschedule",
    "unpublish",
    "lock",
    "unlock",
    "workflow_action",
    "collect_workflow_action_data",
    "confirm_workflow_cancellation",
    "workflow_history",
    "workflow_history_detail",
    "workflow_preview",
]
CHOOSING = ("choose", "choose_results", "chosen", "chosen_multiple")

ANYBODY = "wagtailadmin.access_admin"
NOBODY: tuple[str, ...] = ()


def writes(model: str) -> str:
    return f"write_{model}"  # add, change and delete


RECORDS = {
    "conversations": ours.READ_TRANSCRIPTS,
    "ratings": ours.READ_TRANSCRIPTS,
    "contributions": ours.MODERATE,
    "submissions": ours.VIEW_SUBMISSIONS,
    "mails": ours.VIEW_SUBMISSIONS,
    "sanctions": ours.SANCTION,
    "rights": ours.RIGHTS,
    "accesses": ours.VIEW_ACCESSES,
}

TABLE: dict[str, tuple[str, ...]] = {
    "atencion_desk_waiting": (ours.ANSWER, ours.SUPERVISE),
    "atencion_desk_replies": (ours.ANSWER, ours.SUPERVISE),
    "atencion_desk": (ours.ANSWER, ours.SUPERVISE),
    "atencion_desk_news": (ours.ANSWER, ours.SUPERVISE),
    "atencion_desk_operation": (ours.ANSWER, ours.SUPERVISE),
    "atencion_service": (ours.SUPERVISE,),
    "atencion_service_of": (ours.SUPERVISE,),
    "atencion_decide": (ours.MODERATE,),
    # Whose forum it is, and who may answer in it, each view asks: forums/test_results_admin.py.
    "atencion_forums": (ANYBODY,),
    "atencion_forums_results": (ANYBODY,),
    "atencion_forum_admin": (ANYBODY,),
    "atencion_forum_answers": (ANYBODY,),
    "atencion_forum_answer": (ANYBODY,),
    "atencion_forum_export": (ours.EXPORT_CONTRIBUTORS,),
    "atencion_sanction_new": (ours.SANCTION,),
    "atencion_person": (ours.RIGHTS,),
    "atencion_try_text": (writes("barredword"),),
    "atencion_words_import": (writes("barredword"),),
    "atencion_figures_import": (writes("publicfigure"),),
    "atencion_hours_preview": (CONDITIONS,),
    "atencion_faq_hints": (writes("faq"),),
    "atencion_faq_import": (writes("faq"),),
    "atencion_faq_asked": (writes("faq"),),
    "atencion_faq_due": (writes("faq"),),
    "atencion_faq_due_results": (writes("faq"),),
    "atencion_faq_to_chat": (writes("faq"),),
    "atencion_faq_to_chat_results": (writes("faq"),),
    "atencion_faq_comments": (writes("faq"),),
    "atencion_faq_comments_results": (writes("faq"),),
    # What a public page may show is offered to whoever edits pages.
    **{
        f"wagtailsnippetchoosers_wagtail_atencion_{model}:{view}": (ANYBODY,)
        for model in SNIPPETS
        for view in CHOOSING
    },
    **{
        f"wagtailsnippetchoosers_wagtail_atencion_{model}:create": (writes(model),)
        for model in SNIPPETS
    },
    **{
        f"wagtailsnippets_wagtail_atencion_{model}:{view}": (writes(model),)
        for model in SNIPPETS
        for view in VIEWS
    },
    # Publishing, locking and workflows have permissions of their own, which nobody here has.
    **{
        f"wagtailsnippets_wagtail_atencion_{model}:{view}": NOBODY
        for model in ("faq", "terms")
        for view in ("unpublish", "lock", "unlock")
    },
    **{
        f"atencion_{name}_modeladmin_{view}": (permission,)
        for name, permission in RECORDS.items()
        for view in ("index", "inspect")
    },
    **{
        f"atencion_contributions_modeladmin_{view}": NOBODY for view in ("create", "edit", "delete")
    },
}


@pytest.fixture
def person(site):
    """Signs in somebody with access to the admin and what is named."""

    @cache
    def person(names: tuple[str, ...]) -> Client:
        exact: list[str] = []
        for name in names:
            model = name.removeprefix("write_")
            verbs = ("add", "change", "delete")
            exact += [f"wagtail_atencion.{v}_{model}" for v in verbs] if model != name else [name]
        client = Client(raise_request_exception=False)
        client.force_login(staff(f"person-{User.objects.count()}", *exact))
        return client

    return person


def opens(client: Client, url: str, method: str = "get") -> bool:
    """Whether the door lets somebody in, be it to a page that is missing or to another method."""
    answer = getattr(client, method)(url)
    assert answer.status_code < 500, (method, url)
    refused = (reverse("wagtailadmin_home"), reverse("wagtailadmin_login"))
    return answer.status_code != 403 and not (
        answer.status_code == 302 and answer.url.split("?")[0] in refused
    )


def test_every_address_is_in_the_table():
    found = set(addresses())
    assert sorted(found - set(TABLE)) == [], "say in TABLE who may use these addresses"
    named = {name for name in TABLE if ":" not in name}
    assert sorted(named - found) == [], "these addresses are gone: take them out of TABLE"


@pytest.mark.parametrize("group", [*SNIPPETS, "records", "pages"])
def test_each_address_opens_to_whom_the_table_says(person, site, group):
    wrong = []
    everything = {name for names in TABLE.values() for name in names} | set(ours.ALL)
    everything -= {ANYBODY}
    for name, address in addresses().items():
        if name not in TABLE or group_of(name) != group:
            continue
        url = address.url(known(site))
        allowed = TABLE[name]
        others = tuple(sorted(everything - set(allowed)))
        expected = {"anonymous": False, **dict.fromkeys(allowed, True)}
        who = {"anonymous": Client(), **{one: person((one,)) for one in allowed}}
        if ANYBODY not in allowed:
            who |= {"editor": person((ANYBODY,)), "all the others": person(others)}
            expected |= {"editor": False, "all the others": False}
        missing = is_missing(address, url, admin=person)
        for one, client in who.items():
            for method in ("get", "post") if not expected[one] else ("get",):
                opened = opens(client, url, method)
                if opened != expected[one] and not (opened and missing):
                    wrong.append(f"{name}: {method} by {one} is {'taken' if opened else 'refused'}")
    assert wrong == []


def group_of(name: str) -> str:
    for model in SNIPPETS:
        if f"_{model}:" in name:
            return model
    return "records" if "_modeladmin_" in name else "pages"


def known(site) -> dict[str, object]:
    """What addresses take; a row that does not exist is as missing for those who may see it."""
    values = {"site_id": site.pk, "revision_id_a": "earliest", "revision_id_b": "latest"}
    return defaultdict(lambda: 1, action_name="approve", **values)


def is_missing(address: Address, url: str, *, admin) -> bool:
    """Whether even a superuser finds nothing there: then there is nothing to see for anybody."""
    if not address.takes:
        return False
    root, _created = User.objects.get_or_create(
        username="root", defaults={"is_superuser": True, "is_staff": True}
    )
    client = Client()
    client.force_login(root)
    return client.get(url).status_code == 404
