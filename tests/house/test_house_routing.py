"""Who gets a ticket and who hears of it, over real servers: urgent, away, handed on, joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from correspondents import Correspondent
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.postfix import Postfix

pytestmark = pytest.mark.servers

PEOPLE = """
- name: 王强
  addresses: [{lead}]
  role: lead
- name: 陈静
  addresses: [{chen}]
  role: engineer
  groups: [网络组]
  away: 2020-01-01
- name: 赵磊
  addresses: [{zhao}]
  role: engineer
  groups: [network]
- name: 刘洋
  addresses: [{liu}]
  role: engineer
  groups: [hardware]
- name: 张敏
  addresses: [{zhang}]
  department: 财务部
  vip: 是
"""
TRUST = """trusted_hosts = ["mx.desk.test", "imap.desk.test"]
internal = ["authenticated"]"""


@dataclass(frozen=True, slots=True)
class Office:
    """A desk with two network engineers, one of the hardware, and their lead."""

    home: Household
    lead: Correspondent
    chen: Correspondent
    zhao: Correspondent
    liu: Correspondent
    zhang: Correspondent

    def whose(self) -> str:
        query = "SELECT name FROM tickets JOIN people ON people.id = assignee_id"
        return str(self.home.rows(f"{query} ORDER BY tickets.id DESC")[0][0])


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Office]:
    desk = dovecot.fresh_user()
    names = {"lead": "王强", "chen": "陈静", "zhao": "赵磊", "liu": "刘洋", "zhang": "张敏"}
    people = {
        key: Correspondent(name, dovecot, postfix, f"{desk}@desk.test")
        for key, name in names.items()
    }
    home = household(
        tmp_path / "home",
        dovecot,
        ("127.0.0.1", postfix.port),
        user=desk,
        people=PEOPLE.format(**{key: person.address for key, person in people.items()}),
        trust=TRUST,
    )
    home.start()
    yield Office(home, **people)
    home.stop()


def test_an_urgent_ticket_finds_who_is_there_and_everybody_who_must_know(office: Office) -> None:
    zhang, chen, zhao, lead, liu = (
        *(office.zhang, office.chen, office.zhao),
        *(office.lead, office.liu),
    )
    zhang.post(zhang.write("全公司断网", "全公司断网了，都上不了网，业务全停！\n"))
    dispatch = chen.wait_for(1)  # her planned day off is over
    assert "〔VIP〕" in dispatch.text
    urgent = lead.wait_for(1)
    assert urgent.subject.startswith("【紧急】全公司断网｜财务部张敏")
    assert "由陈静（网络组" in urgent.text
    zhang.wait_for(1)

    back = datetime.now(UTC) + timedelta(days=10)
    notice = chen.write(
        f"自动回复: {dispatch.subject}",
        f"我正在出差，{back.month}月{back.day}日返岗，急事请联系王强。\n",
        ("Auto-Submitted", "auto-replied"),
        ("In-Reply-To", dispatch.id),
        ("References", dispatch.id),
    )
    chen.post_from_outside(notice)  # nothing proves it but the letter it answers
    absent = lead.wait_for(2)
    assert absent.subject.startswith("【待转派】紧急｜全公司断网｜陈静不在")
    assert "陈静, out of office until the end of" in office.home.maildesk("status").stdout

    lead.post(lead.answer_in_outlook(absent, "#转派 网络组", "王强"))
    handed = zhao.wait_for(1)
    assert "此单由您处理（王强转派）" in handed.text
    assert office.whose() == "赵磊"

    zhao.post(zhao.answer_in_outlook(handed, "#会诊 刘洋 一起查核心交换机", "赵磊"))
    joined = liu.wait_for(1)
    assert "一起处理：赵磊（处理人）、刘洋" in joined.text

    zhang.post(zhang.write("打印服务器网络不通", "打印服务器 ping 不通，网络异常，请看一下。\n"))
    count = "SELECT count(*) FROM tickets"
    assert wait_until(lambda: office.home.count(count) == 2, 20, 0.05)
    assert office.whose() == "赵磊"  # nobody else of the group is there
    chen.post(chen.answer_in_outlook(dispatch, "#内部\n我回来了，这单我也看一眼。", "陈静"))
    gone = "SELECT count(*) FROM absences"
    assert wait_until(lambda: office.home.count(gone) == 0, 20, 0.05)
