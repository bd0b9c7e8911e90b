"""The whole way over real servers: Postfix, Dovecot, maildesk, Postfix, the sender's mailbox."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from builders import raw_mail
from household import Household, household
from servers.dovecot import Dovecot
from servers.postfix import Postfix

LEAD = """
- name: 王强
  staff_number: NT001
  addresses: [{lead}@desk.test]
  role: lead
"""


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Household]:
    lead = dovecot.fresh_user()
    made = household(
        tmp_path / "home",
        dovecot,
        ("127.0.0.1", postfix.port),
        people=LEAD.format(lead=lead),
    )
    made.start()
    yield made
    made.stop()


def post(postfix: Postfix, sender: str, to: str, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail(sender, [to], raw)


@pytest.mark.servers
def test_a_request_by_post_is_answered_by_post(
    home: Household, dovecot: Dovecot, postfix: Postfix
) -> None:
    user = dovecot.fresh_user()
    sender = f"{user}@desk.test"
    raw = raw_mail(
        sender=f"张敏 <{sender}>",
        to=home.address,
        subject="打印机卡纸",
        text="三楼打印机又卡纸了，麻烦看一下。\n",
        message_id=f"{user}@client.test",
    )
    posted = time.monotonic()
    post(postfix, sender, home.address, raw)
    [mail] = dovecot.wait_for(user, 1)
    took = time.monotonic() - posted
    letter = message_from_bytes(mail.raw, policy=policy.default)
    number = home.rows("SELECT number FROM tickets")[0][0]
    assert letter["Subject"] == f"【已受理】打印机卡纸 [{number}]"
    assert letter["From"].addresses[0].addr_spec == home.address
    assert letter["From"].addresses[0].display_name == "IT服务台"
    assert letter["Return-Path"].strip("<>") == home.address
    assert letter["In-Reply-To"] == f"<{user}@client.test>"
    assert letter["Auto-Submitted"] == "auto-replied"
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        text = body.get_content()
        for words in ("张敏", number, "硬件组", "8005", "8000", "前"):
            assert words in text, f"{words} is missing in the {kind} part"
    assert took < 20, "it must not wait for a poll"

    # Its answer joins the ticket; somebody else's mail with the number does not.
    reply = raw_mail(
        sender=f"张敏 <{sender}>",
        to=home.address,
        subject=f"答复: {letter['Subject']}",
        text="补充：是东侧那台，型号 M404。\n",
        message_id="reply@client.test",
        headers=(f"In-Reply-To: {letter['Message-ID']}",),
    )
    post(postfix, sender, home.address, reply)
    other = dovecot.fresh_user()
    stranger = raw_mail(
        sender=f"李四 <{other}@desk.test>",
        to=home.address,
        subject=f"[{number}]",
        text="我也要看。\n",
        message_id="stranger@client.test",
    )
    post(postfix, f"{other}@desk.test", home.address, stranger)
    dovecot.wait_for(other, 1)
    assert home.count("SELECT count(*) FROM tickets") == 2
    assert home.count("SELECT count(*) FROM events WHERE kind='words' AND ticket_id=1") == 1
    assert len(dovecot.messages(user)) == 1
    audit = home.maildesk("audit", "--hashes")
    assert audit.returncode == 0, audit.stdout + audit.stderr


@pytest.mark.servers
def test_a_letter_that_bounces_is_an_event_and_no_ticket(
    home: Household, dovecot: Dovecot, postfix: Postfix
) -> None:
    from servers import wait_until
    from servers.postfix import GHOST

    raw = raw_mail(sender=f"已离职 <{GHOST}>", to=home.address, message_id="ghost@client.test")
    post(postfix, f"{GHOST}", home.address, raw)
    assert wait_until(
        lambda: home.count("SELECT count(*) FROM events WHERE kind='bounced'"), 20, 0.1
    ), home.read_log()
    assert home.count("SELECT count(*) FROM tickets") == 1
    assert home.count("SELECT count(*) FROM outbox") == 1


@pytest.mark.servers
def test_the_commands_show_what_the_daemon_did(
    home: Household, dovecot: Dovecot, postfix: Postfix
) -> None:
    user = dovecot.fresh_user()
    raw = raw_mail(
        sender=f"张敏 <{user}@desk.test>",
        to=home.address,
        message_id=f"{user}@client.test",
        text="电脑蓝屏了\n",
    )
    post(postfix, f"{user}@desk.test", home.address, raw)
    dovecot.wait_for(user, 1)
    listed = home.maildesk("tickets", "list")
    number = home.rows("SELECT number FROM tickets")[0][0]
    assert number in listed.stdout
    shown = home.maildesk("tickets", "show", number)
    assert "电脑蓝屏了" in shown.stdout
    assert "accepted" in shown.stdout
    explained = home.maildesk("explain", number)
    assert "rule +" in explained.stdout
    assert "thread" in explained.stdout
    status = home.maildesk("status")
    assert "mailbox:helpdesk" in status.stdout
    assert status.returncode == 0, status.stdout
    out = home.maildesk("outbox", "list", "--all")
    assert "ack" in out.stdout


@pytest.mark.servers
def test_ingest_takes_a_mail_from_a_pipe_and_the_daemon_answers_it(
    home: Household, dovecot: Dovecot
) -> None:
    user = dovecot.fresh_user()
    raw = raw_mail(
        sender=f"张敏 <{user}@desk.test>", to=home.address, message_id=f"{user}@client.test"
    )
    file = home.folder / "mail.eml"
    file.write_bytes(raw)
    with file.open("rb") as pipe:
        done = home.maildesk("ingest", "-", stdin=pipe)
    assert done.returncode == 0, done.stderr
    assert "opened" in done.stdout
    dovecot.wait_for(user, 1)
    again = home.maildesk("ingest", str(file))
    assert "duplicate" in again.stdout
    missing = home.maildesk("ingest", "not-there.eml")
    assert missing.returncode == 1
