"""Each of the five documents: a whole ticket by mail to its end, and printed as its form.

Real servers, the daemon as a process. What stands on the paper is compared with what was mailed.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from company import Company, today
from correspondents import Letter

pytestmark = pytest.mark.servers

Open = Callable[..., Company]


def confirm(desk: Company, solved: Letter, words: str) -> None:
    """The requester's yes with what he thinks of it; that closes the ticket."""
    desk.answer("zhang", solved, words)
    desk.wait_for("state", "closed")


def sheet_of(desk: Company, *more: str) -> dict[str, str]:
    """The only ticket on its form, by the entries' names."""
    number = str(desk.field("number"))
    said = desk.home.maildesk("tickets", "sheet", number, "--format", "csv", *more)
    assert said.returncode == 0, said.stderr
    rows = list(csv.reader(io.StringIO(said.stdout.removeprefix("\ufeff"))))
    return {name: value for _, name, value in rows[1:]}


def test_the_record_sheet_is_printed_with_its_sixteen_entries(company: Open) -> None:
    """R2 R6 R7 R8 R9 R10 R12."""
    desk = company("record-sheet")
    desk.ask("zhang", "打印机卡纸", "三楼打印机卡纸，报错 13.A1，只有我这台。\n")
    ack = desk.wait_letter("zhang", "【")
    dispatch = desk.wait_letter("liu", "【派单】")
    desk.answer("liu", dispatch, "马上过来看。")
    desk.wait_letter("zhang", "【处理进展】")
    desk.answer("zhang", ack, "我下午三点后在。")
    told = desk.wait_letter("liu", "【用户回复】")
    desk.answer("liu", told, "#内部 搓纸轮磨损\n#经验 搓纸轮每年更换")
    desk.wait_until(lambda: "recorded" in desk.events())
    desk.answer("liu", told, "#已解决\n换了搓纸轮，请打印一页试试。")
    confirm(desk, desk.wait_letter("zhang", "【请确认】打印机卡纸"), "基本满意")

    sheet = sheet_of(desk)
    assert re.fullmatch(rf"IT-{today()}-\d", sheet["工单编号"])
    assert sheet["提交人"] == "张敏"
    assert sheet["所属部门"] == "财务部"
    assert sheet["问题类型"] == "硬件故障"
    assert sheet["优先级"] == "中"
    assert "报错 13.A1" in sheet["问题描述"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d", sheet["首次响应时间"])
    assert sheet["处理人"] == "刘洋"
    assert sheet["联系方式"] == "内部分机8005"
    assert sheet["SLA响应时效"] == "4小时内(达标)"
    for words in (
        "派单给刘洋",
        "刘洋 回复张敏：马上过来看。",
        "张敏 来信：我下午三点后在。",
        "搓纸轮磨损",
    ):
        assert words in sheet["处理过程"], words
    assert sheet["处理结果"] == "已解决：换了搓纸轮，请打印一页试试。"
    assert sheet["用户反馈"].startswith("基本满意")
    assert sheet["关闭时间"]
    assert "经验：搓纸轮每年更换" in sheet["备注"]


def test_the_feedback_form_is_printed_with_diagnosis_solutions_and_verification(
    company: Open,
) -> None:
    """F2 F4 F6 F7 F8 F9 F11."""
    desk = company("feedback-template")
    desk.ask(
        "zhang",
        "ERP出问题了",
        "我们财务部全体都登不上ERP，急！\n严重程度：严重\n发生时间：今天上午9点\n联系方式：8123\n"
        "影响范围：财务部全体\n",
    )
    desk.wait_letter("zhang", "【已受理】ERP出问题了")
    dispatch = desk.wait_letter("zhao", "【派单】P1")
    desk.answer("zhao", dispatch, "#根因 数据库连接数满\n#接单")
    desk.wait_for("state", "in_progress")
    desk.answer("zhao", dispatch, "#临时方案 重启连接池\n#永久方案 调大连接池上限")
    plan = desk.wait_letter("wang", "【方案待批】")
    desk.answer("wang", plan, "#批准 下班后做")
    desk.wait_letter("zhao", "【工单变动】")
    desk.answer("zhao", dispatch, "#预防 连接数超过80%告警\n#知识库\n#已解决\n已恢复，请登录试试。")
    confirm(desk, desk.wait_letter("zhang", "【请确认】ERP出问题了"), "好了，4分")

    sheet = sheet_of(desk)
    assert sheet["问题编号"] == f"IT{today()}001"
    assert sheet["反馈人"] == "张敏"
    assert sheet["联系方式"] == "8123"
    assert sheet["问题发生时间"] == "今天上午9点"
    assert "财务部全体" in sheet["影响范围"]
    assert sheet["严重程度"] == "严重"
    assert sheet["优先级"] == "P1"
    assert sheet["根本原因"] == "数据库连接数满"
    assert sheet["临时方案"] == "重启连接池"
    assert sheet["永久方案"] == "调大连接池上限"
    assert sheet["预防措施"] == "连接数超过80%告警"
    assert "王强 同意" in sheet["审批意见"]
    assert sheet["确认人"] == "张敏"
    assert sheet["满意度评价"].startswith("满意")
    assert sheet["知识库"] == "KB-0001 草稿"
    assert sheet["处理结果"].endswith("已恢复，请登录试试。")


def test_the_manuals_register_and_escalation_form_are_printed(
    company: Open, tmp_path: Path
) -> None:
    """M5 M6 M9 M10."""
    desk = company("process-manual")
    desk.ask("zhang", "ERP报错", "ERP 登录报错 ORA-12516，我这台和旁边同事都这样，今天早上开始。\n")
    desk.wait_letter("zhang", "【")
    dispatch = desk.wait_letter("zhao", "【派单】")
    desk.answer("zhao", dispatch, "#升级 需要厂商查数据库｜请用友工程师支持")
    form = desk.wait_letter("wang", "【升级待确认】")
    desk.answer("wang", form, "#同意升级 陈静")
    given = desk.wait_letter("chen", "【派单】")
    desk.answer("chen", given, "#已解决\n调大了连接数，请重新登录。")
    confirm(desk, desk.wait_letter("zhang", "【请确认】ERP报错"), "好了，3 分，等得太久")

    number = f"TS{today()[:4]}00001"
    sheet = sheet_of(desk)
    assert sheet["工单号"] == number
    assert sheet["提报人"] == "张敏"
    assert sheet["受理人"] == "陈静（协办：赵磊）"
    assert sheet["申请人"].startswith("赵磊 ")
    assert sheet["升级原因"] == "需要厂商查数据库"
    assert sheet["所需支持"] == "请用友工程师支持"
    assert "王强 同意" in sheet["主管意见"]
    assert "负责人 陈静" in sheet["主管意见"]
    assert sheet["总体评价"] == "一般"
    assert "等得太久" in sheet["意见建议"]

    said = desk.home.maildesk("tickets", "register", "--since", "1d")
    rows = list(csv.reader(io.StringIO(said.stdout.removeprefix("\ufeff"))))
    assert len(rows) == 2
    row = dict(zip(*rows, strict=True))
    assert len(row) == 12
    assert row["工单号"] == number
    assert row["状态"] == "已关闭"
    assert row["实际解决时间"]

    a_week = 7 * 24 * 3600 * 1_000_000
    desk.change(f"UPDATE tickets SET closed_at = closed_at - {a_week}")
    desk.change("UPDATE deadlines SET due_at = 0 WHERE kind = 'archive_daily'")
    desk.wait_until(lambda: desk.field("archived_at") is not None)
    assert sheet_of(desk)["归档时间"]

    out = tmp_path / "out"
    said = desk.home.maildesk("tickets", "archive", number, "-o", str(out))
    assert said.returncode == 0, said.stderr
    with zipfile.ZipFile(out / f"{number}.zip") as file:
        assert file.testzip() is None
        assert "请用友工程师支持" in file.read("escalation.html").decode()
        told = json.loads(file.read("timeline.json"))
        rated = json.loads(file.read("feedback.json"))["ratings"]
    assert [item["score"] for item in rated] == [3]
    kinds = [item["kind"] for item in told["events"]]
    assert {"escalation_asked", "escalated", "solved", "confirmed"} <= set(kinds)


RULE = """
- id: own-cash-desk
  name: {zh: 收款台, en: Cash desk}
  when: {any: [收款台]}
  set: {category: hardware, impact: company, urgency: stopped, type: incident}
  weight: 50
  expect:
    - {mail: "收款台坏了", set: {category: hardware}}
"""


def test_the_work_order_is_printed_in_its_four_blocks_with_the_review(company: Open) -> None:
    """W1 W5 W6 W7 W8 W9."""
    desk = company("work-order", RULE)
    desk.ask("zhang", "收款台坏了", "收款台都坏了，报错 E5\n期望完成时间：今天下班前\n")
    desk.wait_letter("zhang", "【")
    number = str(desk.field("number"))
    dispatch = desk.wait_letter("liu", "【派单】紧急")
    desk.answer("liu", dispatch, "#接单")
    desk.wait_for("state", "in_progress")
    desk.answer("liu", dispatch, "#永久方案 更换扫描头")
    plan = [letter for letter in desk["wang"].read() if letter.subject.startswith("【方案待批】")]
    assert plan == [], "this document's plans need nobody's approval"
    desk.answer("liu", dispatch, "#已解决\n换了扫描头，请再扫一次。")
    confirm(desk, desk.wait_letter("zhang", "【请确认】收款台坏了"), "满意")
    urgent = desk.wait_letter("wang", "【紧急】")
    desk.answer("wang", urgent, "#复核 处理得当，备件要常备")
    desk.wait_until(
        lambda: "处理得当" in str(desk.field("fields")).encode().decode("unicode_escape")
    )

    sheet = sheet_of(desk)
    assert sheet["工单编号"] == number
    assert number.startswith(f"GZ-{today()}-")
    assert sheet["工单类型"] == "故障申报"
    assert sheet["申请部门"] == "财务部"
    assert sheet["期望完成时间"] == "今天下班前"
    assert sheet["处理部门/组"] == "硬件组"
    assert sheet["解决方案"] == "换了扫描头，请再扫一次。"
    assert sheet["确认人"] == "张敏"
    assert sheet["确认时间"]
    assert sheet["满意度"] == "满意"
    assert sheet["复核意见"] == "处理得当，备件要常备"
    assert sheet["复核人"].startswith("王强 ")
    said = desk.home.maildesk("tickets", "sheet", number)
    order = [
        said.stdout.index(f"<caption>{name}")
        for name in ("申请信息", "处理信息", "确认信息", "复核与归档")
    ]
    assert order == sorted(order)


def test_the_norms_record_says_what_was_told_and_that_data_was_backed_up(company: Open) -> None:
    """N1 N2 N4 N5 N6 N9."""
    desk = company("response-norms")
    desk.ask("zhang", "文件没了", "共享盘里我的预算表不小心删了，能恢复吗\n")
    desk.wait_letter("zhang", "【")
    dispatch = desk.wait_letter("zhao", "【派单】")
    desk.answer("zhao", dispatch, "正在从昨晚的备份里找。\n#预计 2小时内")
    desk.wait_letter("zhang", "【处理进展】")
    desk.answer("zhao", dispatch, "#已解决\n预算表已放回原处，请打开看看。\n备份：已做")
    confirm(desk, desk.wait_letter("zhang", "【请确认】文件没了"), "好了，5分")

    sheet = sheet_of(desk)
    assert sheet["服务编号"] == f"XT-{today()}-0001"
    assert sheet["类别"] == "数据"
    assert sheet["处理人"] == "赵磊"
    assert "正在从昨晚的备份里找。" in sheet["告知用户的进展"]
    assert sheet["数据备份"] == "已做"
    assert "(达标)" in sheet["响应时限"]
    assert "(达标)" in sheet["解决时限"]
    assert sheet["确认人"] == "张敏"
    assert sheet["总体评价"] == "非常满意"
    english = sheet_of(desk, "--language", "en")
    assert english["Backup"] == "已做"
    assert english["Handled by"] == "赵磊"
