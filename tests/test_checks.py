from __future__ import annotations

import sys
import zoneinfo

import pytest
from django.apps import apps

from wagtail_atencion.checks import check_settings


def ids():
    return [problem.id.removeprefix("wagtail_atencion.") for problem in check_settings()]


def test_a_right_project_is_told_nothing():
    assert ids() == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"WAGTAIL_ATENCION": {"TRUSTED_PROXY": 1}}, ["E001"]),
        ({"WAGTAIL_ATENCION": {"RATES": {"chats": "1/m"}}}, ["E002"]),
        ({"WAGTAIL_ATENCION": {"TRUSTED_PROXIES": "1"}}, ["E003"]),
        ({"SITE_ID": None}, ["E005"]),
        ({"WAGTAIL_ATENCION": {"FAQ_SEARCH": "nowhere.Search"}}, ["E007"]),
        (
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}},
            ["W001"],
        ),
        ({"ASGI_APPLICATION": None}, ["W002"]),
        ({"CHANNEL_LAYERS": {}}, ["W003"]),
        ({"DEFAULT_FROM_EMAIL": "webmaster@localhost"}, ["W004"]),
        ({"DEFAULT_FROM_EMAIL": "webmaster@localhost", "DEBUG": True}, []),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["W005"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend", "DEBUG": True}, []),
        ({"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}, ["W006"]),
        (
            {
                "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "EMAIL_TIMEOUT": 30,
            },
            [],
        ),
        (
            {"MAILERS": {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}},
            ["W005"],
        ),
    ],
)
def test_each_wrong_setting_is_told(settings, changes, told):
    for name, value in changes.items():
        setattr(settings, name, value)
    assert ids() == told
    assert all(problem.msg and problem.hint for problem in check_settings())


def test_an_app_left_out_is_told(monkeypatch):
    installed = apps.is_installed
    monkeypatch.setattr(
        apps, "is_installed", lambda name: name != "wagtail_modeladmin" and installed(name)
    )
    assert ids() == ["E004"]


@pytest.fixture
def no_time_zones(monkeypatch):
    """Neither the system's time zones nor the package with them."""
    imported = {name for name in sys.modules if name.startswith("tzdata.")}
    for name in imported | {"tzdata"}:
        monkeypatch.setitem(sys.modules, name, None)
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache(only_keys=["America/Bogota"])
    yield
    zoneinfo.reset_tzpath()


@pytest.mark.usefixtures("no_time_zones")
def test_a_machine_without_time_zones_is_told_what_to_install():
    (problem,) = check_settings()
    assert problem.id == "wagtail_atencion.E006"
    assert "pip install tzdata" in problem.hint
