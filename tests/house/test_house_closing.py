"""The requester has the last word, by real servers: confirm and rate on one page, by mail, or not.

Time is moved by moving what falls due: the daemon's own clock goes on.
"""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from company import Company
from servers.dovecot import Dovecot
from servers.postfix import Postfix

pytestmark = pytest.mark.servers

TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Company]:
    """The process manual's desk, with its pages."""
    found = Company(tmp_path / "home", dovecot, postfix, "process-manual", web=True)
    found.home.start()
    yield found
    found.home.stop()


def solve(desk: Company) -> str:
    """The page's address as the solved letter has it."""
    desk.ask("zhang", "打印机卡纸", "三楼打印机卡纸，只有我这台打不了，重启过没用\n")
    desk.answer("liu", desk.wait_letter("liu", "【派单】"), "#已解决\n搓纸轮换好了，请再打印一次。")
    return desk.wait_letter("zhang", "【请确认】打印机卡纸").find_link("已解决，评价")


def send(link: str, **fields: str) -> str:
    """What the page shows after its form was sent with these fields."""
    with urllib.request.urlopen(link) as page:
        token = TOKEN.search(page.read().decode())
    assert token is not None
    form = urllib.parse.urlencode({"token": token[1], **fields}).encode()
    with urllib.request.urlopen(link, form) as page:
        assert page.status == 200
        shown: str = page.read().decode()
    return shown


def test_confirmed_rated_and_closed_on_one_page_and_changed_later(desk: Company) -> None:
    """F9 M7 N5 W8: looking changes nothing; score, questions and remark in one POST."""
    link = solve(desk)
    with urllib.request.urlopen(link) as page:
        shown = page.read().decode()
    for words in ("非常满意", "响应速度", "专业能力", "还有其他疑问或需求吗", "还没好"):
        assert words in shown, words
    assert desk.home.rows("SELECT state FROM tickets") == [("to_confirm",)]

    shown = send(link, choice="confirmed", score="5", mark_speed="4", words="处理很快")
    assert "已评价" in shown
    assert desk.home.rows("SELECT state, closed_by FROM tickets") == [("closed", "requester")]
    told = desk.home.rows(
        "SELECT kind FROM events WHERE kind IN ('confirmed', 'rated', 'closed') ORDER BY id"
    )
    assert told == [("confirmed",), ("rated",), ("closed",)]
    [(score, words)] = desk.home.rows("SELECT score, words FROM ratings WHERE current")
    assert (score, words) == (5, "处理很快")

    asks = {"score": "4", "further": "扫描仪能一起装上吗？"}
    send(link, choice="confirmed", **asks)
    assert "扫描仪能一起装上吗" in desk.wait_letter("liu", "【用户回复】").text
    assert desk.home.rows("SELECT score FROM ratings WHERE current") == [(4,)]


def test_broken_on_the_page_goes_on_one_priority_higher_and_is_rated_by_mail_later(
    desk: Company,
) -> None:
    """M6 M7 R9: not fixed, solved again, a bare yes, one letter for the score, closed by it."""
    link = solve(desk)
    send(link, choice="broken", words="还是卡纸")
    again = desk.wait_letter("liu", "【仍未解决】打印机卡纸")
    assert "还是卡纸" in again.text
    assert desk.home.rows("SELECT state, reopens FROM tickets") == [("in_progress", 1)]
    desk.answer("liu", again, "#已解决\n整机换好了，请再打印一次。")
    desk.answer("zhang", desk.wait_letter("zhang", "【请确认】打印机卡纸", 2), "好了")
    desk.wait_for("state", "solved")
    desk.change("UPDATE deadlines SET due_at = 1 WHERE kind = 'survey' AND state = 'open'")
    asked = desk.wait_letter("zhang", "【请评价】打印机卡纸")
    assert "5 非常满意" in asked.text
    desk.answer("zhang", asked, "4")
    desk.wait_for("state", "closed")
    assert desk.home.rows("SELECT score, source FROM ratings WHERE current") == [(4, "mail")]
