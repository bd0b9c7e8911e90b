"""Logos are nowhere shown or passed on; a file that is not what it says is named as what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from thread import CHEN, LIU, ZHANG, engineer_answers, last_letter, open_desk, open_ticket, read
from worlds import World

from maildesk.cli.timeline import write_timeline
from maildesk.desk.arrival.program import find_lie, is_program, runs
from maildesk.mail.message import Attachment, Incoming, Sink
from maildesk.mail.parse import parse
from maildesk.store import tickets


@pytest.fixture
def desk(make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> World:
    """张敏's mail holds an invoice that is a program, a script, and the logo of her signature."""

    def read_three(path: Path, sink: Sink) -> Incoming:
        """What decorates and what bytes really are is `tests/mail`'s question."""
        mail = parse(path, sink)
        if mail.subject != "打印机卡纸":
            return mail
        stored = sink.save((b"x" * 5000,))
        size, sha = stored.size, stored.sha256
        exe = "application/x-dosexec"
        return replace(
            mail,
            attachments=(
                Attachment("invoice.pdf", "application/pdf", size, sha, False, detected=exe),
                Attachment("logo.png", "image/png", size, sha, False, decoration=True),
                Attachment("bill.pdf", "application/pdf", 9, "0" * 64, True, decoration=True),
                Attachment("run me.vbs", "text/plain", size, sha, False),
                Attachment("a.docx", "application/msword", size, sha, False),
            ),
        )

    monkeypatch.setattr("maildesk.intake.parse", read_three)
    world = open_desk(make_world)
    open_ticket(world)
    return world


def show(world: World) -> list[str]:
    with world.store.read() as db:
        return list(write_timeline(tickets.read_history(db, 1), "Asia/Shanghai"))


def test_the_timeline_names_what_a_file_is_and_hides_what_decorates(desk: World) -> None:
    lines = [line.strip() for line in show(desk) if line.strip().startswith("+")]
    assert lines == [
        "+ invoice.pdf (really: application/x-dosexec) PROGRAM (5000 bytes, application/pdf)",
        "+ run me.vbs PROGRAM (5000 bytes, text/plain)",
        "+ a.docx (5000 bytes, application/msword)",
        "+ 2 logos or the like, not shown",
    ]


def test_letters_count_and_pass_on_what_is_worth_it(desk: World) -> None:
    assert "附件：收到 3 个" in read(last_letter(desk, ZHANG))
    dispatch = last_letter(desk, LIU)
    assert "logo.png" not in dispatch.as_string()
    words = read(dispatch)
    assert "invoice.pdf（5 KB，实际是 application/x-dosexec，可执行程序，请勿直接打开）" in words
    names = [part.get_filename() for part in dispatch.iter_attachments()]
    assert "logo.png" not in names
    assert "bill.pdf" not in names


def test_who_takes_the_ticket_over_gets_no_logo_either(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#转派 陈晨\n")
    letter = last_letter(desk, CHEN)
    assert "invoice.pdf" in read(letter)
    assert "logo.png" not in read(letter)


@pytest.mark.parametrize(
    ("name", "label", "detected", "program"),
    [
        ("setup.exe", "application/octet-stream", None, True),
        ("photo.jpg.scr", "image/jpeg", None, True),
        ("photo.jpg. ", "image/jpeg", None, False),
        ("evil.exe. .", "image/jpeg", None, True),
        ("scr", "text/plain", None, False),
        ("a.pdf", "application/pdf", "application/x-elf", True),
        ("a.pdf", "application/pdf", "application/zip", False),
        ("note", "application/x-msdownload", None, True),
        ("报表.xlsx", "application/vnd.ms-excel", None, False),
    ],
)
def test_a_program_is_known_by_its_bytes_its_label_or_its_name(
    name: str, label: str, detected: str | None, program: bool
) -> None:
    assert runs(name, label, detected) is program
    assert is_program(Attachment(name, label, 1, "", False, detected=detected)) is program


@pytest.mark.parametrize(
    ("name", "label", "detected", "lie"),
    [
        ("invoice.pdf", "application/pdf", "application/zip", "application/zip"),
        ("invoice.pdf", "application/pdf", None, None),
        ("invoice.pdf", "application/octet-stream", "application/zip", "application/zip"),
        ("shot.png", "application/octet-stream", "image/png", None),
        ("shot", "application/octet-stream", "image/png", None),
        ("a.log", "application/octet-stream", "text/plain", None),
        ("setup.exe", "application/octet-stream", "application/x-dosexec", None),
        ("shot.png", "", "image/jpeg", "image/jpeg"),
    ],
)
def test_a_file_is_called_a_liar_by_its_label_or_else_its_name(
    name: str, label: str, detected: str | None, lie: str | None
) -> None:
    assert find_lie(name, label, detected) == lie
