"""`maildesk explain` against reviewed golden files, for mails of every fate.

`MAILDESK_WRITE_GOLDEN=1 pytest tests/house/test_house_explain.py` writes them anew: read the diff.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import raw_mail
from click.testing import CliRunner
from thread import (
    BORDER,
    CHEN,
    FAILED,
    LIU,
    PEOPLE,
    PROVED,
    UNPROVED,
    ZHANG,
    engineer_answers,
    last_id,
    open_ticket,
)
from worlds import World

from maildesk.cli.explain import explain, write_text
from maildesk.config.values import Config, MailboxConfig
from maildesk.desk.person import Person
from maildesk.explanation import Explanation, explain_file, explain_kept, list_mailboxes
from maildesk.house import House
from maildesk.mail.proof.trust import Border

GOLDEN = Path(__file__).parent.parent / "golden"

MAILS: dict[str, bytes] = {
    "urgent-incident": raw_mail(
        subject="全公司断网！！",
        text="从九点开始全公司都上不了网，业务全停了，请马上处理！\n",
        message_id="urgent@corp.test",
    ),
    "english-request": raw_mail(
        sender="Alice Chen <alice@corp.test>",
        subject="New laptop for Bob",
        text="Hi team,\n\nBob starts on Monday, please prepare a laptop and an account for him.\n",
        message_id="laptop@corp.test",
    ),
    "vague-request": raw_mail(
        subject="电脑坏了", text="电脑坏了，快来\n", message_id="v@corp.test"
    ),
    "answer-by-number": raw_mail(
        subject="答复：【已受理】打印机卡纸 ［IT-20261120-0001］",
        text="补充：是三楼东侧那台。\n",
        message_id="answer@corp.test",
    ),
    "stranger-with-a-number": raw_mail(
        sender="李四 <li@corp.test>",
        subject="[IT-20261120-0001] 我也要看",
        text="把这张单子的情况发给我。\n",
        message_id="li@corp.test",
    ),
    "outsider": raw_mail(
        sender="Sales <offer@elsewhere.test>", subject="优惠", message_id="offer@elsewhere.test"
    ),
    "out-of-office": raw_mail(
        subject="自动回复: 打印机卡纸 [IT-20261120-0001]",
        text="我正在休假，周一回来。\n",
        message_id="ooo@corp.test",
        headers=("Auto-Submitted: auto-replied",),
    ),
    "bounce": (
        b"From: MAILER-DAEMON@mx.corp.test\r\nTo: desk@corp.test\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b@mx.corp.test>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;"
        b' boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n'
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; zhang@corp.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: ACK\r\nSubject: x\r\n\r\n--b--\r\n"
    ),
    "the-same-letter-again": raw_mail(),
    "our-own-letter": b"ACK",
}


# Who writes, which letter he answers, what he writes, what our border wrote on top.
ANSWERS: dict[str, tuple[Person, str, str, tuple[str, ...]]] = {
    "engineer-proved": (
        LIU,
        "dispatch",
        "张敏您好，搓纸轮磨损，正在更换。\n\n#预计 16:00\n\n刘洋\n\n"
        "≡≡≡ 请在此行以上回复 · Reply above this line ≡≡≡\n提报人：财务部张敏\n",
        PROVED,
    ),
    "engineer-with-a-typo": (LIU, "dispatch", "#内布\n此用户账号被锁三次\n", PROVED),
    "engineer-only-by-token": (LIU, "dispatch", "#已解决\n已更换搓纸轮，请再试。\n", UNPROVED),
    "engineer-forged": (LIU, "dispatch", "#已解决\n已处理，请确认。\n", FAILED),
    "engineer-note": (LIU, "dispatch", "#内部 备件在三楼库房\n", PROVED),
    "colleague-without-the-letter": (CHEN, "", "#转派 刘洋\n", PROVED),
    "requester-well": (ZHANG, "solved", "好了，谢谢！\n", PROVED),
    "requester-not-yet": (ZHANG, "solved", "还没好，还是卡纸。\n", PROVED),
    "requester-forged": (ZHANG, "solved", "好了\n", FAILED),
}
FORWARDED = (
    "#代提 张敏\n#优先级 高\n\n---------- Forwarded message ----------\n"
    "发件人: 张敏 <zhang@corp.test>\n主题: 显示器不亮\n\n我的显示器不亮了，电源灯也不亮。\n"
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A desk with people in it; one ticket, IT-20261120-0001, with 刘洋."""
    found = World(
        f"sqlite:///{tmp_path / 'x.db'}",
        tmp_path / "data",
        listed=PEOPLE,
        border=BORDER,
        base_url="https://desk.corp.test",
    )
    found.start()
    open_ticket(found)
    yield found
    found.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A desk that has one ticket, IT-20261120-0001, and has acknowledged it."""
    world = World(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "data")
    world.start()
    world.receive(raw_mail())
    _, ack = world.transport.sent[0]
    ident = next(line for line in ack.split(b"\r\n") if line.startswith(b"Message-ID:"))
    for name, raw in MAILS.items():
        filled = ack if raw == b"ACK" else raw.replace(b"ACK", ident.removeprefix(b"Message-ID: "))
        (tmp_path / f"{name}.eml").write_bytes(filled)
    yield house_of(world, tmp_path)
    world.close()


def house_of(world: World, folder: Path, mailboxes: tuple[MailboxConfig, ...] = ()) -> House:
    config = Config(folder, folder, "", b"x", (world.desk,), mailboxes)
    return House(config, world.store, world.intake, world.clock)


def answer(world: World, name: str) -> bytes:
    """The mail of that name in `ANSWERS`, as it would arrive now."""
    who, letter, text, border = ANSWERS[name]
    if letter == "solved":
        engineer_answers(world, "dispatch", "#已解决\n已更换搓纸轮，请再打印一次试试。\n")
    answered = last_id(world, letter, who.key) if letter else "one@corp.test"
    return raw_mail(
        sender=f"{who.name} <{who.key}>",
        subject="回复: 打印机卡纸",
        text=text,
        message_id=f"{name}@corp.test",
        headers=(*border, f"In-Reply-To: <{answered}>", f"References: <{answered}>"),
    )


def hold_to_golden(name: str, told: Explanation, folder: Path) -> None:
    written = write_text(told, everything=False, zone="Asia/Shanghai")
    # Signed ids differ with the rows they name.
    written = re.sub(r"<?md\.[a-z0-9.]+@", "md.…@", written.replace(f"{folder}/", "")) + "\n"
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("MAILDESK_WRITE_GOLDEN"):
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MAILS)
def test_the_explanation_is_the_reviewed_one(house: House, tmp_path: Path, name: str) -> None:
    hold_to_golden(name, explain_file(house, tmp_path / f"{name}.eml", tmp_path), tmp_path)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_explained_as_reviewed(world: World, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.eml"
    file.write_bytes(answer(world, name))
    hold_to_golden(name, explain_file(house_of(world, tmp_path), file, tmp_path), tmp_path)


def test_a_delegated_forward_is_explained_as_reviewed(world: World, tmp_path: Path) -> None:
    file = tmp_path / "delegated-forward.eml"
    file.write_bytes(
        raw_mail(
            sender="陈晨 <chen@corp.test>",
            subject="转发: 显示器不亮",
            text=FORWARDED,
            message_id="forward@corp.test",
            headers=PROVED,
        )
    )
    told = explain_file(house_of(world, tmp_path), file, tmp_path)
    hold_to_golden("delegated-forward", told, tmp_path)


def test_explaining_a_file_writes_nothing(house: House, tmp_path: Path) -> None:
    def count() -> list[int]:
        from sqlalchemy import func, select

        from maildesk.store.schema import metadata

        with house.store.read() as db:
            tables = metadata.sorted_tables
            return [db.execute(select(func.count()).select_from(t)).scalar_one() for t in tables]

    before = count()
    for name in MAILS:
        explain_file(house, tmp_path / f"{name}.eml", tmp_path)
    assert count() == before
    house.store.close()


def test_a_kept_mail_is_explained_with_every_letter_sent(house: House) -> None:
    [told] = explain_kept(house, "IT-20261120-0001")
    assert told.outcome == "opened"
    assert [(item.letter, item.state) for item in told.letters] == [("ack", "accepted")]
    assert any(rule.matched for rule in told.rules)
    assert all(rule.failed for rule in told.rules if not rule.matched)
    house.store.close()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_kept_answer_is_explained_as_its_file_was(
    world: World, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "x.eml"
    file.write_bytes(answer(world, name))
    house = house_of(world, tmp_path)
    before = explain_file(house, file, tmp_path)
    world.receive(file.read_bytes())
    [after] = explain_kept(house, f"{name}@corp.test")
    assert after.findings == before.findings
    assert (after.speech, after.change) == (before.speech, before.change)
    assert (after.border, after.outcome) == ("main", before.outcome)
    told = {(item.letter, item.to, item.relay) for item in after.letters}
    assert told == {(item.letter, item.to, item.relay) for item in before.letters}


def test_all_shows_what_was_not_passed_on(world: World, tmp_path: Path) -> None:
    file = tmp_path / "x.eml"
    file.write_bytes(answer(world, "engineer-proved"))
    told = explain_file(house_of(world, tmp_path), file, tmp_path)
    written = write_text(told, everything=True, zone="Asia/Shanghai")
    assert "\nleft out   - 刘洋\n" in written
    assert "\nleft out   - 提报人：财务部张敏\n" in written
    assert "left out   - 张敏您好" not in written


def test_a_file_is_believed_as_the_mailbox_chosen_would(world: World, tmp_path: Path) -> None:
    file = tmp_path / "x.eml"
    file.write_bytes(answer(world, "engineer-proved"))
    elsewhere = Border(("mx.elsewhere.test",), ("mx.elsewhere.test",), ())
    borders = {"main": BORDER, "branch": elsewhere}
    house = house_of(world, tmp_path)
    house = replace(house, intake=replace(house.intake, borders=borders))
    assert list_mailboxes(house) == ("main", "branch")
    for mailbox, verdict in ((None, "proved"), ("main", "proved"), ("branch", "token only")):
        told = explain_file(house, file, tmp_path, mailbox)
        assert told.border == (mailbox or "main")
        trust = [finding for finding in told.findings if finding.step == "trust"]
        assert trust[-1].found == verdict


def test_a_mailbox_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_bytes(raw_mail())
    done = CliRunner().invoke(explain, [str(tmp_path / "mail.eml"), "--mailbox", "nowhere"])
    assert done.exit_code == 2
    assert "there is no mailbox 'nowhere'" in done.output


def test_without_a_configuration_the_shipped_rules_explain_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    file = tmp_path / "mail.eml"
    file.write_bytes(raw_mail(subject="VPN 连不上", text="在家连不上 VPN，提示证书过期\n"))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(explain, [str(file), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    wanted = {"category", "priority", "type", "assignee", "ticket", "rules"}
    assert wanted <= set(told)
    assert told["category"] == "network"
