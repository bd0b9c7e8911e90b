"""`maildesk knowledge`: articles as files, out and in, edited, published, found, withdrawn."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maildesk.cli import main

CONFIG = """
[desk.it]
addresses = ["desk@corp.test"]

[mailbox.helpdesk]
host = "127.0.0.1"
port = 1
security = "none"
user = "desk"
password = "secret"
"""
JAM = """---
title: 打印机卡纸怎么办
category: hardware
state: published
---

打开后盖，取出卡住的纸。
"""
VPN = """---
title: VPN certificate expired
language: en
---

## Symptom

VPN says that the certificate has expired.

## Solution

Import the new certificate. The password is: hunter2secret
"""


def say(*words: str, **given: str) -> Result:
    return CliRunner().invoke(main, ["knowledge", *words], **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "maildesk.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "articles").mkdir()
    (folder / "articles" / "jam.md").write_text(JAM, encoding="utf-8")
    (folder / "articles" / "vpn.md").write_text(VPN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        taken = say("import", "articles")
        assert taken.exit_code == 0, taken.output
        assert taken.output == "jam.md: new, KB-0001, published\nvpn.md: new, KB-0002\n"
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "desk"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    return folder


def test_lists_shows_and_finds_what_was_imported(desk: Path) -> None:
    listed = say("list").output.splitlines()
    assert [line.split()[:2] for line in listed] == [["KB-0001", "published"], ["KB-0002", "draft"]]
    assert [line.split()[0] for line in say("list", "--state", "draft").output.splitlines()] == [
        "KB-0002"
    ]
    assert "## 解决办法\n\n打开后盖" in say("show", "kb-0001").output
    assert (
        say("search", "卡纸").output == "KB-0001  打印机卡纸怎么办\n    打开后盖，取出卡住的纸。\n"
    )
    unfound = say("search", "certificate")
    assert (unfound.exit_code, unfound.output) == (1, "nothing holds all of these words\n")
    assert say("search", "卡纸", "--only", "tickets").exit_code == 1


def test_a_secret_in_a_file_is_kept_masked(desk: Path) -> None:
    assert "hunter2secret" not in say("show", "KB-0002").output
    assert b"hunter2secret" not in (desk / "data" / "maildesk.db").read_bytes()


def test_publishes_and_withdraws(desk: Path) -> None:
    assert say("publish", "KB-0002").output == "KB-0002: published\n"
    assert say("publish", "KB-0002").output == "KB-0002: was published before\n"
    assert say("search", "certificate", "expired").output.startswith("KB-0002")
    assert say("withdraw", "KB-0002").output == "KB-0002: withdrawn\n"
    assert say("search", "certificate").exit_code == 1
    assert "KB-0002" not in say("list").output
    assert "KB-0002" in say("list", "--state", "withdrawn").output


def test_an_export_is_the_same_each_time_and_fills_an_empty_desk_alike(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("withdraw", "KB-0002")
    assert say("export", "out").output == "2 articles written into out\n"
    first = {file.name: file.read_bytes() for file in Path("out").iterdir()}
    assert set(first) == {"KB-0001.md", "KB-0002.md"}
    assert say("import", "out").output == (
        "KB-0001.md: KB-0001 unchanged\nKB-0002.md: KB-0002 unchanged\n"
    )
    empty = tmp_path / "empty"
    empty.mkdir()
    shutil.copy(desk / "maildesk.toml", empty)
    shutil.copytree("out", empty / "out")
    monkeypatch.chdir(empty)
    assert say("import", "out").exit_code == 0
    assert say("export", "again").exit_code == 0
    assert {file.name: file.read_bytes() for file in Path("again").iterdir()} == first
    Path("new").mkdir()
    Path("new/wifi.md").write_text("---\ntitle: WiFi\n---\n重连。\n", encoding="utf-8")
    assert say("import", "new").output == "wifi.md: new, KB-0003\n"


def test_one_wrong_file_keeps_all_out(desk: Path) -> None:
    Path("in").mkdir()
    Path("in/a.md").write_text("---\ntitle: good\n---\nx\n", encoding="utf-8")
    Path("in/b.md").write_text("---\ntitle: bad\nstate: open\n---\nx\n", encoding="utf-8")
    Path("in/c.md").write_text(JAM, encoding="utf-8")
    refused = say("import", "in")
    assert refused.exit_code == 2
    assert "b.md:3: state: 'open' is not known" in refused.output
    assert "c.md:2: title: is KB-0001's as well. Write number: KB-0001" in refused.output
    assert "good" not in say("list").output


def test_an_editor_changes_it_and_what_it_leaves_unreadable_is_kept(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = desk / "editor.py"
    monkeypatch.setenv("EDITOR", f"{sys.executable} {editor}")
    swap = "import pathlib, sys; p = pathlib.Path(sys.argv[1]); t = p.read_text('utf-8'); "
    editor.write_text(swap + "p.write_text(t.replace('后盖', '前盖'), 'utf-8')", encoding="utf-8")
    assert say("edit", "KB-0001").output == "KB-0001: KB-0001 changed (solution)\n"
    assert say("edit", "KB-0001").output == "nothing changed\n"
    assert say("search", "前盖").output.startswith("KB-0001")
    assert say("search", "后盖").exit_code == 1
    editor.write_text(swap + "p.write_text(t.replace('title', 'titel'), 'utf-8')", encoding="utf-8")
    refused = say("edit", "KB-0001")
    assert refused.exit_code == 2
    assert "titel: is not a known key" in refused.output
    kept = Path("KB-0001.md")
    kept.write_text(kept.read_text("utf-8").replace("titel", "title"), encoding="utf-8")
    assert say("edit", "KB-0001", "--from", "KB-0001.md").output == "KB-0001: KB-0001 unchanged\n"
    wrong = say("edit", "KB-0002", "--from", "KB-0001.md")
    assert (wrong.exit_code, wrong.output) == (2, "the file is KB-0001, not KB-0002\n")


def test_an_article_without_a_solution_is_not_published(desk: Path) -> None:
    Path("in").mkdir()
    Path("in/a.md").write_text("---\ntitle: nothing yet\n---\n", encoding="utf-8")
    assert say("import", "in").exit_code == 0
    refused = say("publish", "KB-0003")
    assert refused.exit_code == 1
    assert "KB-0003: it has no solution yet" in refused.output


@pytest.mark.parametrize("words", [("show",), ("publish",)])
def test_a_number_nobody_has_is_said_to_be_so(desk: Path, words: tuple[str, ...]) -> None:
    refused = say(*words, "KB-0099")
    assert (refused.exit_code, refused.output) == (1, "there is no article KB-0099\n")


def test_the_help_has_examples() -> None:
    for name in ("list", "show", "search", "publish", "withdraw", "edit", "export", "import"):
        assert f"maildesk knowledge {name} " in say(name, "--help").output + " "
