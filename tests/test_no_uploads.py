"""Nobody outside the staff can leave a file: no field, no form, no door takes one."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django import forms
from django.apps import apps
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse

import wagtail_atencion
from wagtail_atencion.urls import urlpatterns

PACKAGE = Path(wagtail_atencion.__file__).parent
# A form sent as URL parameters carries no file, whatever it holds.
FILE_IN_A_PAGE = re.compile(
    r"""type\s*=\s*["']?file|multipart/form-data|(?<!URLSearchParams\(new )FormData\(|"""
    r"DataTransfer|FileReader",
    re.IGNORECASE,
)


def subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def test_no_model_of_ours_holds_a_file() -> None:
    ours = apps.get_app_config("wagtail_atencion").get_models()
    assert not [
        f"{model.__name__}.{field.name}"
        for model in ours
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]


def test_no_form_of_a_public_page_takes_a_file() -> None:
    for module in pkgutil.walk_packages(wagtail_atencion.__path__, "wagtail_atencion."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)
    public = [
        form
        for form in subclasses(forms.BaseForm)
        if form.__module__.startswith("wagtail_atencion.") and "admin" not in form.__module__
    ]
    assert len(public) > 3
    assert not [
        f"{form.__name__}.{name}"
        for form in public
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField) or field.widget.needs_multipart_form
    ]


def test_no_public_page_or_script_asks_for_a_file() -> None:
    pages = [
        path
        for folder in ("templates", "static")
        for path in (PACKAGE / folder).rglob("*")
        if path.suffix in {".html", ".js"} and "admin" not in {path.stem, *path.parts}
    ]
    assert len(pages) > 50
    assert not [
        f"{path.relative_to(PACKAGE)}: {found[0]}"
        for path in pages
        if (found := FILE_IN_A_PAGE.search(path.read_text(encoding="utf-8")))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns])
def test_no_public_address_keeps_a_file(client, site, open_now, monkeypatch, name) -> None:
    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("a file was saved")

    monkeypatch.setattr(Storage, "save", never)
    (pattern,) = [each for each in urlpatterns if each.name == name]
    kinds = {"uuid": uuid4(), "int": 1, "string": "x", "slug": "x"}
    arguments = {
        argument: kinds[type(converter).__name__.removesuffix("Converter").lower()]
        for argument, converter in pattern.pattern.converters.items()
    }
    file = SimpleUploadedFile("evil.php", b"<?php ?>", content_type="application/x-php")
    fields = {"file": file, "text": file, "question": file, "comment": file, "name": file}
    answer = client.post(reverse(f"atencion:{name}", kwargs=arguments), fields)
    assert answer.status_code < 500
    assert "evil.php" not in answer.content.decode()
