"""What a report says of figures, and that nothing of it is lost while it is kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from builders import desk, profile, wording
from hypothesis import given
from hypothesis import strategies as st
from months import MONTH, made_up, stored, sum_up

from maildesk.desk.letters.report_values import ReportLine, ReportPart, ReportValues, draw_bar
from maildesk.desk.reports.figures import KEPT, Figures, Traced
from maildesk.desk.reports.period import find_period
from maildesk.desk.reports.report import (
    ClosedTicket,
    Report,
    Waiting,
    read_report,
    write_report,
)
from maildesk.desk.reports.report_letters import (
    Reader,
    name_file,
    name_period,
    name_report,
    say_period,
    write_letter,
)
from maildesk.desk.reports.report_lines import list_numbers
from maildesk.desk.reports.report_parts import lay_out, summarise
from maildesk.desk.ticket import State

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
LEAD = Reader("wang@corp.test", "王强", "zh-CN")


def figures() -> Figures:
    return sum_up(MONTH, hardware=3)


def find(parts: tuple[ReportPart, ...], title: str) -> ReportPart:
    return next(part for part in parts if part.title == title)


def find_line(part: ReportPart, label: str) -> ReportLine:
    return next(line for line in part.lines if line.label == label)


def values_of(report: Report, language: str = "zh-CN") -> ReportValues:
    reader = replace(LEAD, language=language)
    plan = write_letter(desk(report_readers=("a@b.test",)), reader, 1, report, (), NOW)
    assert isinstance(plan.values, ReportValues)
    return plan.values


def test_the_first_line_says_how_well_limits_were_kept_and_what_people_think() -> None:
    found = figures()
    said = summarise(found, "zh-CN")
    response, solution = found.find_limit("response").total, found.find_limit("solution").total
    assert said[0] == f"首次响应达标率 {int(100 * (response.rate or 0) + 0.5)}%"
    assert said[1] == f"解决达标率 {int(100 * (solution.rate or 0) + 0.5)}%"
    assert said[2].startswith("满意度 ") and said[2].endswith(" 人评价）")


def test_a_late_ticket_is_told_once_with_all_it_missed_and_why() -> None:
    misses = find(lay_out(Report(figures()), "zh-CN"), "超时工单")
    told = find_line(misses, "T03")
    assert told.detail == "中｜刘洋｜响应超时30分｜原因：外出"
    assert not told.poor
    assert find_line(misses, "T04").detail.endswith("服务台系统停机所致")
    assert find_line(misses, "T10").detail.endswith("未写原因")
    assert find_line(misses, "T10").poor
    numbers = [line.label for line in misses.lines]
    assert len(numbers) == len(set(numbers)) == figures().counts.misses.count


def test_late_tickets_beyond_those_told_are_counted_as_tickets() -> None:
    limits = {"response_due": "11-10 11:00", "solution_due": "11-10 12:00"}
    late = [stored(n, "11-10 09:00", state=State.IN_PROGRESS, **limits) for n in range(60)]
    report = Report(sum_up(late))
    assert values_of(report).missed == 60
    parts = lay_out(report, "zh-CN")
    assert find(parts, "超时工单").lines[-1].value == "另有 40 件，见表格"
    assert find_line(find(parts, "流程复盘"), "超时未写原因").value == "60"
    assert find_line(find(parts, "工单情况"), "超时工单").numbers[-1].endswith(" 等")


def test_what_comes_again_and_again_is_proposed_for_a_root_cause_review() -> None:
    again = tuple(
        stored(100 + n, f"11-1{n} 09:00", category="hardware", title="打印机卡纸") for n in range(3)
    )
    once = tuple(
        stored(200 + n, f"11-1{n} 10:00", category="network", title="VPN 连不上") for n in range(2)
    )
    faults = find(lay_out(Report(sum_up((*again, *once))), "zh-CN", 3), "高频故障")
    assert [line.value for line in faults.lines] == [
        "打印机卡纸 3 次，建议根因分析",
        "VPN 连不上 2 次",
    ]
    assert faults.lines[0].numbers == ("T100", "T101", "T102")
    english = find(lay_out(Report(sum_up(again)), "en", 3), "Most frequent faults")
    never = find(lay_out(Report(sum_up(again)), "zh-CN"), "高频故障")
    assert [line.value for line in never.lines] == ["打印机卡纸 3 次"]
    assert english.lines[0].value == "打印机卡纸: 3 times; worth a root-cause review"


def test_the_review_lists_what_of_process_speed_and_feedback_deserves_a_look() -> None:
    review = find(lay_out(Report(figures()), "zh-CN"), "流程复盘")
    labels = [line.label for line in review.lines]
    assert labels[:5] == [
        "超时未写原因",
        "当日未解决",
        "解决后又重新处理",
        "被催单",
        "未经用户确认结单",
    ]
    assert find_line(review, "未经用户确认结单").numbers == ("T07",)
    chased = find_line(review, "被催单")
    assert (chased.value, chased.numbers) == ("2", ("T20",))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_part_says_what_each_of_its_figures_counts(language: str) -> None:
    parts = lay_out(Report(figures()), language)
    assert all(part.note for part in parts)
    mark = "：" if language == "zh-CN" else ": "
    for zh, en in (("关键比率", "Key rates"), ("工单情况", "How it stands")):
        part = find(parts, zh if language == "zh-CN" else en)
        assert all(f"{line.label}{mark}" in part.note for line in part.lines)
    satisfaction = find(parts, "满意度" if language == "zh-CN" else "Satisfaction")
    assert f"{satisfaction.lines[-1].label}{mark}" in satisfaction.note


def test_groups_and_people_are_compared_by_every_limit_and_none_is_lost() -> None:
    parts = lay_out(Report(figures()), "zh-CN")
    hardware = find_line(find(parts, "达标率（按组）"), "硬件组")
    assert (hardware.value, hardware.detail) == (
        "100%（5/5）",
        "联系用户 100%（1/1）｜解决 100%（5/5）",
    )
    many = tuple(
        stored(n, "11-10 09:00", engineer=f"工程师{n}", response_due="11-10 13:00")
        for n in range(15)
    )
    told = find(lay_out(Report(sum_up(many)), "zh-CN"), "达标率（按工程师）")
    assert len(told.lines) == 13
    assert told.lines[-1].value == "另有 3 项，见表格"


def test_a_daily_neither_reviews_nor_compares_people() -> None:
    day = find_period("daily", profile(), ZONE, date(2026, 11, 10))
    titles = [part.title for part in lay_out(Report(sum_up(MONTH, day)), "zh-CN")]
    assert "流程复盘" not in titles
    assert not any("按工程师" in title for title in titles)
    assert "首次响应达标率" in titles


def test_low_ratings_stand_with_what_became_of_them() -> None:
    low = find(lay_out(Report(figures()), "zh-CN"), "低分评价")
    assert find_line(low, "T03").value == "2 分｜太慢"
    assert find_line(low, "T03").detail == "刘洋｜已按时回访｜已电话沟通"


def test_what_waits_for_the_lead_comes_first_and_readers_do_not_see_it() -> None:
    waiting = (
        Waiting("escalation", Traced(1, ("T01",))),
        Waiting("unassigned", Traced(9, tuple(f"T{n}" for n in range(9)))),
    )
    report = Report(figures(), waiting)
    text = wording().render("report", "zh-CN", values_of(report)).text
    assert "需您处理 10 件：升级待确认 1、无人接单 9。" in text
    assert "无人接单 9　T0、T1、T2、T3、T4、T5 等" in text
    english = wording().render("report", "en", values_of(report, "en")).text
    assert "10 things wait for you: escalations to decide (1), tickets nobody has (9)." in english
    passed_on = write_letter(desk(), LEAD, 1, report, (), NOW, author="王强", words="正常")
    assert isinstance(passed_on.values, ReportValues)
    assert passed_on.values.needs == ()


def test_closed_tickets_of_a_day_are_told_with_what_solved_them() -> None:
    day = find_period("daily", profile(), ZONE, date(2026, 11, 2))
    closed = (ClosedTicket("T01", "打印机卡纸", "刘洋", "搓纸轮已换"),)
    told = find(lay_out(Report(sum_up(MONTH, day), (), closed), "zh-CN"), "结单")
    assert told.lines[0] == ReportLine("T01", "打印机卡纸", detail="刘洋｜搓纸轮已换")
    assert told.lines[-1].value.startswith("另有 ")


@pytest.mark.parametrize(
    ("kind", "language", "name", "span"),
    [
        ("daily", "zh-CN", "11月20日 周五", "11月19日 周四 17:30 至 11月20日 周五 17:30"),
        ("weekly", "zh-CN", "第47周", "11月13日 周五 17:30 至 11月20日 周五 17:30"),
        ("monthly", "zh-CN", "2026年11月", "11月1日 周日 至 11月30日 周一"),
        ("daily", "en", "Friday 20 Nov", "Thursday 19 Nov 17:30 to Friday 20 Nov 17:30"),
        ("weekly", "en", "week 47", "Friday 13 Nov 17:30 to Friday 20 Nov 17:30"),
        ("monthly", "en", "November 2026", "Sunday 1 Nov to Monday 30 Nov"),
    ],
)
def test_a_period_is_called_as_people_call_it(
    kind: str, language: str, name: str, span: str
) -> None:
    period = find_period(kind, profile(), ZONE, date(2026, 11, 20))  # type: ignore[arg-type]
    assert name_period(period, language) == name
    assert say_period(period, ZONE, language) == span


def test_tables_and_reports_are_named_in_the_desks_language() -> None:
    week = find_period("weekly", profile(), ZONE, date(2026, 11, 20))
    assert name_file(desk(), week, "xlsx") == "IT服务台周报2026W47.xlsx"
    assert name_file(desk(language="en"), week, "csv") == "IT Service Desk weekly 2026W47.csv"
    assert name_report(desk(), week, "zh-CN") == "IT服务台周报 第47周"
    assert name_report(desk(), week, "en") == "IT Service Desk weekly report, week 47"


def test_a_few_numbers_are_named_and_the_rest_mentioned() -> None:
    assert list_numbers(Traced(2, ("A", "B")), "zh-CN") == ("A", "B")
    assert list_numbers(Traced(30, ("A", "B")), "zh-CN") == ("A", "B 等")
    assert list_numbers(Traced(30, ("A", "B")), "en") == ("A", "B …")
    assert list_numbers(Traced(3, ()), "en") == ()
    assert list_numbers(Traced(3, ("A", "B")), "en", times=True) == ("A", "B"), "A twice"
    kept = tuple(map(str, range(KEPT)))
    assert list_numbers(Traced(30, kept), "en", times=True)[-1].endswith(" …")


@pytest.mark.parametrize(
    ("share", "blocks"), [(0, 0), (1, 1), (4, 1), (15, 2), (50, 5), (94, 9), (99, 10), (100, 10)]
)
def test_a_bar_has_a_block_for_anything_at_all(share: int, blocks: int) -> None:
    assert draw_bar(share) == "▇" * blocks


@given(st.lists(made_up(), max_size=12), st.sampled_from(["zh-CN", "en"]))
def test_any_report_can_be_kept_and_read_in_both_languages(tickets: list, language: str) -> None:  # type: ignore[type-arg]
    report = Report(sum_up(tickets), (Waiting("plan", Traced(1, ("T1",))),))
    assert read_report(json.loads(json.dumps(write_report(report)))) == report
    values = values_of(report, language)
    shares = [line.share for part in values.parts for line in part.lines]
    assert all(share is None or 0 <= share <= 100 for share in shares)
    assert all(part.lines for part in values.parts)
    words = wording().render("report", language, values)
    assert "None" not in words.text
    assert words.html is not None


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_long_label_beside_bars_may_break_and_one_in_a_list_need_not(language: str) -> None:
    bars = ReportPart("PART-A", (ReportLine("晚了", "1"), ReportLine("系统运维组偏低", "70%", 70)))
    plain = ReportPart("PART-B", (ReportLine("IT-20261120-0001", "打印机卡纸"),))
    values = replace(values_of(Report(sum_up([])), language), parts=(bars, plain))
    html = wording().render("report", language, values).html or ""
    _, first, second = re.split("PART-[AB]", html)
    assert "nowrap" not in first
    assert 'colspan="2"' in first
    assert "nowrap" in second
