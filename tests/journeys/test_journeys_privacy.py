"""A whole ticket full of secrets: none is in a letter, page, list, log line or database row (R17).

Only the raw mails have them, and the one letter in which an engineer gives the requester the
password she asked for. What is found in a text is `tests/desk/test_desk_privacy`'s question.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, SECRET, raw_mail, wording
from click.testing import CliRunner
from planted import dump, find, plant, read_letter
from sqlalchemy import text as sql
from starlette.testclient import TestClient
from thread import (
    CHEN,
    LIU,
    PROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    outcome,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

import maildesk.config
import maildesk.house
import maildesk.intake
from maildesk.cli import main
from maildesk.clock import next_digest
from maildesk.config import load
from maildesk.config.templates import load_templates
from maildesk.desk.decision import LetterPlan
from maildesk.desk.letters.letter_values import SAMPLES
from maildesk.desk.pages import links
from maildesk.desk.pages.links import Link
from maildesk.desk.pages.rendering import Pages
from maildesk.desk.privacy.mask import Privacy
from maildesk.house import build as build_house
from maildesk.mail.message import Attachment
from maildesk.store.deadlines import NewDeadline, set_deadlines
from maildesk.store.letterpress import Letterpress
from maildesk.web.app import build_app
from maildesk.web.site import Site

MakeWorld = Callable[..., World]
VENDOR = "tom@vendor.test"
LI = "li@corp.test"
HERS, HIS, VENDORS, COPIED, STRANGE, OLD = map(plant, range(6))
EVERYBODYS = (HERS, HIS, VENDORS, COPIED, STRANGE, OLD)


@pytest.fixture
def journal() -> Iterator[list[str]]:
    """What is logged meanwhile, line by line."""
    lines: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {getattr(record, 'about', '')} {record.exc_info}")

    log, listener = logging.getLogger("maildesk"), Listener()
    before = log.level
    log.addHandler(listener)
    log.setLevel(logging.DEBUG)
    yield lines
    log.removeHandler(listener)
    log.setLevel(before)


def plan_rounds(world: World) -> None:
    """The day's letters to engineers and leads, as the daemon enters them when it starts."""
    at = next_digest(world.desk, world.now)
    daily = ("digest_daily", at), ("doorstep_daily", at)
    with world.store.write() as db:
        set_deadlines(
            db, [NewDeadline(kind, "desk:it", "it", due, None, f"{due:%F}") for kind, due in daily]
        )


def play(world: World) -> None:
    """One ticket from the first mail to the last tap, with secrets in all that can be written."""
    world.receive(
        raw_mail(
            sender=f"张敏{HERS.id} <{ZHANG.key}>",
            subject=f"打印机卡纸 {HERS.line}",
            text=f"三楼打印机卡纸。\n部门：财务部\n{HERS.line}\n\n{HERS.lines}\n{HERS.english}",
            headers=(*PROVED, f"Cc: =?utf-8?Q?=E6=9D=8E?= {COPIED.id} <{LI}>"),
            attachment=(f"{HERS.id}-{HERS.card}.txt", b"a scan"),
        )
    )
    assert outcome(world)[0] == "opened"
    engineer_answers(world, "dispatch", f"#接单\n已收到，{HIS.line}\n")
    engineer_answers(world, "dispatch", f"#内部 用户的{HIS.line}\n")
    engineer_answers(world, "dispatch", f"#要信息\n请问{HIS.line}\n")
    requester_answers(world, "question", f"好的\n{HERS.lines}")
    write(
        world, f"李四{COPIED.id} <{LI}>", f"我也是\n{COPIED.lines}", answers=last_id(world, "ack")
    )
    engineer_answers(world, "dispatch", f"#转厂商 华为 {VENDOR}\n请看{HIS.line}\n")
    answers = last_id(world, "vendor")
    write(world, f"Tom <{VENDOR}>", VENDORS.lines, answers=answers, border=())
    engineer_answers(world, "dispatch", f"#内布\n{HIS.lines}")
    assert kinds(world, LIU.key)[-1] == "held"
    engineer_answers(world, "dispatch", f"#转派 赵六{HIS.id}\n")
    engineer_answers(world, "dispatch", f"#预计 明天上午\n还要等，{HIS.line}\n")
    for order in ("根因", "临时方案", "永久方案", "预防", "经验"):
        engineer_answers(world, "dispatch", f"#{order} {HIS.line}\n")
    engineer_answers(world, "dispatch", f"#挂起 等{HIS.line}\n")
    engineer_answers(world, "dispatch", f"#优先级 高\n#协办 陈晨\n{HIS.line}\n")
    requester_answers(world, "ack", f"怎么还没好？{HERS.line}\n")
    for _ in range(4):
        world.later(hours=13)
    engineer_answers(world, "dispatch", f"#已解决\n换好了。{HIS.line}\n{HIS.lines}")
    requester_answers(world, "solved", f"还没好，{HERS.line}\n")
    engineer_answers(world, "dispatch", f"#已解决\n再换了一次。{HIS.english}\n")


def play_outside(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger at the doorstep, and a mail whose reader fails and quotes it."""
    write(world, "Eve <eve@elsewhere.test>", STRANGE.lines, subject=STRANGE.line, border=())
    assert outcome(world)[0] == "doorstep"

    def fail(path: Path, sink: object) -> None:
        raise ValueError(f"cannot read {STRANGE.line}")

    with monkeypatch.context() as broken:
        broken.setattr(maildesk.intake, "parse", fail)
        write(world, ZHANG, STRANGE.lines, subject=STRANGE.line)
    assert outcome(world)[0] == "quarantined"
    for _ in range(3):
        world.later(hours=25)


def open_pages(world: World) -> TestClient:
    pages = Pages(load_templates(None)[0])
    site = Site((SECRET,), "https://desk.corp.test", (world.desk,), pages, lambda: world.now, bool)
    return TestClient(build_app(site, world.feedback), base_url="https://desk.corp.test")


def path(world: World, act: str, person: str) -> str:
    return f"/t/{links.sign(SECRET, Link(act, 'it', 1, person, world.now))}"


def list_pages(world: World) -> list[str]:
    """Every page of the ticket, for everybody who has one."""
    client = open_pages(world)
    acts = [(act, who) for act in ("start", "ask", "solved", "assign") for who in (LIU, CHEN, LEAD)]
    answers = [client.get(path(world, act, who.key)) for act, who in acts]
    answers += [client.get(path(world, "confirm", who)) for who in (ZHANG.key, LI)]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.text for answer in answers]


def run_commands(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What every command that shows something of tickets and mails prints."""
    url = world.store.engine.url.render_as_string(hide_password=False)
    (folder / "maildesk.toml").write_text(
        f'data = "{world.blobs.data}"\ndatabase = "{url}"\nsecret = "a secret for these tests"\n'
        f'[desk.it]\naddresses = ["{world.desk.address}"]\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(folder)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    commands = [
        *(["tickets", "list"], ["tickets", "list", "--json"]),
        *(["tickets", "show", NUMBER], ["tickets", "show", NUMBER, "--html", "page.html"]),
        *(["explain", NUMBER], ["explain", NUMBER, "--json"], ["explain", NUMBER, "--all"]),
        *(["outbox", "list", "--all"], ["doorstep", "list"], ["quarantine", "list"], ["status"]),
        *(["redecode", "--dry-run"], ["tickets", "show", NUMBER, "--raw"]),
    ]
    sightings = [row[0] for row in world.rows("SELECT id FROM sightings ORDER BY id")]
    commands += [["explain", "--all", *map(str, sightings)]]
    commands += [["explain", *(str(file) for _, file in world.blobs.list_raws())]]
    quarantined = world.rows("SELECT id FROM sightings WHERE outcome = 'quarantined'")
    commands += [["quarantine", "show", str(row[0])] for row in quarantined]
    shown = []
    # One house for all of them: most of a command's time is reading rules and building it.
    config = load(folder / "maildesk.toml", {})
    house = build_house(config)
    monkeypatch.setattr(maildesk.config, "load", lambda *_, **__: config)
    monkeypatch.setattr(maildesk.house, "build", lambda *_, **__: house)
    for command in commands:
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, (command, result.output, result.exception)
        shown.append(result.output)
    house.store.close()
    return [*shown, (folder / "page.html").read_text(encoding="utf-8")]


NUMBER = "IT-20261120-0001"


def test_nothing_planted_is_shown_sent_logged_or_kept(
    make_world: MakeWorld,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    journal: list[str],
) -> None:
    world = open_desk(make_world, unassigned_after=30)
    plan_rounds(world)
    play(world)
    pages = list_pages(world)
    client = open_pages(world)
    for act, who, choice, words in (
        ("confirm", ZHANG.key, "broken", HERS.line),
        ("ask", LIU.key, "ask", HIS.lines),
        ("solved", LIU.key, "solved", HIS.line),
    ):
        to = path(world, act, who)
        form = {"token": to[3:], "choice": choice, "words": words, "argument": ""}
        answer = client.post(to, data=form, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        pages.append(answer.text)
        world.later(minutes=5)
    pages += list_pages(world)
    play_outside(world, monkeypatch)

    told = {"ack", "dispatch", "progress", "question", "vendor", "answer", "held", "transcript"}
    told |= {"solved", "digest", "doorstep", "quarantine", "status"}
    assert told <= set(kinds(world)), told - set(kinds(world))
    for where, said in dump(world):
        found = find(said, EVERYBODYS)
        if where.startswith("outbox.data") and where.endswith(f"→ {ZHANG.key}"):
            found = [item for item in found if item != HIS.password]
        assert not found, (where, said[:2000])
    for said in (*pages, *journal, *run_commands(world, tmp_path, monkeypatch)):
        assert not find(said, EVERYBODYS), said
    # All of it was there to be found.
    raws = "\n".join(read_letter(file.read_bytes()) for _, file in world.blobs.list_raws())
    shown = set(find(raws, EVERYBODYS))
    assert shown == {item for one in EVERYBODYS[:-1] for item in one.all}
    assert "已隐去" in "".join(pages)


# ── what an engineer sends on purpose ─────────────────────────────────────────────────────────

RESET = f"#已解决\n账号已解锁，初始密码：{HIS.password}，首次登录请修改。\n"


def _list_letters(world: World, word: str) -> list[tuple[str, str]]:
    """(letter, address) of all in which a word stands."""
    rows = world.rows("SELECT letter, address, data FROM outbox ORDER BY id")
    return [(row.letter, row.address) for row in rows if word in read_letter(bytes(row.data))]


def test_a_new_password_reaches_the_requester_and_nobody_else(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    world.receive(raw_mail(headers=(*PROVED, f"Cc: {LI}")))
    engineer_answers(world, "dispatch", RESET)
    assert f"初始密码：{HIS.password}，首次登录请修改。" in read(last_letter(world, ZHANG))
    assert _list_letters(world, HIS.password) == [("solved", ZHANG.key)]
    assert "初始密码：［密码已隐去］，首次登录请修改。" in read(last_letter(world, LI))
    kept = [where for where, said in dump(world) if HIS.password in said]
    assert kept == [f"outbox.data solved → {ZHANG.key}"]


def test_her_answer_that_quotes_the_password_brings_it_back_to_nobody(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    world.receive(raw_mail(headers=PROVED))
    engineer_answers(world, "dispatch", RESET)
    quoted = "".join(f"> {line}\n" for line in read(last_letter(world, ZHANG)).split("\n"))
    requester_answers(world, "solved", f"还没好\n\n{quoted}")
    assert event_kinds(world)[-1] != "confirmed"
    assert _list_letters(world, HIS.password) == [("solved", ZHANG.key)]


def test_a_desk_may_keep_passwords_out_of_every_letter(make_world: MakeWorld) -> None:
    world = open_desk(make_world, privacy=Privacy(staff_may_send=frozenset()))
    world.receive(raw_mail(headers=PROVED))
    engineer_answers(world, "dispatch", RESET)
    assert "初始密码：［密码已隐去］，首次登录请修改。" in read(last_letter(world, ZHANG))
    assert _list_letters(world, HIS.password) == []


def test_two_passwords_in_one_mail_keep_their_places(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    world.receive(raw_mail(headers=PROVED))
    engineer_answers(world, "dispatch", "#已解决\n邮箱\n密码：Abc@111\nVPN\n密码：Abc@222\n")
    said = read(last_letter(world, ZHANG))
    assert "邮箱\n密码：Abc@111\nVPN\n密码：Abc@222\n" in said


def test_a_password_of_a_mail_that_waited_leaves_masked(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    world.receive(raw_mail(headers=PROVED))
    engineer_answers(world, "dispatch", f"#内布\n密码：{HIS.password}\n")
    engineer_answers(world, "held", "#发送\n")
    assert _list_letters(world, HIS.password) == []


def test_a_desk_that_hides_nothing_shows_everything(make_world: MakeWorld) -> None:
    world = open_desk(make_world, privacy=Privacy(hide=frozenset()))
    world.receive(raw_mail(headers=PROVED, text=HERS.line))
    assert HERS.line in read(last_letter(world, LIU))
    assert HERS.line in world.value("SELECT reply FROM texts")


# ── what was kept before ──────────────────────────────────────────────────────────────────────


def test_words_kept_before_there_were_masks_are_shown_masked(
    make_world: MakeWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = open_desk(make_world)
    world.receive(raw_mail(headers=PROVED))
    with world.store.write() as db:
        old = {"line": OLD.line}
        db.execute(sql("UPDATE tickets SET title = :line"), old)
        db.execute(sql("UPDATE texts SET reply = :line, body = :line"), old)
        db.execute(sql("UPDATE people SET name = :line WHERE key = 'zhang@corp.test'"), old)
        db.execute(sql("UPDATE letters SET subject = :line"), old)
        db.execute(sql("UPDATE attachments SET filename = :line"), old)
    sent = len(world.transport.sent)
    engineer_answers(world, "dispatch", "#接单\n#协办 陈晨\n马上来\n")
    world.later(hours=30)
    assert len(world.transport.sent) > sent
    for _, data in world.transport.sent:
        assert not find(read_letter(data), (OLD,))
    for said in (*list_pages_of(world), *run_commands(world, tmp_path, monkeypatch)):
        assert not find(said, (OLD,)), said


def list_pages_of(world: World) -> list[str]:
    client = open_pages(world)
    return [client.get(path(world, act, LIU.key)).text for act in ("start", "ask")]


def test_reading_again_masks_what_was_kept_before(make_world: MakeWorld) -> None:
    from maildesk.redecode import Redecoder

    world = open_desk(make_world, privacy=Privacy(hide=frozenset()))
    mail = raw_mail(headers=PROVED, subject=OLD.line, text=OLD.lines)
    world.receive(mail)
    assert find(world.value("SELECT title FROM tickets"), (OLD,))
    desks = {"it": replace(world.desk, privacy=Privacy())}
    list(Redecoder(world.store, world.blobs, desks, world.intake.limits).reread())
    for table, column in (("tickets", "title"), ("letters", "subject"), ("texts", "reply")):
        said = world.value(f"SELECT {column} FROM {table}")
        assert not find(said, (OLD,))
        assert "已隐去" in said
    assert ticket(world)["number"] == NUMBER


# ── every letter there is ─────────────────────────────────────────────────────────────────────

# What templates compare or link, which nobody outside writes.
_OURS = {"language", "code", "once", "marker", "url", "number", "linked", "reopened_from"}


def _poison(value: Any, said: str) -> Any:
    """The values with a sentence in every text that somebody's words can be."""
    changed: dict[str, Any] = {}
    for field in fields(value):
        if field.name in _OURS:
            continue
        given = getattr(value, field.name)
        changed[field.name] = given
        if field.type in ("str", "str | None"):
            changed[field.name] = said
        elif isinstance(given, tuple):
            changed[field.name] = tuple(
                _poison(item, said)
                if is_dataclass(item)
                else said
                if isinstance(item, str)
                else item
                for item in given
            )
    return replace(value, **changed)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("letter", SAMPLES)
def test_no_letter_can_show_a_secret(letter: str, language: str) -> None:
    from builders import desk

    press = Letterpress(wording(), (SECRET,))
    said = HERS.line if language == "zh-CN" else HERS.english.replace("\n", " ")
    file = Attachment(f"{HERS.id}.txt", "text/plain", 1, "0" * 64, inline=False)
    for sample in SAMPLES[letter]:
        values = replace(_poison(sample, said), language=language)
        plan = LetterPlan(letter, ZHANG.key, said, language, values, files=(file,))
        printed = press.print_letter(plan, desk(), cause="x", ticket=1, now=NOW)
        shown = read_letter(printed.data) + printed.subject
        assert not find(shown, (HERS,)), shown
        assert re.search("已隐去|hidden", shown)
        assert all(HERS.id not in item.filename for item in printed.files or ())
