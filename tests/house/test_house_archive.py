"""`maildesk tickets archive`: one zip a ticket, complete, masked, safe, and always the same."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_house_records import CONFIG, LIU, PEOPLE, ZHANG, take

from maildesk.cli import main

SECRET = "110101199003077838"


def say(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's folder with a ticket whose first mail holds a secret and a file of an evil name."""
    folder = tmp_path_factory.mktemp("played")
    (folder / "maildesk.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("MAILDESK_CONFIG", raising=False)
        take(
            folder, ZHANG, f"打印机又卡纸了。我的身份证号是 {SECRET}\n", message_id="1@corp.test",
            attachment=("..\\..\\con.exe", b"MZ\x00\x01"),
        )  # fmt: skip
        take(
            folder, LIU, f"#接单\n马上过来看，证件 {SECRET}\n", "dispatch", message_id="2@corp.test"
        )
        take(folder, LIU, "#内部 搓纸轮磨损\n", "dispatch", message_id="3@corp.test")
    with closing(sqlite3.connect(folder / "data" / "maildesk.db")) as db, db:
        db.execute("UPDATE tickets SET state = 'closed', closed_at = updated_at")
    return folder


@pytest.fixture
def number(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    shutil.copytree(played, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    return str(json.loads(say("tickets", "list", "--json").output)["number"])


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def test_an_archive_says_everything_of_a_ticket(number: str, tmp_path: Path) -> None:
    said = say("tickets", "archive", number, "-o", "out")
    assert said.output == f"written: {Path('out') / f'{number}.zip'}\n"
    files = read(tmp_path / "out" / f"{number}.zip")
    assert set(files) == {
        *("sheet.html", "sheet.csv", "sheet.xlsx", "timeline.html", "timeline.json"),
        *("approvals.json", "feedback.json", "manifest.json"),
        *(f"mails/{at:03d}.txt" for at in range(1, 4)),
        "attachments/001-1 _con.exe",
    }
    for words in ("搓纸轮磨损", "打印机又卡纸了", "马上过来看"):
        assert words in files["timeline.html"].decode(), words
    told = json.loads(files["timeline.json"])
    assert told["events"][0]["kind"] == "opened"
    assert {item["letter"] for item in told["letters"]} >= {"ack", "dispatch", "progress"}
    assert "打印机又卡纸了" in files["mails/001.txt"].decode()


def test_the_manifest_lists_each_file_with_its_hash(number: str, tmp_path: Path) -> None:
    say("tickets", "archive", number, "-o", "out")
    files = read(tmp_path / "out" / f"{number}.zip")
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["ticket"] == number
    assert [item["name"] for item in manifest["files"]] == sorted(files)
    for item in manifest["files"]:
        data = files[item["name"]]
        assert (item["size"], item["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    program = next(item for item in manifest["files"] if item["name"].endswith(".exe"))
    assert program["program"] is True


def test_nothing_secret_is_in_it_unless_raw_mails_are_asked_for(
    number: str, tmp_path: Path
) -> None:
    say("tickets", "archive", number, "-o", "out")
    files = read(tmp_path / "out" / f"{number}.zip")
    assert not any(SECRET.encode() in data for data in files.values())
    assert not any(name.startswith("raw/") for name in files)
    assert json.loads(files["manifest.json"])["raw_mails"].startswith("left out")
    say("tickets", "archive", number, "-o", "raw", "--raw")
    files = read(tmp_path / "raw" / f"{number}.zip")
    assert b"Message-ID: <1@corp.test>" in files["raw/001.eml"]
    assert "NOT masked" in json.loads(files["manifest.json"])["raw_mails"]


def test_the_same_ticket_gives_the_same_bytes(number: str, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert say("tickets", "archive", number, "-o", folder, "--raw").exit_code == 0
    first, second = (tmp_path / folder / f"{number}.zip" for folder in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    assert [path.name for path in (tmp_path / "a").iterdir()] == [f"{number}.zip"]


def test_all_closed_of_a_period_are_taken_out_together(number: str, tmp_path: Path) -> None:
    assert say("tickets", "archive", "--since", "1d", "-o", "all").output == (
        "1 tickets written into all\n"
    )
    assert (tmp_path / "all" / f"{number}.zip").exists()
    nothing = say(
        "tickets", "archive", "--since", "2020-01-01", "--until", "2020-02-01", "-o", "none"
    )
    assert nothing.output == "0 tickets written into none\n"


def test_a_file_that_is_gone_is_named_and_the_rest_is_written(number: str, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "data" / "files")
    assert say("tickets", "archive", number, "-o", "out").exit_code == 0
    manifest = json.loads(read(tmp_path / "out" / f"{number}.zip")["manifest.json"])
    assert manifest["no_longer_kept"] == ["attachments/001-1 _con.exe"]


def test_what_is_meant_must_be_said(number: str) -> None:
    assert say("tickets", "archive", "-o", "out").exit_code == 2
    assert say("tickets", "archive", number, "--since", "1d", "-o", "out").exit_code == 2
    assert say("tickets", "archive", "IT-1", "-o", "out").exit_code == 1
