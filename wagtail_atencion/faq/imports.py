"""Questions from a spreadsheet: first a plan, which changes nothing, then the import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from wagtail_atencion.errors import Text
from wagtail_atencion.faq.columns import Column, Row, read_row, recognised
from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.rich_text import same_text
from wagtail_atencion.faq.text import fold

ADD, CHANGE, PUBLISH = (f"wagtail_atencion.{verb}_faq" for verb in ("add", "change", "publish"))
ADD_CATEGORY = "wagtail_atencion.add_faqcategory"


class Verdict(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    ERROR = "error"


@dataclass(slots=True)
class PlannedRow:
    """What is to be done with one row, and what is wrong with it or worth knowing."""

    number: int
    question: str
    verdict: Verdict
    values: dict[str, Any] = field(default_factory=dict)
    faq: FAQ | None = None
    problems: list[Text] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    rows: list[PlannedRow]
    unknown: list[str]  # headings that no column has
    missing: list[Column]  # columns without which nothing can be imported

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict is verdict for row in self.rows)


@dataclass(slots=True)
class Imported:
    created: int = 0
    updated: int = 0
    published: int = 0


def plan_import(rows: Sequence[tuple[int, list[str]]], *, user: User) -> Plan:
    """What importing ``rows``, the first of which are the headings, would do for ``user``."""
    headings = rows[0][1]
    columns = recognised(headings)
    unknown = [text for place, text in enumerate(headings) if text and place not in columns]
    needed = {Column.QUESTION, Column.SLUG}
    if not needed & set(columns.values()):
        return Plan([], unknown, [Column.QUESTION])
    read = [
        (number, read_row({column: _cell(cells, place) for place, column in columns.items()}))
        for number, cells in rows[1:]
    ]
    return Plan(_Planner(user, [row for _number, row in read]).plan(read), unknown, [])


def apply_import(plan: Plan, *, user: User, publish: bool) -> Imported:
    """Do what ``plan`` says, all or nothing; rows with errors and unchanged ones are left out.

    With ``publish``, and if ``user`` may, what is imported is published; what the sheet calls a
    draft, and a question that has an edit still to be published, is not.
    """
    done = Imported()
    with transaction.atomic():
        for row in plan.rows:
            if row.verdict is Verdict.CREATE:
                done.created += 1
            elif row.verdict is Verdict.UPDATE:
                done.updated += 1
            else:
                continue
            done.published += _store(row, user, publish and user.has_perm(PUBLISH))
    return done


class _Planner:
    """Reads once what all the rows refer to."""

    def __init__(self, user: User, rows: Iterable[Row]) -> None:
        self.user = user
        self.default = Locale.get_default()
        self.locales = {locale.language_code.lower(): locale for locale in Locale.objects.all()}
        self.categories = {
            (category.locale_id, fold(category.name)): category
            for category in FAQCategory.objects.select_related("locale")
        }
        found = FAQ.objects.select_related("locale", "category", "latest_revision", "locked_by")
        slugs = [row.values["slug"] for row in rows if row.values.get("slug")]
        questions = [row.values["question"] for row in rows if row.values.get("question")]
        self.by_slug = {(faq.locale_id, faq.slug): faq for faq in found.filter(slug__in=slugs)}
        self.by_question = {
            (faq.locale_id, faq.question): faq for faq in found.filter(question__in=questions)
        }
        self.seen: dict[tuple[int, str], int] = {}

    def plan(self, read: Iterable[tuple[int, Row]]) -> list[PlannedRow]:
        return [self._row(number, row) for number, row in read]

    def _row(self, number: int, row: Row) -> PlannedRow:
        values = dict(row.values)
        planned = PlannedRow(number, values.get("question", ""), Verdict.ERROR, values)
        planned.problems += row.problems
        locale = self._locale(values.pop("language", ""), planned)
        if locale is None:
            return planned
        faq = planned.faq = self._find(locale, values)
        self._category(locale, values, planned)
        self._check_permission(planned)
        self._check_twice(locale, values, planned)
        if faq is None:
            self._check_new(values, planned)
        elif (lock := faq.get_lock()) and lock.for_user(self.user):
            planned.problems.append(_("It is locked: ask whoever locked it."))
        if planned.problems:
            return planned
        values["locale"] = locale
        planned.question = values.get("question") or str(faq)
        planned.verdict = Verdict.UPDATE if faq else Verdict.CREATE
        if faq:
            self._compare(faq, values, planned)
        return planned

    def _locale(self, language: str, planned: PlannedRow) -> Locale | None:
        locale = self.locales.get(language.lower()) if language else self.default
        if locale is None:
            problem = _("The site has no language “%(language)s”.") % {"language": language}
            planned.problems.append(problem)
        return locale

    def _find(self, locale: Locale, values: dict[str, Any]) -> FAQ | None:
        """The question with that short name; without one, that with the very same words."""
        if slug := values.get("slug"):
            return self.by_slug.get((locale.pk, slug))
        return self.by_question.get((locale.pk, values.get("question", "")))

    def _category(self, locale: Locale, values: dict[str, Any], planned: PlannedRow) -> None:
        name = values.pop("category", "")
        if not name:
            return
        key = (locale.pk, fold(name))
        if key not in self.categories:
            if not self.user.has_perm(ADD_CATEGORY):
                told = {"name": name}
                planned.problems.append(_("There is no category “%(name)s”.") % told)
                return
            # One object for all its rows: it is stored with the first of them.
            self.categories[key] = FAQCategory(name=name, locale=locale)
        values["category"] = self.categories[key]
        if self.categories[key].pk is None:
            planned.notes.append(_("New category: %(name)s") % {"name": name})

    def _check_permission(self, planned: PlannedRow) -> None:
        if planned.faq is None and not self.user.has_perm(ADD):
            planned.problems.append(_("You may not add questions."))
        elif planned.faq and not self.user.has_perm(CHANGE):
            planned.problems.append(_("You may not change questions."))

    def _check_twice(self, locale: Locale, values: dict[str, Any], planned: PlannedRow) -> None:
        name = values.get("slug") or values.get("question") or ""
        before = self.seen.setdefault((locale.pk, name), planned.number)
        if name and before != planned.number:
            problem = _("Row %(number)d is about the same question.") % {"number": before}
            planned.problems.append(problem)

    def _check_new(self, values: dict[str, Any], planned: PlannedRow) -> None:
        for name, problem in (
            ("question", _("The question is missing.")),
            ("answer", _("The answer is missing.")),
            ("category", _("The category is missing.")),
        ):
            if not values.get(name) and not planned.problems:
                planned.problems.append(problem)

    def _compare(self, faq: FAQ, values: dict[str, Any], planned: PlannedRow) -> None:
        """Leave of ``values`` only what changes the newest version, published or not."""
        newest = faq.get_latest_revision_as_object()
        if same_text(newest.answer, values.get("answer", "")):
            values.pop("answer", None)
        changed = {
            name: value
            for name, value in values.items()
            if name not in {"locale", "status"} and getattr(newest, name) != value
        }
        planned.values = changed | {"status": values.get("status", "")}
        if not changed:
            planned.verdict = Verdict.SAME
        elif faq.live and faq.has_unpublished_changes:
            planned.notes.append(_("It has an edit still to be published: it stays a draft."))


def _store(row: PlannedRow, user: User, may_publish: bool) -> bool:
    """Store one row; whether it was published."""
    values = dict(row.values)
    draft = values.pop("status", "") == "draft"
    category = values.get("category")
    if category and category.pk is None:
        category.save()
    if row.faq:
        faq, has_draft = row.faq.get_latest_revision_as_object(), row.faq.has_unpublished_changes
        may_publish = may_publish and not (row.faq.live and has_draft)
    else:
        faq = FAQ(live=False)
    for name, value in values.items():
        setattr(faq, name, value)
    if faq.pk is None:
        faq.save()
    revision = faq.save_revision(user=user, log_action=True)
    if may_publish and not draft:
        revision.publish(user=user)
        return True
    return False


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
