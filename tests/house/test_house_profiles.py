"""Each of the five documents: one ticket by mail, from a vague request to *to be confirmed*.

Real servers, the daemon as a process, and the document's own numbers, names and limits. What a
limit must be is worked out here from the document's minutes, not read from the profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from company import ZONE, Company, moment, today

pytestmark = pytest.mark.servers

Open = Callable[..., Company]


def limit_of(desk: Company, column: str) -> timedelta:
    """What a limit of 7×24 comes to: from receipt."""
    return moment(desk.field(column)) - moment(desk.field("opened_at"))


def explain_limit(desk: Company, minutes: int) -> str:
    """The due time `minutes` after receipt in the work calendar, as the calendar command tells."""
    opened = moment(desk.field("opened_at")).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
    told = desk.home.maildesk("calendar", "explain", opened, str(minutes), "--calendar", "work")
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def test_the_record_sheet_from_a_vague_request_to_be_confirmed(company: Open) -> None:
    """R1 R2 R3 R4 R5 R6 R7 R8 R13 R16."""
    desk = company("record-sheet")
    desk.ask("zhang", "电脑坏了", "电脑坏了，来看看\n")
    ack = desk.wait_letter("zhang", "【请补充】电脑坏了")
    number = str(desk.field("number"))
    assert re.fullmatch(rf"IT-{today()}-\d", number), number
    assert ack.subject.endswith(f"[{number}]")
    assert "直接回复即可" in ack.text
    assert "2. " in ack.text
    assert "3. " not in ack.text.split("单号")[0]
    assert "硬件故障｜中" in ack.text
    dispatch = desk.wait_letter("liu", "【派单】中｜电脑坏了")
    assert "财务部张敏" in dispatch.subject

    desk.answer("zhang", ack, "1. 屏幕黑的，什么都不显示\n2. 只有我这台")
    told = desk.wait_letter("liu", "【用户回复】")
    assert "只有我这台" in told.text
    assert desk.field("state") == "new", "an answer to the machine's question is no response"
    assert desk.field("responded_at") is None

    at = (datetime.now(UTC) + timedelta(seconds=1)).astimezone(ZONE).strftime("%H:%M")
    desk.answer("liu", told, f"#已响应 {at}\n#内部 内存条松动，重新插过")
    desk.wait_for("state", "in_progress")
    assert moment(desk.field("responded_at")) <= moment(desk.field("response_due"))
    due = moment(desk.field("response_due")).astimezone(ZONE)
    assert due.strftime("%H:%M") in explain_limit(desk, 240)  # 中 4 h

    desk.answer("liu", told, "#已解决\n内存条松了，已重新插好，请开机试试。")
    solved = desk.wait_letter("zhang", "【请确认】电脑坏了")
    assert "内存条松了，已重新插好" in solved.text
    assert desk.field("state") == "to_confirm"
    assert desk.field("result") == "solved"
    shown = desk.home.maildesk("tickets", "show", number).stdout
    for words in ("hardware", "刘洋", "张敏", "财务部", "内存条松动"):
        assert words in shown, words


def test_the_feedback_template_needs_the_plan_approved_and_closes_only_confirmed(
    company: Open,
) -> None:
    """F1 F2 F4 F5 F6 F7 F9 F11 F13."""
    desk = company("feedback-template")
    desk.ask("zhang", "ERP出问题了", "ERP出问题了，急！\n严重程度：严重\n联系方式：8123\n")
    ack = desk.wait_letter("zhang", "【请补充】ERP出问题了")
    number = str(desk.field("number"))
    assert re.fullmatch(rf"IT{today()}001", number), number
    assert "屏幕上显示什么" in ack.text
    assert desk.field("priority") == "p2", "whatever the requester calls it"
    assert desk.field("severity") == "severe"
    assert "8000" in ack.text  # the hotline
    assert "严重" in ack.text
    desk.wait_letter("zhao", "【派单】P2")
    desk.answer("zhang", ack, "1. 提示连接超时，财务部全体都登不上\n2. 今天上午9点开始的")
    dispatch = desk.wait_letter("zhao", "【用户回复】ERP出问题了")
    assert desk.field("priority") == "p1", "a department"
    assert "今天上午9点" in dispatch.text

    desk.answer("zhao", dispatch, "#会诊 陈静\n#根因 数据库连接数满\n#接单")
    desk.wait_letter("chen", "【协办】P1")
    desk.answer("zhao", dispatch, "#临时方案 重启连接池\n#永久方案 调大连接池上限")
    plan = desk.wait_letter("wang", "【方案待批】")
    assert "调大连接池上限" in plan.text
    desk.answer("zhao", dispatch, "#已解决\n已恢复，请登录试试。")
    refused = desk.wait_letter("zhao", "【未执行】")
    assert "批准" in refused.text
    assert desk.field("state") == "in_progress"

    desk.answer("wang", plan, "#批准")
    said = desk.wait_letter("zhao", "【工单变动】")
    assert "批准" in said.text
    desk.answer("zhao", dispatch, "#预防 连接数超过80%告警\n#已解决\n已恢复，请登录试试。")
    desk.wait_letter("zhang", "【请确认】ERP出问题了")
    assert desk.field("state") == "to_confirm"
    shown = desk.home.maildesk("tickets", "show", number).stdout
    for words in ("数据库连接数满", "重启连接池", "调大连接池上限", "连接数超过80%告警"):
        assert words in shown, words


def test_the_process_manual_asks_the_manager_for_access_and_escalates_by_order(
    company: Open,
) -> None:
    """M1 M2 M3 M4 M5 M6."""
    desk = company("process-manual")
    desk.ask("zhang", "申请权限", "申请权限\n")
    ack = desk.wait_letter("zhang", "【请补充】申请权限")
    number = str(desk.field("number"))
    year = today()[:4]
    assert number == f"TS{year}00001"
    assert "周宁" in ack.text, "who must agree"
    assert desk.field("type") == "access"
    assert desk.field("waiting") == "approval"
    assert [letter.subject for letter in desk["zhou"].read()] == [], "to what?"
    desk.answer("zhang", ack, "1. 开通财务系统的查询权限，我自己用\n2. 下周一之前")
    asked = desk.wait_letter("zhou", "【请审批】申请权限")
    assert "开通财务系统的查询权限" in asked.text
    assert [letter.subject for letter in desk["zhao"].read()] == [], "nobody works on it yet"

    desk.answer("zhou", asked, "同意")
    dispatch = desk.wait_letter("zhao", "【派单】一般｜申请权限")
    assert desk.field("waiting") == "none"
    contact = moment(desk.field("contact_due")) - moment(desk.field("assigned_at"))
    assert contact == timedelta(minutes=30)  # M4: from dispatch

    desk.answer("zhao", dispatch, "#升级 需要厂商开通接口｜请用友工程师支持")
    form = desk.wait_letter("wang", "【升级待确认】")
    for words in ("赵磊", "需要厂商开通接口", "请用友工程师支持", "#同意升级"):
        assert words in form.text, words
    desk.answer("wang", form, "#同意升级 陈静")
    given = desk.wait_letter("chen", "【派单】一般｜申请权限")
    assert "需要厂商开通接口" in given.text
    parts = desk.home.rows(
        "SELECT people.name, participants.role FROM participants "
        "JOIN people ON people.id = participants.person_id"
    )
    assert ("赵磊", "helper") in parts, "he goes on cooperating"
    assert ("陈静", "assignee") in parts

    desk.answer("chen", given, "#已解决\n权限已开通，请重新登录查看。")
    desk.wait_letter("zhang", "【请确认】申请权限")
    assert desk.field("state") == "to_confirm"


def test_the_manual_tells_lead_and_engineer_of_an_urgent_one_at_once(company: Open) -> None:
    """M2 M3 M4 F13."""
    desk = company("process-manual")
    desk.ask("zhang", "全公司断网", "全公司都上不了网，业务都停了\n")
    ack = desk.wait_letter("zhang", "【已受理】全公司断网")
    assert "｜影响：全公司" in ack.text
    assert "8000" in ack.text
    assert desk.field("priority") == "urgent"
    desk.wait_letter("chen", "【派单】紧急｜全公司断网")
    told = desk.wait_letter("wang", "【紧急】全公司断网")
    assert "应急响应" in told.text
    assert limit_of(desk, "response_due") == timedelta(minutes=15)
    contact = moment(desk.field("contact_due")) - moment(desk.field("assigned_at"))
    assert contact == timedelta(minutes=15)
    assert "major_incident" in desk.events()


RULE = """
- id: own-cash-desk
  name: {zh: 收款台, en: Cash desk}
  when: {any: [收款台]}
  set: {category: hardware, impact: department, urgency: stopped, type: incident}
  weight: 50
  expect:
    - {mail: "收款台坏了", set: {category: hardware}}
"""


def test_the_work_order_has_its_states_its_matrix_and_the_wished_for_time(
    company: Open,
) -> None:
    """W1 W2 W3 W4 W5 W6 W7."""
    row = "degraded: high,   whenever: medium}\n  person"
    slow = {row: row.replace("high", "medium")}
    desk = company("work-order", RULE, replaced=slow)
    desk.ask("zhang", "收款台不好用了", "收款台不好用\n期望完成时间：10分钟内\n")
    ack = desk.wait_letter("zhang", "【请补充】收款台不好用了")
    number = str(desk.field("number"))
    assert re.fullmatch(rf"GZ-{today()}-001", number), number
    assert desk.field("priority") == "high", "impact department × urgency stopped"
    assert (desk.field("impact"), desk.field("urgency")) == ("department", "stopped")
    assert "不一定来得及" in ack.text
    dispatch = desk.wait_letter("liu", "【派单】高｜收款台不好用了")
    desk.answer("liu", dispatch, "#接单")
    desk.wait_for("state", "in_progress")

    desk.answer("zhang", ack, "怎么还没好？进度如何")
    status = desk.wait_letter("zhang", "【处理中】")
    assert "处理中" in status.text

    desk.answer("liu", dispatch, "#已解决\n换了扫描头，请再扫一次。")
    desk.wait_letter("zhang", "【请确认】收款台不好用了")
    shown = desk.home.maildesk("tickets", "show", number).stdout
    assert "待确认" in shown

    # What the shipped rules find comes to this desk's own matrix.
    found = "SELECT impact, urgency, priority FROM tickets WHERE title = '{}'"
    for title, words, wanted in (
        ("OA很慢", "财务部所有人打开 OA 都很慢", ("department", "degraded", "medium")),
        ("OA打不开", "财务部所有人都打不开 OA，没法干活", ("department", "stopped", "high")),
    ):
        desk.ask("zhou", title, f"{words}\n")
        desk.wait_letter("zhou", f"【已受理】{title}")
        assert desk.home.rows(found.format(title)) == [wanted], title


def test_the_norms_back_data_up_first_and_say_who_is_asked_for_what_is_outside(
    company: Open,
) -> None:
    """N1 N2 N3 N4 N8 N9 N11."""
    desk = company("response-norms")
    desk.ask("zhang", "数据有问题", "数据有问题，帮忙看看\n")
    ack = desk.wait_letter("zhang", "【请补充】数据有问题")
    number = str(desk.field("number"))
    assert re.fullmatch(rf"XT-{today()}-0001", number), number
    assert "赵磊" in ack.text
    dispatch = desk.wait_letter("zhao", "【派单】")
    desk.answer("zhang", ack, "财务盘上的预算表不小心删了，能恢复吗")
    desk.wait_letter("zhao", "【用户回复】数据有问题")
    assert desk.field("category") == "data"
    desk.answer(
        "zhao",
        dispatch,
        "正在从昨晚的备份里找，这段时间请先不要往那个文件夹里存东西。\n#预计 2小时内",
    )
    progress = desk.wait_letter("zhang", "【处理进展】")
    assert "我是 IT服务台赵磊" in progress.text
    assert "预计" in progress.text

    desk.answer("zhao", dispatch, "#已解决\n预算表已放回原来的文件夹，请打开看看。")
    refused = desk.wait_letter("zhao", "【未执行】")
    assert "备份：已做" in refused.text
    desk.answer("zhao", dispatch, "#已解决\n预算表已放回原来的文件夹，请打开看看。\n备份：已做")
    solved = desk.wait_letter("zhang", "【请确认】数据有问题")
    assert "备份：已做" not in solved.text
    assert desk.field("state") == "to_confirm"

    desk.ask("zhang", "空调不制冷", "三楼空调不制冷了，能修吗\n")
    outside = desk.wait_letter("zhang", "【已受理】空调不制冷")
    assert "行政部" in outside.text
