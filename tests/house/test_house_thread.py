"""A whole ticket by mail over Postfix and Dovecot, read in the mailboxes as its receivers would.

Who wrote a mail is what these servers really note: the submission port asks for a password and
takes only the login's own address ("Authenticated sender: user7 … with ESMTPA"), so such a mail is
proved; what comes in at the other port, as from the Internet, has nothing of the kind.
"""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from correspondents import Correspondent, Letter
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.postfix import Postfix

from maildesk.desk.staff.marker import MARKER
from maildesk.journal import Step

pytestmark = pytest.mark.servers

PEOPLE = """
- name: 王强
  addresses: [{lead}]
  role: lead
- name: 刘洋
  addresses: [{engineer}]
  role: engineer
  groups: [hardware]
  extension: "8005"
- name: 张敏
  addresses: [{requester}]
  department: 财务部
"""
# The names with which the two servers sign their Received lines. This Postfix checks no DMARC and
# leaves foreign Authentication-Results as they are, so there is no authserv-id to believe.
TRUST = """trusted_hosts = ["mx.desk.test", "imap.desk.test"]
internal = ["authenticated"]"""
CARD = "刘洋\n信息技术部 硬件组 CANARY-SIGNATURE\n电话：021-5555 8005"


@dataclass(frozen=True, slots=True)
class Office:
    """A desk with pages, and the three people of one ticket."""

    home: Household
    zhang: Correspondent
    liu: Correspondent
    wang: Correspondent

    def ticket(self) -> tuple[str, str]:
        """(state, waiting)"""
        state, waiting = self.home.rows("SELECT state, waiting FROM tickets")[0]
        return str(state), str(waiting)

    def number(self) -> str:
        return str(self.home.rows("SELECT number FROM tickets")[0][0])

    def wait_for_state(self, state: str) -> None:
        met = wait_until(lambda: self.ticket()[0] == state, 20, 0.05)
        assert met, (self.ticket(), self.home.read_log()[-2000:])

    def wait_for_event(self, kind: str) -> None:
        query = f"SELECT count(*) FROM events WHERE kind = '{kind}'"
        assert wait_until(lambda: self.home.count(query), 20, 0.05), self.home.read_log()[-2000:]

    def ask(self) -> Letter:
        """张敏's request; the dispatch that 刘洋 gets."""
        self.zhang.post(self.zhang.write("打印机卡纸", "三楼的打印机又卡纸了，麻烦看一下。\n"))
        self.zhang.wait_for(1)
        return self.liu.wait_for(1)

    def solve(self) -> Letter:
        """From the request to the letter that asks 张敏 to confirm."""
        dispatch = self.ask()
        self.liu.post(self.liu.answer_in_outlook(dispatch, "#已解决\n换了搓纸轮，请试试。", CARD))
        return self.zhang.wait_for(2)


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Office]:
    desk = dovecot.fresh_user()
    zhang, liu, wang = (
        Correspondent(name, dovecot, postfix, f"{desk}@desk.test")
        for name in ("张敏", "刘洋", "王强")
    )
    people = PEOPLE.format(lead=wang.address, engineer=liu.address, requester=zhang.address)
    home = household(
        tmp_path / "home",
        dovecot,
        ("127.0.0.1", postfix.port),
        user=desk,
        people=people,
        trust=TRUST,
        web=True,
    )
    home.start()
    yield Office(home, zhang, liu, wang)
    home.stop()


def test_a_ticket_is_worked_by_mail_from_request_to_confirmation(office: Office) -> None:
    zhang, liu, home = office.zhang, office.liu, office.home

    dispatch = office.ask()
    number = office.number()
    ack = zhang.read()[0]
    assert ack.subject == f"【已受理】打印机卡纸 [{number}]"
    assert ack.lines[0] == "张敏您好，您的问题已受理。"
    assert ack.lines[1].startswith("处理人刘洋（硬件组，分机 8005），预计")
    assert dispatch.subject == f"【派单】中｜打印机卡纸｜财务部张敏 [{number}]"
    assert dispatch.lines[0] == MARKER
    assert dispatch.lines[1].startswith("〔您的回复会发给用户张敏")
    assert "三楼的打印机又卡纸了，麻烦看一下。" in dispatch.lines
    assert zhang.address in dispatch.text

    words = "张敏您好，搓纸轮磨损了，备件下午到。\n\n请问是靠窗那台吗？"
    liu.post(liu.answer_in_outlook(dispatch, words, CARD))
    progress = zhang.wait_for(2)
    assert progress.subject == f"【处理进展】打印机卡纸 [{number}]"
    assert progress.lines[:3] == [
        "我是 IT服务台刘洋（硬件组，分机 8005）。",
        "张敏您好，搓纸轮磨损了，备件下午到。",
        "请问是靠窗那台吗？",
    ]
    assert office.ticket() == ("in_progress", "none")

    zhang.post(zhang.answer_in_qq(progress, "是的，就是靠窗那台，A4 纸盒。"))
    answer = liu.wait_for(2)
    assert answer.subject == f"【用户回复】打印机卡纸｜张敏 [{number}]"
    assert answer.lines[0] == MARKER
    assert answer.lines[2:4] == ["刘洋您好，张敏回复了：", "是的，就是靠窗那台，A4 纸盒。"]
    assert answer.text.count("搓纸轮") == 0, "what she quoted he wrote himself"

    solved = "#已解决\n已更换搓纸轮，请再打印一次试试。"
    liu.post(liu.answer_in_outlook(answer, solved, CARD))
    first = zhang.wait_for(3)
    assert first.subject == f"【请确认】打印机卡纸，已处理 [{number}]"
    assert first.lines[1:3] == [
        "已更换搓纸轮，请再打印一次试试。",
        "好了请回复“好了”，没好请回复“没好”；或点：",
    ]
    assert office.ticket()[0] == "to_confirm"

    zhang.post(zhang.answer_in_qq(first, "还没好，打到第三张又卡了"))
    again = liu.wait_for(3)
    assert again.subject == f"【仍未解决】打印机卡纸｜张敏 [{number}]"
    assert "还没好，打到第三张又卡了" in again.lines
    assert office.ticket()[0] == "in_progress"

    liu.post(liu.answer_in_outlook(again, "纸盒也换了，请再试一次。\n\n#已解决", CARD))
    second = zhang.wait_for(4)
    assert second.subject == first.subject
    assert second.lines[1] == "纸盒也换了，请再试一次。"

    zhang.post(zhang.answer_in_qq(second, "好了，谢谢！"))
    office.wait_for_state("solved")
    assert home.count("SELECT confirmed_at IS NOT NULL FROM tickets") == 1

    # WORDS.md: four for her; for him the dispatch and one for each time she answered; none else.
    home.stop()
    assert home.count("SELECT count(*) FROM outbox WHERE state = 'accepted'") == 7
    assert home.count("SELECT count(*) FROM outbox") == 7
    assert [len(person.read()) for person in (zhang, liu, office.wang)] == [4, 3, 0]
    for person in (zhang, liu):
        check_thread(person, number)
    for letter in zhang.read():
        for inside in ("CANARY", liu.address, "#", MARKER, "派单"):
            assert inside not in hide_links(letter.text + letter.html), letter.subject
    audit = home.maildesk("audit", "--hashes")
    assert audit.returncode == 0, audit.stdout + audit.stderr


def check_thread(person: Correspondent, number: str) -> None:
    """Each letter continues the conversation this reader knows, and names no id of anybody else."""
    known = set(person.sent)
    anchors = set()
    for place, letter in enumerate(person.read()):
        anchor, *others = letter.references
        anchors.add(anchor)
        assert letter.subject.count(number) == 1
        assert set(others) <= known, f"{letter.subject}: ids this reader has never seen"
        assert letter.answers in known or (letter.answers == "" and place == 0)
        known.add(letter.id)
    assert len(anchors) == 1
    assert not anchors & known


def hide_links(text: str) -> str:
    """The text without addresses of pages, whose `#broken` is no order."""
    return re.sub(r"http://\S+|&#\d+;|#[0-9a-fA-F]{3,6}\b", "", text)


def test_a_confirm_link_shows_on_get_and_decides_on_post(office: Office) -> None:
    letter = office.solve()
    link = letter.find_link("已解决，评价")
    assert link.startswith(f"{office.home.base_url}/t/")
    assert link in letter.html
    for _ in range(3):  # a scanner, a preview, the reader
        with urllib.request.urlopen(link) as page:
            shown = page.read().decode()
    assert "请确认是否已经好了" in shown
    assert office.ticket()[0] == "to_confirm"
    token = re.search(r'name="token" value="([^"]+)"', shown)
    assert token is not None
    form = urllib.parse.urlencode({"token": token[1], "choice": "confirmed"}).encode()
    with urllib.request.urlopen(link, form) as page:
        assert page.status == 200
    office.wait_for_state("solved")
    assert len(office.liu.read()) == 1, "a confirmation writes no letter"
    checked = office.home.maildesk("check", "--no-mail").stdout
    assert f"✓ pages: links to {office.home.base_url} lead here" in checked
    assert "✓ trust: mailbox helpdesk believes authenticated" in checked


def test_anybody_may_read_what_the_desk_promises(office: Office) -> None:
    office.zhang.post(office.zhang.write("打印机卡纸", "三楼的打印机又卡纸了，麻烦看一下。\n"))
    ack = office.zhang.wait_for(1)
    address = f"{office.home.base_url}/service/it"
    assert f"各级时限和服务范围：{address}" in ack.text
    assert f'href="{address}"' in ack.html
    with urllib.request.urlopen(address) as page:
        shown = page.read().decode()
    for words in ("紧急", "30分钟内", "4小时内", "空调", "行政"):
        assert words in shown, words


@pytest.mark.parametrize(
    "ids", [True, False], ids=["with our letter's id", "with the number alone"]
)
def test_who_writes_in_the_engineers_name_from_outside_changes_nothing(
    office: Office, ids: bool
) -> None:
    dispatch = office.ask()
    number = office.number()
    stolen = (("References", dispatch.id),) if ids else ()
    claims = (
        ("Authentication-Results", "mx.desk.test; dmarc=pass header.from=desk.test"),
        (
            "Received",
            f"from pc.desk.test (localhost [127.0.0.1]) (Authenticated sender: {office.liu.user}) "
            "by mx.desk.test (Postfix) with ESMTPA id 1; Fri, 20 Nov 2026 10:00:00 +0800",
        ),
    )
    forged = office.liu.write(f"Re: [{number}]", "#已解决\n已处理。\n", *stolen, *claims)
    office.liu.post_from_outside(forged)
    office.wait_for_event("challenged" if ids else "unverified_note")
    # Whom the mail pretends to be is told, or asked, once; nobody else hears of it.
    office.liu.wait_for(2)
    assert office.ticket() == ("new", "none")
    assert len(office.zhang.read()) == 1
    told = office.home.maildesk("explain", str(forged["Message-ID"]).strip("<>")).stdout
    assert "mx.desk.test is not among the authserv_ids" in told
    assert "the sender did not log in there" in told
    assert f"letter     progress to {office.zhang.address}, not written" in told
    assert ("enough for words and simple orders" if ids else "not proved") in told


def test_an_engineer_without_evidence_is_believed_with_the_code_we_mailed_him(
    office: Office,
) -> None:
    dispatch = office.ask()
    done = office.liu.answer_in_outlook(dispatch, "#已解决\n换了搓纸轮，请试试。", CARD)
    office.liu.post_from_outside(done)
    asked = office.liu.wait_for(2)
    assert office.ticket()[0] == "new"
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", asked.text)
    assert code is not None, asked.text
    office.liu.post_from_outside(office.liu.answer_in_qq(asked, code[0]))
    solved = office.zhang.wait_for(2)
    assert solved.lines[1] == "换了搓纸轮，请试试。"
    assert office.ticket()[0] == "to_confirm"


@pytest.mark.parametrize("step", [Step.APPLIED, Step.COMMITTED, Step.LEASED])
def test_killed_between_the_engineers_mail_and_its_letter_the_letter_leaves_once(
    office: Office, step: Step
) -> None:
    dispatch = office.ask()
    office.home.stop()
    office.home.start(kill_at=f"{step}:1", wait=False)
    office.liu.post(office.liu.answer_in_outlook(dispatch, "备件下午到，请稍候。", CARD))
    office.home.wait_killed()
    assert len(office.zhang.read()) == 1
    office.home.start(wait=False)
    progress = office.zhang.wait_for(2)
    assert progress.lines[1] == "备件下午到，请稍候。"
    filed = "SELECT count(*) FROM sightings WHERE state = 'filed'"
    assert wait_until(lambda: office.home.count(filed) == 2, 20, 0.05)
    office.home.stop()
    assert len(office.zhang.read()) == 2
    assert len(office.liu.read()) == 1
    assert office.home.count("SELECT count(*) FROM outbox WHERE letter = 'progress'") == 1
