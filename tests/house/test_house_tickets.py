"""What `maildesk tickets` and `status` tell of a ticket that engineer and requester wrote on."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from email.message import EmailMessage
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


def say(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=given)


def take(
    folder: Path, sender: str, text: str, answers: str | None = None, *, message_id: str
) -> None:
    threading: tuple[str, ...] = ()
    if answers is not None:
        query = "SELECT message_id FROM outbox WHERE letter = ? ORDER BY id DESC"
        with closing(sqlite3.connect(folder / "data" / "maildesk.db")) as db:
            found = db.execute(query, (answers,)).fetchone()[0]
        threading = (f"In-Reply-To: <{found}>", f"References: <{found}>")
    mail = raw_mail(sender=sender, text=text, headers=threading, message_id=message_id)
    assert say("ingest", "-", given=mail).exit_code == 0


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's folder with a ticket that 刘洋 took with words, noted on, and wrote a typo to."""
    folder = tmp_path_factory.mktemp("played")
    (folder / "maildesk.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("MAILDESK_CONFIG", raising=False)
        liu = "刘洋 <liu@corp.test>"
        take(folder, "张敏 <zhang@corp.test>", "打印机又卡纸了。\n", message_id="1@corp.test")
        take(folder, liu, "#接单\n马上过来看。\n", "dispatch", message_id="2@corp.test")
        take(folder, liu, "#内部 备件在三楼库房\n", "dispatch", message_id="3@corp.test")
        take(folder, liu, "#内布\n此用户总是催\n", "dispatch", message_id="4@corp.test")
    return folder


@pytest.fixture
def number(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """That ticket's number, in a copy of its own to read and change."""
    shutil.copytree(played, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    return str(json.loads(say("tickets", "list", "--json").output)["number"])


def test_everybody_is_shown_once_with_every_part(number: str) -> None:
    shown = say("tickets", "show", number).output
    assert "  requester    张敏 (zhang@corp.test)\n" in shown
    assert "  assignee     刘洋 (HW005)\n" in shown
    assert shown.partition("timeline")[0].count("张敏") == 1


def test_the_timeline_tells_the_words_in_order_and_each_once(number: str) -> None:
    timeline = say("tickets", "show", number).output.partition("timeline\n")[2]
    wanted = (
        "张敏 opened the ticket",
        "| 打印机又卡纸了。",
        "letter ack to zhang@corp.test",
        "刘洋 wrote to 张敏",
        "| 马上过来看。",
        "letter progress to zhang@corp.test",
        "刘洋 noted",
        "| 备件在三楼库房",
        "刘洋 wrote, held back: 不认识的命令：#内布",
        "letter held to liu@corp.test",
    )
    places = [timeline.index(item) for item in wanted]
    assert places == sorted(places)
    for words in ("打印机又卡纸了。", "马上过来看。", "备件在三楼库房"):
        assert timeline.count(words) == 1
    assert "letter_queued" not in timeline


def test_a_mail_that_waits_for_its_author_is_shown_with_what_it_waits_for(number: str) -> None:
    waiting = say("tickets", "show", number).output.partition("waiting for their author\n")[2]
    assert "刘洋: #send; 不认识的命令：#内布\n      | #内布\n      | 此用户总是催\n" in waiting


@pytest.mark.parametrize("name", ["刘洋", "hw005", "HW005", "Liu@corp.test"])
def test_tickets_are_listed_by_who_has_them(number: str, name: str) -> None:
    shown = say("tickets", "list", "--assignee", name, "--state", "in_progress").output
    assert number in shown
    assert "张敏 → 刘洋" in shown


@pytest.mark.parametrize("state", ["in_progress", "处理中", "In progress"])
def test_a_state_may_be_named_as_the_list_shows_it(number: str, state: str) -> None:
    assert number in say("tickets", "list", "--state", state).output
    refused = say("tickets", "list", "--state", "处理了")
    assert refused.exit_code == 2
    assert "there is no state '处理了'" in refused.output


def test_somebody_without_tickets_has_none(number: str) -> None:
    for words in (("--assignee", "张敏"), ("--assignee", "刘洋", "--state", "new")):
        assert say("tickets", "list", *words).output == "no tickets\n"


def test_status_says_that_nobody_is_told_of_tickets_nobody_has(number: str) -> None:
    said = "! leads: nobody is listed as lead: tickets nobody has, misses and alarms are told to"
    assert said in say("status").output
    with Path("people.yaml").open("a", encoding="utf-8") as file:
        file.write("- {name: 王强, addresses: [wang@corp.test], role: lead}\n")
    assert said not in say("status").output


def test_status_counts_what_waits_for_people(number: str) -> None:
    assert (
        "  tickets: 0 without an engineer\n  drafts: 1 waiting for their author\n"
        in say("status").output
    )
    mail = raw_mail(message_id="5@corp.test", subject="申请开通邮箱", text="请开通新员工邮箱。\n")
    assert say("ingest", "-", given=mail).exit_code == 0
    assert "  tickets: 1 without an engineer\n" in say("status").output


def test_the_mails_of_a_ticket_become_a_page_that_loads_nothing(
    number: str, tmp_path: Path
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "zhang@corp.test", "desk@corp.test", "<b>网页</b>"
    mail["Message-ID"] = "<html@corp.test>"
    mail.set_content("看图\n")
    mail.add_alternative(
        "<p onclick=alert(1)>看图 <img src='cid:pic@corp.test'><img src=//evil.test/p.gif></p>",
        subtype="html",
    )
    picture = b"\x89PNG\r\n\x1a\n" + bytes(100)
    html = mail.get_payload()[1]  # type: ignore[index]
    html.add_related(picture, "image", "png", cid="<pic@corp.test>")  # type: ignore[union-attr]
    assert say("ingest", "-", given=mail.as_bytes()).exit_code == 0
    opened = json.loads(say("tickets", "list", "--json", "--limit", "1").output)["number"]
    page = tmp_path / "ticket.html"
    assert say("tickets", "show", opened, "--html", str(page)).output == f"written: {page}\n"
    shown = page.read_text("utf-8")
    assert "default-src 'none'" in shown
    assert "&lt;b&gt;网页&lt;/b&gt;" in shown
    assert '<p>看图 <img src="data:image/png;base64,' in shown
    assert "[图片 image: evil.test]" in shown
    assert "onclick" not in shown
    say("tickets", "show", number, "--html", str(page))
    assert "<pre>打印机又卡纸了。" in page.read_text("utf-8")
