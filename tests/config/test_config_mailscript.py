"""A script of mails is read as people write it; what is wrong in it is told with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, raw_mail

from maildesk.config.mailscript import LAST, Scripted, read_after, read_moment, read_script

ZONE = ZoneInfo("Asia/Shanghai")


def _read(tmp_path: Path, text: str) -> tuple[tuple[Scripted, ...], list[str]]:
    file = tmp_path / "mails.yaml"
    file.write_text(text, encoding="utf-8")
    found, faults = read_script(file, NOW, ZONE)
    return found, [str(fault).removeprefix(f"{file}") for fault in faults]


def test_a_request_an_answer_and_a_click_are_read_in_order_of_time(tmp_path: Path) -> None:
    (tmp_path / "jam.png").write_bytes(b"x")
    found, faults = _read(
        tmp_path,
        """
- at: 2026-11-21 09:30
  from: 张敏
  click: confirm
- at: +10m
  from: 张敏 <zhang@corp.test>
  to: [desk@corp.test]
  cc: a@corp.test, b@corp.test
  subject: 打印机卡纸
  body: |
    又卡纸了。
  attach: jam.png
  proved: fail
- at: +1h
  reply_to: ack to zhang@corp.test
  body: 谢谢
- at: +1h
  from: 刘洋
  reply_to: last
  ticket: IT-20261120-0001
  body: "#接单"
""",
    )
    assert not faults
    request, thanks, order, click = found
    assert request.at == NOW + timedelta(minutes=10)
    assert request.to == ("desk@corp.test",)
    assert request.cc == ("a@corp.test", "b@corp.test")
    assert request.attach == (tmp_path / "jam.png",)
    assert request.proof == "failed"
    assert (thanks.letter, thanks.reader, thanks.sender) == ("ack", *("zhang@corp.test",) * 2)
    assert (order.letter, order.ticket, order.proof) == (LAST, "IT-20261120-0001", None)
    assert (click.click, click.at) == ("confirm", datetime(2026, 11, 21, 1, 30, tzinfo=UTC))
    assert click.place == "mails.yaml:2"


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("from: a@b.test", ":2: at: is missing."),
        ("at: soon\n  from: a@b.test", ":2: at: is no time."),
        ("at: +9999999999d\n  from: a@b.test", ":2: at: is no time."),
        ("at: 9999-12-31\n  from: a@b.test", ":2: at: is no time."),
        ('at: +1h\n  from: a@b.test\n  to: ["a\\nb"]', ":4: to: stands on several lines."),
        ('at: +1h\n  from: "张\\r敏 <a@b.test>"', ":3: from: stands on several lines."),
        ('at: +1h\n  from: a@b.test\n  subject: "a\\nb"', ":4: subject: stands on several"),
        ('at: +1h\n  from: a@b.test\n  subject: "\\ud83d"', ":4: holds '\\ud83d', which is no"),
        ("at: 2026-11-19 09:00\n  from: a@b.test", ":2: at: is before the start"),
        ("at: +1h", ":2: from: is missing."),
        ("at: +1h\n  from: a@b.test\n  reply_to: 回执", ":4: reply_to: '回执' names no letter."),
        ("at: +1h\n  from: a@b.test\n  click: conform", ":4: click: 'conform' is not possible"),
        ("at: +1h\n  from: a@b.test\n  attach: [no.png]", ":4: attach: 'no.png' is no file."),
        ("at: +1h\n  from: a@b.test\n  kind: boomerang", ":4: kind: 'boomerang' is not possible"),
        ("at: +1h\n  from: a@b.test\n  kind: bounce", ":4: kind: a bounce needs its letter."),
        ("at: +1h\n  file: no.eml", ":3: file: 'no.eml' is no file."),
        ("at: +1h\n  from: a@b.test\n  proved: maybe", ":4: proved: 'maybe' is not possible"),
        ("at: +1h\n  from: a@b.test\n  sibject: x", ":4: sibject: is not a known key."),
        ("at: +1h\n  from: a@b.test\n  body: 5", ":4: body: is a whole number, not text."),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, entry: str, fault: str) -> None:
    found, faults = _read(tmp_path, f"\n- {entry}\n")
    assert found == ()
    assert len(faults) == 1
    assert faults[0].startswith(fault)


@pytest.mark.parametrize("text", ["", "at: +1h\n", "- just words\n", "- [a, b\n"])
def test_what_is_no_list_of_mails_is_refused(tmp_path: Path, text: str) -> None:
    found, faults = _read(tmp_path, text)
    assert not found
    assert len(faults) == 1


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("+2h", timedelta(hours=2)),
        ("+1d12h", timedelta(days=1, hours=12)),
        ("+ 90 min", timedelta(minutes=90)),
        ("+1d 2h 3m", timedelta(days=1, hours=2, minutes=3)),
        ("+", None),
        ("2h", None),
        ("+2 weeks", None),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, span: timedelta | None) -> None:
    assert read_after(text) == span


@pytest.mark.parametrize(
    "written", ["2026-12-01T09:30", "2026-12-01 09:30", "2026-12-01T01:30+00:00"]
)
def test_a_moment_is_the_desks_unless_it_says_its_zone(written: str) -> None:
    assert read_moment(written, NOW, ZONE) == datetime(2026, 12, 1, 1, 30, tzinfo=UTC)


def test_a_folder_of_mails_comes_at_its_dates(tmp_path: Path) -> None:
    old, new = raw_mail(), raw_mail(date="Sat, 21 Nov 2026 09:00:00 +0800")
    (tmp_path / "b.eml").write_bytes(old)
    (tmp_path / "a.eml").write_bytes(new)
    (tmp_path / "c.eml").write_bytes(raw_mail(date=None))
    (tmp_path / "notes.txt").write_text("no mail")
    found, faults = read_script(tmp_path, NOW, ZONE)
    assert not faults
    assert [(item.place, item.at) for item in found] == [
        ("b.eml", NOW),
        ("c.eml", NOW),
        ("a.eml", datetime(2026, 11, 21, 1, 0, tzinfo=UTC)),
    ]


def test_a_folder_without_mails_is_told(tmp_path: Path) -> None:
    _, faults = read_script(tmp_path, NOW, ZONE)
    assert "holds no .eml file" in str(faults[0])
