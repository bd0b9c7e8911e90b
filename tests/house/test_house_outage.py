"""One outage by mail on the real servers: three alike, one main ticket, one broadcast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from company import Company
from servers.dovecot import Dovecot
from servers.postfix import Postfix

pytestmark = pytest.mark.servers


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Company]:
    company = Company(tmp_path / "home", dovecot, postfix, "default")
    company.home.start()
    yield company
    company.home.stop()


def test_three_alike_become_one_outage_and_everybody_confirms_for_himself(desk: Company) -> None:
    for who in ("zhang", "zhou", "qian"):
        desk.ask(who, "OA打不开", "OA打不开了，提示502，麻烦看一下。\n")
        desk.wait_letter(who, "【已受理】OA打不开")
    offer = desk.wait_letter("wang", "【疑似同一故障 3 件】")
    desk.answer("wang", offer, "#主单")
    query = "SELECT count(*) FROM tickets WHERE parent_id IS NOT NULL"
    desk.wait_until(lambda: desk.home.count(query) == 2)

    desk.ask("sun", "OA打不开", "OA打不开了，提示502\n")
    known = desk.wait_letter("sun", "【已知故障】OA打不开")
    assert "故障" in known.text
    assert desk.home.count(query) == 3

    dispatch = desk.wait_letter("zhao", "【派单】中｜OA打不开")
    desk.answer("zhao", dispatch, "数据库连接满了，正在恢复。\n\n#预计 1小时内")
    for who in ("zhang", "zhou", "qian", "sun"):
        progress = desk.wait_letter(who, "【处理进展】OA打不开")
        assert "数据库连接满了" in progress.text
    desk.answer("zhao", dispatch, "#已解决\nOA已恢复，请重新登录试试。")
    for who in ("zhang", "zhou", "qian", "sun"):
        desk.wait_letter(who, "【请确认】OA打不开")
    solved = desk.wait_letter("zhou", "【请确认】OA打不开")
    desk.answer("zhou", solved, "还没好，还是502")
    waiting = "SELECT count(*) FROM tickets WHERE state = 'to_confirm'"
    desk.wait_until(lambda: desk.home.count(waiting) == 3)
    assert desk.home.count(query) == 2, "what is not solved is a ticket of its own again"


def test_a_ticket_is_merged_into_another_and_an_answer_to_it_arrives_there(desk: Company) -> None:
    desk.ask("zhang", "打印机卡纸", "三楼打印机卡纸了。\n")
    first = desk.wait_letter("liu", "【派单】中｜打印机卡纸")
    desk.ask("zhang", "打印机又卡纸了", "还是三楼那台，又卡纸了。\n")
    ack = desk.wait_letter("zhang", "【已受理】打印机又卡纸了")
    second = desk.wait_letter("liu", "【派单】中｜打印机又卡纸了")
    numbers = [row[0] for row in desk.home.rows("SELECT number FROM tickets ORDER BY id")]
    desk.answer("liu", second, f"#合并 {numbers[0]}")
    merged = "SELECT count(*) FROM tickets WHERE merged_into_id IS NOT NULL AND state = 'closed'"
    desk.wait_until(lambda: desk.home.count(merged) == 1)
    desk.answer("zhang", ack, "补充：纸盒是二号的。")
    told = desk.wait_letter("liu", "【用户回复】打印机卡纸")
    assert "纸盒是二号的" in told.text
    assert numbers[0] in told.subject
    assert first.subject.endswith(f"[{numbers[0]}]")
