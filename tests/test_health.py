"""Health: what each answer says, and that nothing that hangs makes it hang."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from wagtail_atencion import health
from wagtail_atencion.conduct.mails import OutgoingMail

LIVE, READY = "/atencion/health/live", "/atencion/health/ready"

# The probes ask from threads of their own: what they see must be committed.
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    probes = {name: health.Probe(probe.ask) for name, probe in health.PROBES.items()}
    monkeypatch.setattr(health, "PROBES", probes)
    cache.clear()


def asking(monkeypatch, name, ask):
    monkeypatch.setitem(health.PROBES, name, health.Probe(ask))


def test_live_asks_nobody(client):
    """No database mark: a query fails this test."""
    answer = client.get(LIVE)
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("path", [LIVE, READY])
def test_only_reading(client, path):
    assert client.post(path).status_code == 405


@committed
def test_ready_when_everything_is_there(client):
    answer = client.get(READY)
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ok",
            "database": {"status": "ok", "outbox_lag_seconds": 0.0},
            "cache": {"status": "ok", "sweeper_seen_seconds_ago": None},
            "layer": {"status": "ok"},
        },
    )
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@committed
@pytest.mark.parametrize("name", ["database", "cache", "layer"])
def test_what_fails_is_told_without_its_secrets(client, monkeypatch, caplog, name):
    def fail():
        raise OSError("redis://user:secret@10.0.0.1 refused")

    asking(monkeypatch, name, fail)
    answer = client.get(READY)
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
    assert answer.json()[name] == {"status": "failed"}
    assert "secret" not in answer.content.decode() + caplog.text
    assert "OSError" in caplog.text


@committed
@pytest.mark.parametrize("name", ["database", "cache", "layer"])
def test_what_hangs_is_told_in_time_and_piles_up_nothing(client, monkeypatch, name):
    release = threading.Event()
    asked = []

    def hang():
        asked.append(1)
        release.wait(30)
        return {"status": "ok"}

    asking(monkeypatch, name, hang)
    monkeypatch.setattr(health, "PATIENCE", 0.5)
    try:
        for _ in range(3):
            began = time.monotonic()
            answer = client.get(READY)
            assert time.monotonic() - began < 5
            assert answer.status_code == 503
            assert answer.json()[name] == {"status": "hanging"}
        assert len(asked) == 1
    finally:
        release.set()
    health.PROBES[name].running.result(10)
    monkeypatch.setattr(health, "PATIENCE", 10)
    assert client.get(READY).json()[name] == {"status": "ok"}


@committed
def test_a_migration_that_was_not_run_is_told(client):
    last = max(health._migrations())
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("wagtail_atencion", last)
    try:
        answer = client.get(READY)
        assert answer.status_code == 503
        assert answer.json()["database"] == {
            "status": "migrations missing",
            "migrations_missing": 1,
        }
    finally:
        recorder.record_applied("wagtail_atencion", last)
    assert client.get(READY).status_code == 200


@committed
def test_mail_that_waits_is_a_fact_and_no_failure(client, site):
    due = timezone.now() - timedelta(minutes=2)
    for moment in (due, timezone.now() + timedelta(hours=1)):
        OutgoingMail.objects.create(
            site=site, kind="rights_link", address="a@b.example", next_attempt_at=moment
        )
    answer = client.get(READY)
    assert answer.status_code == 200
    assert 119 < answer.json()["database"]["outbox_lag_seconds"] < 180
    assert "b.example" not in answer.content.decode()


@committed
def test_the_sweeper_is_seen(client):
    call_command("atencion_sweep", once=True, stdout=StringIO())
    assert client.get(READY).json()["cache"]["sweeper_seen_seconds_ago"] < 60


@committed
def test_a_cache_that_died_does_not_stop_the_sweeper(monkeypatch):
    def dead(*args):
        raise OSError("no cache")

    monkeypatch.setattr(cache, "set", dead)
    call_command("atencion_sweep", once=True, stdout=StringIO(), stderr=(told := StringIO()))
    assert "no cache" in told.getvalue()


def test_no_layer_is_no_failure(settings):
    settings.CHANNEL_LAYERS = {}
    assert health._ask_layer() == {"status": "none"}
