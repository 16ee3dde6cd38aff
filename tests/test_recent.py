"""What was found a moment ago is not asked for again; what was not, is."""

from __future__ import annotations

from wagtail_atencion import recent


def finding(there):
    asked = []

    def find(keys):
        asked.append(sorted(keys))
        return {key: there[key] for key in keys if key in there}

    return asked, find


def made(find, monkeypatch, **options):
    monkeypatch.setattr(recent, "_all", [])  # those of the modules go on without it
    return recent.Recent(find, **options)


def test_only_what_is_not_remembered_is_asked_for(monkeypatch):
    asked, find = finding({1: "one", 2: "two"})
    known = made(find, monkeypatch)
    assert known([1]) == {1: "one"}
    assert known([1, 2]) == {1: "one", 2: "two"}
    assert asked == [[1], [2]]


def test_what_is_not_there_is_asked_for_each_time(monkeypatch):
    there = {}
    asked, find = finding(there)
    known = made(find, monkeypatch)
    assert known([1]) == {}
    there[1] = "one"
    assert known([1]) == {1: "one"}
    assert asked == [[1], [1]]


def test_after_its_time_it_is_asked_for_anew(monkeypatch):
    there = {1: "one"}
    _asked, find = finding(there)
    known = made(find, monkeypatch, seconds=5)
    now = [100.0]
    monkeypatch.setattr(recent.time, "monotonic", lambda: now[0])
    known([1])
    there[1] = "changed"
    now[0] += 4.9
    assert known([1]) == {1: "one"}
    now[0] += 0.2
    assert known([1]) == {1: "changed"}


def test_what_is_old_is_not_kept(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(recent.time, "monotonic", lambda: now[0])
    _asked, find = finding({1: "one", 2: "two"})
    known = made(find, monkeypatch, seconds=5)
    known([1])
    now[0] += 6
    known([2])
    assert known._known.keys() == {2}


def test_it_is_never_more_than_its_size(monkeypatch):
    _asked, find = finding({number: number for number in range(100)})
    known = made(find, monkeypatch, size=10)
    for number in range(100):
        assert known([number]) == {number: number}
        assert len(known._known) <= 10


def test_it_can_be_forgotten(monkeypatch):
    there = {1: "one"}
    _asked, find = finding(there)
    known = made(find, monkeypatch)
    known([1])
    there[1] = "changed"
    recent.forget_all()
    assert known([1]) == {1: "changed"}
