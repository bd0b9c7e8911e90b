"""Labelled lines as people and forms write them, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maildesk.desk.request.fields import (
    _CHANGE,
    _CHANGED,
    _FIRST,
    FIELDS,
    LONGEST,
    _may_state,
    drop_contacts,
    drop_particulars,
    list_shown,
    read_fields,
)
from maildesk.desk.rules.fold import fold_characters

CASES: tuple[tuple[str, dict[str, str]], ...] = (
    ("部门：市场部 电话：8003", {"department": "市场部", "contact": "8003"}),
    ("部门:市场部,电话:8003", {"department": "市场部", "contact": "8003"}),
    ("部门：市场部；联系方式：8003；地点：3楼",
     {"department": "市场部", "contact": "8003", "place": "3楼"}),
    ("【部门】市场部\n【联系电话】8123（分机）",
     {"department": "市场部", "contact": "8123（分机）"}),
    ("【所属部门】：市场部【分机】：8003", {"department": "市场部", "contact": "8003"}),
    ("1. 部门：财务部\n2、手机: 13800138000", {"department": "财务部", "contact": "13800138000"}),
    ("（1）科室：放射科\n（2）工位：A-301", {"department": "放射科", "place": "A-301"}),
    ("- 设备：ThinkPad T14\n• 系统：Windows 11",
     {"device": "ThinkPad T14", "system": "Windows 11"}),
    ("资产编号 | PC-0042\n楼层 | 3", {"device": "PC-0042", "place": "3"}),
    ("部门 | 电话 | 地点\n市场部 | 8003 | 3楼",
     {"department": "市场部", "contact": "8003", "place": "3楼"}),
    ("| 部门 | 市场部 | 电话 | 8003 |", {"department": "市场部", "contact": "8003"}),
    ("部门\t市场部\t电话\t8003", {"department": "市场部", "contact": "8003"}),
    ("部　门：市场部\n电　话：8003", {"department": "市场部", "contact": "8003"}),
    ("部门　市场部\n电话　　8003", {"department": "市场部", "contact": "8003"}),
    ("**Dept**: HR\n**Phone:** 8123", {"department": "HR", "contact": "8123"}),
    ("Department: Sales, Phone: 8003; Needed by: Friday noon",
     {"department": "Sales", "contact": "8003", "wished": "Friday noon"}),
    ("Asset tag: PC-0042\nSerial number: X1", {"device": "PC-0042"}),
    ("Extension (desk): 8003", {"contact": "8003"}),
    ("部門：市場部\n聯繫電話：8003", {"department": "市場部", "contact": "8003"}),
    ("報修人：李雷", {"name": "李雷"}),
    ("提报人：李雷  工号：HW021", {"name": "李雷", "staff_number": "HW021"}),
    ("问题发生时间：今天 9:30，影响范围：整个三楼", {"occurred": "今天 9:30", "scope": "整个三楼"}),
    ("涉及人数：20 人左右", {"scope": "20 人左右"}),
    ("Affected users: the whole second floor", {"scope": "the whole second floor"}),
    ("严重程度：严重\n紧急程度：高", {"severity": "严重", "urgency": "高"}),
    ("期望完成时间：周五下班前", {"wished": "周五下班前"}),
    ("要求完成时间：2026-11-25 10:00", {"wished": "2026-11-25 10:00"}),
    ("Deadline: next Monday", {"wished": "next Monday"}),
    ("错误信息：0x80070035 找不到网络路径", {"error": "0x80070035 找不到网络路径"}),
    ("错误信息：\n0x80070035 找不到网络路径", {"error": "0x80070035 找不到网络路径"}),
    ("Error message: HTTP 500\nTried: restarted twice",
     {"error": "HTTP 500", "tried": "restarted twice"}),
    ("已尝试：重启、换线", {"tried": "重启、换线"}),
    ("做过什么：无", {"tried": "无"}),
    ("频率：每天三四次", {"frequency": "每天三四次"}),
    ("软件版本：12.1", {"version": "12.1"}),
    ("电话改成 8123", {"contact": "8123"}),
    ("分类没错，联系电话改为8123，谢谢", {"contact": "8123"}),
    ("my phone number is now 8456", {"contact": "8456"}),
    # What is no field, or says nothing.
    ("联系电话（必填）：\n希望尽快处理", {}),
    ("部门：\n请尽快处理", {}),
    ("部门：无\n电话：同上\n地点：——", {}),
    ("电话：N/A", {}),
    ("10:30 开始断网，见 https://wiki.corp.test/a", {}),
    ("时间 10:30 断网", {}),
    ("phone https://x: 1", {}),
    ("天气：晴\n心情：好", {}),
    ("我的电话打不通：没有声音", {}),
    ("紧急：打印机坏了", {}),
    ("the system is now slow", {}),
    ("刘洋：\n您好", {}),
    ("", {}),
)  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_a_labelled_line_fills_its_field(words: str, expected: dict[str, str]) -> None:
    assert read_fields(words) == expected


def test_the_first_line_that_says_something_counts() -> None:
    assert read_fields("电话：\n电话：8003\n电话：8009") == {"contact": "8003"}


def test_a_value_keeps_to_its_bounds_and_to_one_line() -> None:
    found = read_fields("错误信息：" + "很长 \x0b" * 500)
    assert len(found["error"]) <= LONGEST
    assert "\n" not in found["error"]


def test_a_hundred_thousand_lines_are_not_read() -> None:
    assert read_fields("好\n" * 100_000 + "部门：市场部") == {}


_PIECES = st.sampled_from(
    ["部门", "电话", "：", ":", "|", "\n", "8003", " ", "\u3000", "【", "】", "(", ")", "error",
     "、", "1."]
)  # fmt: skip


@given(st.lists(st.one_of(_PIECES, st.text(max_size=4)), max_size=60).map("".join))
def test_whatever_is_written_only_known_fields_with_bounded_values_come_out(words: str) -> None:
    found = read_fields(words)
    assert set(found) <= set(FIELDS)
    assert all(0 < len(value) <= LONGEST and value == value.strip() for value in found.values())


_VALUES = st.text("市场财务部研发ABC", min_size=1, max_size=8)
_SIGNS = st.sampled_from(["：", ":", " ： ", ": "])
_BULLETS = st.sampled_from(["", "1. ", "2、", "- ", "• ", "（3）", "  "])


@given(_VALUES, _SIGNS, _BULLETS, st.sampled_from(["部门", "所属部门", "Department", "部 门"]))
def test_a_department_is_read_whatever_sign_and_bullet_it_has(
    value: str, sign: str, bullet: str, label: str
) -> None:
    assert read_fields(f"您好\n{bullet}{label}{sign}{value}\n谢谢") == {"department": value}


_PRINTED = st.characters(exclude_categories=["Cc", "Cs"])


@settings(suppress_health_check=list(HealthCheck))
@given(st.from_regex(_FIRST, alphabet=_PRINTED))
def test_every_line_with_a_label_is_looked_at(line: str) -> None:
    assert _may_state(fold_characters(line))


@given(st.from_regex(_CHANGED, alphabet=_PRINTED))
def test_every_line_that_corrects_something_is_looked_at(line: str) -> None:
    assert _CHANGE.search(fold_characters(line))


def test_lines_that_only_say_who_wrote_are_dropped_where_the_matter_is_measured() -> None:
    words = "电脑坏了\n部门：市场部 电话：8003\n错误信息：0x7E\n姓名：张敏，见附件"
    assert drop_contacts(words) == "电脑坏了\n错误信息：0x7E"
    assert drop_contacts("电脑坏了\n谢谢") == "电脑坏了\n谢谢"
    more = f"{words}\n严重程度：严重\n期望完成时间：今天下班前"
    assert drop_particulars(more) == drop_contacts(words)
    assert "今天下班前" in drop_contacts(more)


def test_the_form_is_shown_in_its_order_and_without_what_staff_record() -> None:
    fields = {"scope": "三楼", "cause": "内部", "asked": "screen", "occurred": "9:30"}
    assert list_shown(fields, "zh-CN") == (("发生时间", "9:30"), ("影响范围", "三楼"))
    assert list_shown(fields, "en") == (("Since", "9:30"), ("Who is affected", "三楼"))
