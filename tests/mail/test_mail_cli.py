"""`maildesk parse`: one JSON line per mail, always the same keys."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from maildesk.cli import parse as room
from maildesk.cli.parse import parse
from maildesk.mail.parse import parse as read_mail

CORPUS = Path(__file__).parent.parent / "corpus"
KEYS = [
    "file", "status", "reason", "kind", "message_id", "in_reply_to", "references", "subject",
    "from", "to", "cc", "date", "text", "reply", "quoted", "signature", "html_present",
    "attachments", "bounce", "defects",
]  # fmt: skip


def run(*arguments: str | Path) -> tuple[int, list[dict[str, Any]], str]:
    result = CliRunner().invoke(parse, [str(argument) for argument in arguments])
    return (
        result.exit_code,
        [json.loads(line) for line in result.stdout.splitlines()],
        result.stderr,
    )


def test_every_mail_of_the_corpus_is_one_line_with_all_keys() -> None:
    files = sorted(CORPUS.rglob("*.eml"))
    code, lines, errors = run(*files)
    assert (code, errors) == (0, "")
    assert [line["file"] for line in lines] == [str(path) for path in files]
    for line in lines:
        assert list(line) == KEYS
        assert line["status"] in ("ok", "quarantined")
        assert (line["reason"] is None) == (line["status"] == "ok")
        for file in line["attachments"]:
            assert list(file) == ["filename", "content_type", "size", "sha256", "inline"]
        for person in (*line["to"], *line["cc"], *([line["from"]] if line["from"] else [])):
            assert list(person) == ["name", "address"]
        assert line["bounce"] is None or list(line["bounce"]) == ["status", "action", "recipients"]


def test_the_golden_line_of_one_mail() -> None:
    path = CORPUS / "reply-iphone-zh.eml"
    _, (line,), _ = run(path)
    assert line == {
        "file": str(path),
        "status": "ok",
        "reason": None,
        "kind": "ordinary",
        "message_id": "m1@corp.test",
        "in_reply_to": [],
        "references": ["q@desk.test"],
        "subject": "Re: 黑屏",
        "from": {"name": "Zhang Min", "address": "zhangmin@corp.test"},
        "to": [{"name": "", "address": "desk@desk.test"}],
        "cc": [],
        "date": "2026-11-20T10:00:00+08:00",
        "text": "屏幕还是黑的\n\n发自我的iPhone\n\n> 在 2026年11月20日，09:00，IT服务台 "
        "<desk@desk.test> 写道：\n>\n> 请按电源键",
        "reply": "屏幕还是黑的",
        "quoted": "> 在 2026年11月20日，09:00，IT服务台 <desk@desk.test> 写道：\n>\n> 请按电源键",
        "signature": "发自我的iPhone",
        "html_present": False,
        "attachments": [],
        "bounce": None,
        "defects": [],
    }


def test_a_quarantined_mail_is_no_failure_of_the_command() -> None:
    code, (line,), _ = run(CORPUS / "empty.eml")
    assert code == 0
    assert (line["status"], line["reason"]) == ("quarantined", "the file is empty")
    assert (line["subject"], line["from"], line["attachments"]) == ("", None, [])


def test_a_file_that_cannot_be_opened_is_named_and_the_rest_is_done(tmp_path: Path) -> None:
    code, lines, errors = run(tmp_path / "none.eml", tmp_path, CORPUS / "big5-body.eml")
    assert code == 1
    assert [line["text"] for line in lines] == ["印表機卡紙了，請處理。"]
    assert "none.eml: No such file or directory" in errors
    assert f"{tmp_path}: Is a directory" in errors


def test_attachments_are_saved_on_demand(tmp_path: Path) -> None:
    _, (line,), _ = run(CORPUS / "rfc2231-file-name-in-pieces.eml", "--save", tmp_path)
    (file,) = line["attachments"]
    data = (tmp_path / file["sha256"][:2] / file["sha256"][2:]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == file["sha256"]
    assert data.startswith(b"%PDF")


def test_a_large_mail_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "large.eml"
    path.write_bytes(b"From: a@b.test\nSubject: large\n\nhello\n" + b"x" * 76 * 70_000)
    _, (line,), _ = run(path)
    assert (line["status"], line["subject"]) == ("ok", "large")


def test_a_mail_that_crashes_or_hangs_the_reader_stops_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fragile(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.stem == "hz-body":
            raise ValueError("a bug")
        if path.stem == "utf-7-body":
            time.sleep(30)
        return read_mail(path, *arguments, **options)

    monkeypatch.setattr(room, "parse_mail", fragile)
    monkeypatch.setattr(room, "SECONDS", 0.2)
    names = ("hz-body", "utf-7-body", "big5-body")
    code, lines, _ = run(*(CORPUS / f"{name}.eml" for name in names))
    assert code == 0
    assert [line["status"] for line in lines] == ["quarantined", "quarantined", "ok"]
    assert lines[0]["reason"] == "the reader failed: ValueError: a bug"
    assert lines[1]["reason"] == "reading the mail took longer than 0.2 seconds"
