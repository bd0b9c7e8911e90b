"""The process manual by mail and real servers: access needs a yes, a ticket goes higher (M5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
- name: 刘洋
  addresses: [{liu}]
  role: engineer
  groups: [系统运维组, 设备组, 网络组]
- name: 陈静
  addresses: [{chen}]
  role: engineer
- name: 张伟
  addresses: [{wei}]
  department: 财务部
- name: 张敏
  addresses: [{min}]
  department: 财务部
  manager: 张伟
"""
TRUST = """trusted_hosts = ["mx.desk.test", "imap.desk.test"]
internal = ["authenticated"]"""
NAMES = {"lead": "王强", "liu": "刘洋", "chen": "陈静", "wei": "张伟", "min": "张敏"}


@dataclass(frozen=True, slots=True)
class Office:
    """A desk by the process manual, and everybody in it."""

    home: Household
    people: dict[str, Correspondent]

    def state(self) -> str:
        rows = self.home.rows("SELECT state FROM tickets ORDER BY id DESC")
        return str(rows[0][0]) if rows else ""


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Office]:
    desk = dovecot.fresh_user()
    people = {
        key: Correspondent(name, dovecot, postfix, f"{desk}@desk.test")
        for key, name in NAMES.items()
    }
    home = household(
        tmp_path / "home",
        dovecot,
        ("127.0.0.1", postfix.port),
        user=desk,
        people=PEOPLE.format(**{key: person.address for key, person in people.items()}),
        trust=TRUST,
        profile="process-manual",
    )
    home.start()
    yield Office(home, people)
    home.stop()


def test_access_waits_for_the_manager_and_a_forged_yes_is_none(office: Office) -> None:
    zhang, manager, liu = office.people["min"], office.people["wei"], office.people["liu"]
    words = "请给我开通 CRM 系统的查询权限，我自己用，本周五之前要用。\n"
    zhang.post(zhang.write("申请开通 CRM 权限", words))
    asked = manager.wait_for(1)
    assert asked.subject.startswith("【请审批】申请开通 CRM 权限｜张敏")
    assert "您是张敏的上级" in asked.text
    assert "此类申请要先经张伟审批" in zhang.wait_for(1).text
    assert office.state() == "on_hold"

    number = asked.subject[asked.subject.rindex("[") :]
    forged = manager.write(f"回复: {number}", "同意\n")
    manager.post_from_outside(forged)
    manager.wait_for(2)  # he hears of it
    assert office.state() == "on_hold"

    manager.post(manager.answer_in_qq(asked, "同意，但是只读"))
    dispatched = liu.wait_for(1)
    assert "张伟已批准此申请，附带要求：但是只读" in dispatched.text
    assert words.strip() in dispatched.text
    assert "您的申请已获批准（审批人：张伟）" in zhang.wait_for(2).text
    told = office.home.maildesk("tickets", "show", number.strip("[]")).stdout
    assert "agreed by 张伟" in told
    assert "但是只读" in told


def test_a_ticket_goes_higher_by_order_and_its_engineer_helps_on(office: Office) -> None:
    zhang, liu, lead, chen = (office.people[key] for key in ("min", "liu", "lead", "chen"))
    words = "ERP 系统登录报错 500，从早上开始一直这样，只有我这台电脑。\n"
    zhang.post(zhang.write("ERP 无法登录", words))
    dispatched = liu.wait_for(1)
    zhang.wait_for(1)
    order = "#升级 数据库主机宕机｜需要数据库工程师"
    liu.post(liu.answer_in_outlook(dispatched, order, "刘洋"))
    asked = lead.wait_for(1)
    assert "【升级待确认】" in asked.subject
    assert "刘洋申请升级" in asked.text
    lead.post(lead.answer_in_outlook(asked, "#同意升级 陈静", "王强"))
    handed = chen.wait_for(1)
    assert "升级原因：数据库主机宕机" in handed.text
    assert "现由陈静负责；请您继续协助" in liu.wait_for(2).text
    assert "您的问题已升级处理，现由陈静" in zhang.wait_for(2).text
    helps = "SELECT count(*) FROM participants WHERE role = 'helper'"
    assert wait_until(lambda: office.home.count(helps) == 1, 20, 0.05)
