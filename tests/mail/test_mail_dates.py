"""Dates as programs write them, and which of them tell when."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.header.dates import name_zone, recover
from maildesk.mail.limits import Limits
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse_source


def read(date: str) -> Incoming:
    raw = f"From: a@b.example\nDate: {date}\n\nhi\n".encode()
    return parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())


@pytest.mark.parametrize(
    ("date", "when"),
    [
        ("Tue, 17 Nov 2026 10:15:00 +0800", "2026-11-17T10:15:00+08:00"),
        ("Tue, 17 Nov 2026 10:15:00 +0545 (NPT)", "2026-11-17T10:15:00+05:45"),
        ("17 Nov 2026 10:15 -0330", "2026-11-17T10:15:00-03:30"),
        ("tue, 17 nov 2026 10:15:00 est", "2026-11-17T10:15:00-05:00"),
        ("Tue, 17 Nov 26 10:15:00 CST", "2026-11-17T10:15:00-06:00"),
        ("Tue, 17 Nov 2026 10:15:00 UT", "2026-11-17T10:15:00+00:00"),
        ("Mon, 17 Nov 2026 10:15:00 +0000", "2026-11-17T10:15:00+00:00"),
        ("Tue, 17 Nov 2026 10:15:00 CET", "2026-11-17T10:15:00+01:00"),
        ("Tue, 17 Nov 2026 10:15:00 JST", "2026-11-17T10:15:00+09:00"),
        ("Tuesday, 17 November 2026 10:15:00 +0100", "2026-11-17T10:15:00+01:00"),
        ("Tue, 17 Nov 2026 9:05:03 +0100", "2026-11-17T09:05:03+01:00"),
        ("Tue, 17 Nov 2026 10:15:00 +08:00", "2026-11-17T10:15:00+08:00"),
        ("Tue, 17 Nov 2026 10:15:00 GMT+08:00", "2026-11-17T10:15:00+08:00"),
        ("Tue, 17 Nov 2026 10:15:00 UTC+8", "2026-11-17T10:15:00+08:00"),
        ("Tue Nov 17 10:15:00 2026 +0100", "2026-11-17T10:15:00+01:00"),
        ("Tue Nov 17 10:15:00 CET 2026", "2026-11-17T10:15:00+01:00"),
        ("2026-11-17T10:15:00+01:00", "2026-11-17T10:15:00+01:00"),
        ("2026-11-17T10:15:00.123Z", "2026-11-17T10:15:00+00:00"),
        ("2026/11/17 10:15:00 +0900", "2026-11-17T10:15:00+09:00"),
        ("20261117T101500Z", "2026-11-17T10:15:00+00:00"),
        ("20.11.2026 10:00:00 +0100", "2026-11-20T10:00:00+01:00"),
        ("20.11.2026, 10:00 MEZ", "2026-11-20T10:00:00+01:00"),
        ("Nov 17, 2026 10:15:00 PM PST", "2026-11-17T22:15:00-08:00"),
        ("11/17/2026 10:15:00 AM +0100", "2026-11-17T10:15:00+01:00"),
        ("Di, 17. November 2026 10:15:00 +0100", "2026-11-17T10:15:00+01:00"),
        ("mar., 17 nov. 2026 10:15:00 +0100", "2026-11-17T10:15:00+01:00"),
        ("2026年11月17日 下午 3:15 +0800", "2026-11-17T15:15:00+08:00"),
        ("17-Nov-2026 10:15:00 +0100", "2026-11-17T10:15:00+01:00"),
    ],
)
def test_a_date_that_is_clear_is_read_in_any_form(date: str, when: str) -> None:
    found = read(date).date
    assert found is not None
    assert found.isoformat() == when


@pytest.mark.parametrize(
    ("date", "defect"),
    [
        ("Tue, 17 Nov 2026 10:15:00", "date: no zone"),
        ("2026-11-17 10:15:00", "date: no zone"),
        ("Tue Nov 17 10:15:00 2026", "date: no zone"),
        ("Tue, 31 Nov 2026 10:15:00 +0100", "date: invalid-calendar-date"),
        ("Tue, 17 Nov 2026 25:15:00 +0100", "date: invalid-time"),
        ("11/05/2026 10:15 +0100", "date: invalid-date-syntax"),
        ("31.11.2026 10:00 +0100", "date: invalid-date-syntax"),
        ("17 Nov 2026", "date: invalid-date-syntax"),
        ("yesterday", "date: invalid-date-syntax"),
    ],
)
def test_a_date_that_tells_no_moment_stays_unknown(date: str, defect: str) -> None:
    mail = read(date)
    assert mail.date is None
    assert defect in mail.defects


def test_what_was_recovered_says_so() -> None:
    assert "date: recovered from another form" in read("2026-11-17T10:15:00Z").defects
    assert "date: recovered by the name of its zone" in read("17 Nov 2026 10:15:00 CET").defects


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    found = recover(text)
    assert found.value is None or found.value.tzinfo is not None
    name_zone(text)


@given(
    st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
    st.sampled_from(
        ["%Y-%m-%dT%H:%M:%S+02:00", "%d.%m.%Y %H:%M:%S +0200", "%d %B %Y %H:%M:%S +0200"]
    ),
)
def test_a_form_gives_the_moment_it_was_written_for(when: datetime, form: str) -> None:
    text = when.strftime(form)
    found = recover(text).value
    assert found is not None
    assert found.strftime(form.replace("+02:00", "").replace("+0200", "")) in text
