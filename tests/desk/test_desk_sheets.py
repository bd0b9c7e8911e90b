"""A ticket on each document's form, in both languages, against reviewed sheets.

After a change that is meant: UPDATE_GOLDEN=1 pytest tests/desk/test_desk_sheets.py, then read the
differences as a user would.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st
from papers import STEPS, after, dossier

from maildesk.cli.timeline import _SAID as TOLD
from maildesk.config import shipped
from maildesk.config.profile import load_profile
from maildesk.desk.policy import FORMS as NAMED
from maildesk.desk.privacy.mask import mask
from maildesk.desk.profile import Profile
from maildesk.desk.sheets.dossier import Step
from maildesk.desk.sheets.form import Line, Sheet, fill, fill_row, head_row
from maildesk.desk.sheets.forms import FORMS, choose_form
from maildesk.desk.sheets.grid import write_register, write_sheets
from maildesk.desk.sheets.happenings import BESIDE, HANDLING
from maildesk.desk.sheets.page import write_page
from maildesk.desk.ticket import State

GOLDEN = Path(__file__).parent.parent / "golden" / "sheets"
R12 = [
    "工单编号",
    "提交时间",
    "提交人",
    "所属部门",
    "问题类型",
    "优先级",
    "问题描述",
    "首次响应时间",
    "处理人",
    "联系方式",
    "处理过程",
    "处理结果",
    "用户反馈",
    "关闭时间",
    "备注",
    "SLA响应时效",
]
M10 = [
    "工单号",
    "受理时间",
    "提报人",
    "部门",
    "联系方式",
    "问题描述",
    "问题类型",
    "紧急程度",
    "受理人",
    "预计解决时间",
    "实际解决时间",
    "状态",
]
F11 = [
    "问题编号",
    "反馈人",
    "所属部门",
    "联系方式",
    "问题描述",
    "问题发生时间",
    "影响范围",
    "严重程度",
    "优先级",
]


@cache
def profile(key: str) -> Profile:
    found, faults = load_profile(shipped.folder("rules") / "profiles" / f"{key}.yaml")
    assert found is not None, faults
    return found


def say(sheet: Sheet) -> str:
    lines = [f"{sheet.title}  {sheet.desk}  {sheet.number}"]
    for block in sheet.blocks:
        lines.append(f"\n[{block.title}]")
        for line in block.lines:
            value = line.value.replace("\n", "\n        ")
            lines.append(f"{line.label}: {value}".rstrip())
    return "\n".join(lines) + "\n"


def lines_of(sheet: Sheet) -> dict[str, Line]:
    return {line.label: line for block in sheet.blocks for line in block.lines}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("key", NAMED)
def test_each_document_prints_its_own_form(key: str, language: str) -> None:
    form = choose_form(profile(key))
    assert form.key == key
    written = say(fill(form, dossier(profile(key)), language, after(5000)))
    golden = GOLDEN / f"{key}-{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


def test_the_record_sheet_has_the_documents_sixteen_entries() -> None:
    form = FORMS["record-sheet"]
    assert list(head_row(form, "zh-CN")) == R12
    sheet = fill(form, dossier(profile("record-sheet")), "zh-CN", NOW)
    assert set(R12) <= set(lines_of(sheet))
    assert lines_of(sheet)["联系方式"].value == "内部分机8005"


def test_the_manuals_register_has_its_twelve_columns() -> None:
    assert list(head_row(FORMS["process-manual"], "zh-CN")) == M10


def test_the_registration_form_has_its_nine_entries() -> None:
    sheet = fill(FORMS["feedback-template"], dossier(profile("feedback-template")), "zh-CN", NOW)
    assert [line.label for line in sheet.blocks[0].lines][: len(F11)] == F11


def test_the_work_order_has_its_blocks_in_their_order() -> None:
    plain = replace(dossier(profile("work-order")), approvals=(), follow_ups=())
    sheet = fill(FORMS["work-order"], plain, "zh-CN", NOW)
    assert [block.title for block in sheet.blocks] == [
        "申请信息",
        "处理信息",
        "确认信息",
        "复核与归档",
    ]


def test_the_forms_a_profile_can_name_are_those_there_are() -> None:
    assert tuple(FORMS) == NAMED


@pytest.mark.parametrize("other", [key for key in NAMED if key != "default"])
def test_the_default_form_says_all_that_any_documents_form_says(other: str) -> None:
    whole = dossier(profile("default"))
    fields = {**whole.ticket.fields, "steps": "点登录", "frequency": "每天早上"}
    told = replace(whole, ticket=replace(whole.ticket, fields=fields))
    merged = say(fill(FORMS["default"], told, "zh-CN", after(5000)))
    for line in lines_of(fill(FORMS[other], told, "zh-CN", after(5000))).values():
        for words in line.value.splitlines():
            assert words.strip() in merged, line.label


def sla(**given: object) -> str:
    whole = dossier(profile("record-sheet"))
    changed = replace(whole, ticket=replace(whole.ticket, **given))  # type: ignore[arg-type]
    sheet = fill(FORMS["record-sheet"], changed, "zh-CN", after(100))
    return lines_of(sheet)["SLA响应时效"].value


def test_the_limit_stands_on_the_sheet_with_how_it_was_kept() -> None:
    assert sla(responded=after(60)) == "2小时内(达标)"
    assert sla(responded=after(130)) == "2小时内(超时)", "no working time has passed since noon"
    assert sla(responded=after(220)) == "2小时内(超时10分钟)"
    assert sla(priority="urgent", responded=after(130)) == "30分钟内(超时10分钟)", "7×24"
    assert sla(responded=None, state=State.NEW) == "2小时内(未到期)"
    assert sla(responded=None, state=State.NEW, response_due=after(90)) == "2小时内(超时10分钟)"
    assert sla(responded=None, state=State.REJECTED) == "2小时内(不计)"


def test_a_profile_that_is_gone_prints_its_old_tickets_as_they_are() -> None:
    whole = dossier(profile("default"))
    odd = replace(
        whole.ticket, category="gone", priority="gone", type="gone", result="gone", group="gone",
        severity="gone", impact="gone", urgency="gone",
    )  # fmt: skip
    for form in FORMS.values():
        for language in ("zh-CN", "en"):
            sheet = fill(form, replace(whole, ticket=odd), language, NOW)
            assert sheet.blocks


def test_every_event_that_is_told_at_a_terminal_has_words_on_paper() -> None:
    typed = {"changed", "ordered"}
    assert not set(TOLD) - set(HANDLING) - set(BESIDE) - typed
    for table in (HANDLING, BESIDE):
        for kind, label in table.items():
            fields = {name for _, name, _, _ in Formatter().parse(label.zh) if name}
            assert fields == {name for _, name, _, _ in Formatter().parse(label.en) if name}, kind


def test_a_line_of_another_year_names_it() -> None:
    whole = dossier(profile("default"))
    late = Step(after(60 * 24 * 60), "note", "刘洋", {"words": "跨年"})
    sheet = fill(FORMS["default"], replace(whole, steps=(*STEPS, late)), "zh-CN", NOW)
    log = lines_of(sheet)["处理过程"].value.splitlines()
    assert log[0].startswith("11-20 10:00 ")
    assert log[-1] == "2027-01-19 10:00 刘洋 内部备注：跨年"


def test_an_escalation_by_the_clock_is_told_in_the_readers_language() -> None:
    why = "not solved after 120 min of handling"
    asked = Step(after(120), "escalation_asked", "", {"of": "王强", "why": why})
    whole = replace(dossier(profile("default")), steps=(*STEPS, asked))
    log = lines_of(fill(FORMS["default"], whole, "zh-CN", NOW))["处理过程"].value
    assert "11-20 12:00 处理超时未解决，提请升级" in log.splitlines()
    assert "not solved" not in log


def test_the_orders_of_who_entered_it_are_no_part_of_the_request() -> None:
    whole = dossier(profile("default"), request="#代提 张敏\n打印机卡纸\n#3 号机\n")
    sheet = fill(FORMS["default"], whole, "zh-CN", NOW)
    assert lines_of(sheet)["问题描述"].value == "ERP 登录不上\n打印机卡纸\n#3 号机"


def test_nothing_secret_is_printed_and_the_page_runs_nothing() -> None:
    whole = dossier(profile("default"), request="<script>alert(1)</script> 密码：Abc12345")
    for form in FORMS.values():
        page = "".join(write_page([fill(form, whole, "zh-CN", NOW)]))
        assert "11010119900307783X" not in page
        assert "Abc12345" not in page
        assert "<script>" not in page
        assert "default-src 'none'" in page
        table = "".join(write_sheets([fill(form, whole, "zh-CN", NOW)]))
        assert "11010119900307783X" not in table


def test_the_same_ticket_gives_the_same_bytes_whenever_it_is_printed() -> None:
    whole = dossier(profile("default"))
    for form in FORMS.values():
        early, late = (
            "".join(write_page([fill(form, whole, "en", now)])) for now in (after(300), after(9999))
        )
        assert early == late


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_was_written_stays_in_its_cell(title: str, words: str) -> None:
    whole = dossier(profile("default"), request=words)
    whole = replace(whole, ticket=replace(whole.ticket, title=title))
    for form in FORMS.values():
        row = fill_row(form, whole, "zh-CN", NOW)
        assert len(row) == len(form.columns)
        assert all(mask(cell) == cell for cell in row)
        "".join(write_register(head_row(form, "zh-CN"), [row])).encode("utf-8", "strict")


def test_a_row_that_cuts_words_short_shows_no_half_of_a_number() -> None:
    whole = dossier(profile("default"), request=f"{'很' * 286}身份证320106199003124527")
    for form in FORMS.values():
        assert "3201061990" not in "".join(fill_row(form, whole, "zh-CN", NOW))
