"""`maildesk explain` against reviewed golden files, for ten mails of every fate.

`MAILDESK_WRITE_GOLDEN=1 pytest tests/house/test_house_explain.py` writes them anew: read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders import raw_mail
from click.testing import CliRunner
from worlds import World

from maildesk.cli.explain import explain, write_text
from maildesk.config.values import Config
from maildesk.daemon import House
from maildesk.explanation import explain_file, explain_kept

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


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A desk that has one ticket, IT-20261120-0001, and has acknowledged it."""
    world = World(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "data")
    world.start()
    world.receive(raw_mail())
    _, ack = world.transport.sent[0]
    ident = next(line for line in ack.split(b"\r\n") if line.startswith(b"Message-ID:"))
    for name, raw in MAILS.items():
        filled = ack if raw == b"ACK" else raw.replace(b"ACK", ident.removeprefix(b"Message-ID: "))
        (tmp_path / f"{name}.eml").write_bytes(filled)
    config = Config(tmp_path, tmp_path, "", b"x", (world.desk,))
    return House(config, world.store, world.intake, world.clock)


@pytest.mark.parametrize("name", MAILS)
def test_the_explanation_is_the_reviewed_one(house: House, tmp_path: Path, name: str) -> None:
    told = explain_file(house, tmp_path / f"{name}.eml", tmp_path)
    written = (
        write_text(told, everything=False, zone="Asia/Shanghai").replace(f"{tmp_path}/", "") + "\n"
    )
    house.store.close()
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("MAILDESK_WRITE_GOLDEN"):
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


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
