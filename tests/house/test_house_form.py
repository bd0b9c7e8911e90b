"""A vague mail with a form, over Postfix and Dovecot: asked once, answered, and passed on whole."""

from __future__ import annotations

import json
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
- name: 刘洋
  addresses: [{engineer}]
  role: engineer
  groups: [hardware]
  extension: "8005"
- name: 张敏
  addresses: [{requester}]
  department: 财务部
"""
TRUST = """trusted_hosts = ["mx.desk.test", "imap.desk.test"]
internal = ["authenticated"]"""


@dataclass(frozen=True, slots=True)
class Office:
    home: Household
    zhang: Correspondent
    liu: Correspondent

    def fields(self) -> dict[str, str]:
        [row] = self.home.rows("SELECT fields FROM tickets")
        found: dict[str, str] = json.loads(row[0]) if isinstance(row[0], str) else row[0]
        return found


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Office]:
    desk = dovecot.fresh_user()
    zhang, liu = (
        Correspondent(name, dovecot, postfix, f"{desk}@desk.test") for name in ("张敏", "刘洋")
    )
    home = household(
        tmp_path / "home",
        dovecot,
        ("127.0.0.1", postfix.port),
        user=desk,
        people=PEOPLE.format(engineer=liu.address, requester=zhang.address),
        trust=TRUST,
    )
    home.start()
    yield Office(home, zhang, liu)
    home.stop()


def test_a_vague_mail_is_asked_in_its_acknowledgement_and_its_answer_reaches_the_engineer(
    office: Office,
) -> None:
    zhang, liu = office.zhang, office.liu
    zhang.post(zhang.write("电脑坏了", "麻烦看一下，谢谢\n电话：13800138000\n"))
    asked = zhang.wait_for(1)
    dispatch = liu.wait_for(1)
    assert asked.subject.startswith("【请补充】电脑坏了")
    assert "还需您补充两点，直接回复即可：" in asked.lines
    assert "联系电话：13800138000" in asked.text
    assert "电话 13800138000" in dispatch.text
    zhang.post(zhang.answer_in_qq(asked, "1. 开机蓝屏，代码 0x7E\n2. 就我这台"))
    answer = liu.wait_for(2)
    assert "影响范围：就我这台" in answer.text
    assert "错误信息：开机蓝屏，代码 0x7E" in answer.text
    fields = office.fields()
    assert fields["error"] == "开机蓝屏，代码 0x7E"
    assert fields["scope"] == "就我这台"
    # No second question, and the desk's own has stopped no clock.
    assert not wait_until(lambda: len(zhang.read()) > 1, 1, 0.2)
    [row] = office.home.rows("SELECT responded_at, waiting FROM tickets")
    assert tuple(row) == (None, "none")
