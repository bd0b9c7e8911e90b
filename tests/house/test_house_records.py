"""`maildesk tickets sheet` and `register` as their users run them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from builders import raw_mail
from click.testing import CliRunner, Result

from maildesk.cli import main

CONFIG = """
people = "people.yaml"

[desk.it]
addresses = ["desk@corp.test"]

[mailbox.helpdesk]
host = "127.0.0.1"
port = 1
security = "none"
user = "desk"
password = "secret"
"""
PEOPLE = """
- {name: 刘洋, addresses: [liu@corp.test], staff_number: HW005, role: engineer, groups: [hardware]}
- {name: 张敏, addresses: [zhang@corp.test], department: 财务部}
"""
ZHANG, LIU = "张敏 <zhang@corp.test>", "刘洋 <liu@corp.test>"


def say(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=given)


def take(folder: Path, sender: str, text: str, answers: str | None = None, **given: object) -> None:
    threading: tuple[str, ...] = ()
    if answers is not None:
        query = "SELECT message_id FROM outbox WHERE letter = ? ORDER BY id DESC"
        with closing(sqlite3.connect(folder / "data" / "maildesk.db")) as db:
            found = db.execute(query, (answers,)).fetchone()[0]
        threading = (f"In-Reply-To: <{found}>", f"References: <{found}>")
    mail = raw_mail(sender=sender, text=text, headers=threading, **given)  # type: ignore[arg-type]
    assert say("ingest", "-", given=mail).exit_code == 0


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's folder with two tickets: one worked on, one whose subject is a formula."""
    folder = tmp_path_factory.mktemp("played")
    (folder / "maildesk.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("MAILDESK_CONFIG", raising=False)
        words = "打印机又卡纸了。我的身份证号是 11010119900307783X\n"
        take(
            folder, ZHANG, words, message_id="1@corp.test", attachment=("卡纸.png", b"\x89PNG\r\n")
        )
        take(folder, LIU, "#接单\n马上过来看。\n", "dispatch", message_id="2@corp.test")
        take(folder, LIU, "#内部 备件在三楼库房\n", "dispatch", message_id="3@corp.test")
        take(
            folder, ZHANG, "显示器不亮", message_id="4@corp.test",
            subject='=HYPERLINK("http://evil.test","点我")',
        )  # fmt: skip
    return folder


@pytest.fixture
def number(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The first ticket's number, in a copy of the folder."""
    shutil.copytree(played, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    rows = [json.loads(line) for line in say("tickets", "list", "--json").output.splitlines()]
    return str(rows[-1]["number"])


def test_a_sheet_is_a_page_to_print(number: str, tmp_path: Path) -> None:
    shown = say("tickets", "sheet", number)
    assert shown.exit_code == 0
    for words in ("<!doctype html>", number, "刘洋 内部备注：备件在三楼库房", "卡纸.png", "财务部"):
        assert words in shown.output, words
    assert "11010119900307783X" not in shown.output
    said = say("tickets", "sheet", number, "-o", "sheet.html")
    assert said.output == "written: sheet.html\n"
    assert (tmp_path / "sheet.html").read_text("utf-8") == shown.output


def test_a_sheet_comes_on_another_form_and_in_the_other_language(number: str) -> None:
    shown = say("tickets", "sheet", number, "--form", "work-order", "--language", "en").output
    assert "<h1>IT service work order</h1>" in shown
    assert "Review and archive" in shown


def test_a_sheet_as_a_table_and_as_a_workbook(number: str, tmp_path: Path) -> None:
    text = say("tickets", "sheet", number, "--format", "csv").stdout_bytes
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    assert ["申请信息", "工单编号", number] in rows
    for name in ("a.xlsx", "b.xlsx"):
        assert say("tickets", "sheet", number, "--format", "xlsx", "-o", name).exit_code == 0
    data = (tmp_path / "a.xlsx").read_bytes()
    assert data == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert "备件在三楼库房" in book.read("xl/worksheets/sheet1.xml").decode()


def test_several_tickets_make_one_file(number: str, tmp_path: Path) -> None:
    listed = say("tickets", "list", "--json").output.splitlines()
    numbers = [json.loads(line)["number"] for line in listed]
    text = say("tickets", "sheet", *numbers, number, "--format", "csv").stdout_bytes
    assert text.count(b"\xef\xbb\xbf") == 1
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    assert [row[2] for row in rows if row[1] == "工单编号"] == numbers
    page = say("tickets", "sheet", *numbers).output
    assert page.count("<h1>") == 2
    assert page.count("<!doctype html>") == 1
    said = say("tickets", "sheet", *numbers, number, "--format", "xlsx", "-o", "two.xlsx")
    assert said.exit_code == 0
    with zipfile.ZipFile(tmp_path / "two.xlsx") as book:
        assert book.read("xl/workbook.xml").decode().count("<sheet ") == 2


def test_an_unknown_number_is_said_in_one_line(number: str) -> None:
    refused = say("tickets", "sheet", "IT-1")
    assert refused.exit_code == 1
    assert refused.output == "there is no ticket IT-1\n"


def test_a_folder_that_is_not_there_is_said_in_one_line(number: str) -> None:
    for kind in ("html", "csv", "xlsx"):
        refused = say("tickets", "sheet", number, "--format", kind, "-o", "no/such.file")
        assert refused.exit_code == 1
        assert refused.output == f"{Path('no/such.file')}: No such file or directory\n"


def test_the_register_has_a_row_a_ticket_and_runs_nothing(number: str, tmp_path: Path) -> None:
    said = say("tickets", "register", "--since", "1d", "--form", "process-manual")
    assert said.exit_code == 0
    assert said.stderr == "2 tickets\n"
    rows = list(csv.reader(io.StringIO(said.stdout_bytes.decode("utf-8-sig"), newline="")))
    assert rows[0][0] == "工单号"
    assert len(rows[0]) == 12
    assert rows[1][0] == number
    described = rows[2][5]
    assert described.startswith("'=HYPERLINK")
    say("tickets", "register", "--since", "1d", "--format", "xlsx", "-o", "register.xlsx")
    with zipfile.ZipFile(tmp_path / "register.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK" in sheet


def test_a_period_without_tickets_is_a_head_and_no_row(number: str) -> None:
    said = say("tickets", "register", "--since", "2020-01-01", "--until", "2020-02-01")
    assert said.stderr == "0 tickets\n"
    assert said.stdout.count("\n") == 1
