"""The table behind the figures: each figure can be found again in it, ticket by ticket."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from builders import desk, profile
from hypothesis import given, settings
from hypothesis import strategies as st
from months import MONTH, NOVEMBER, ZONE, made_up, stored, sum_up, told

from maildesk.desk.reports.figure_book import (
    list_blocks,
    say_rate,
    title_period,
    write_page,
    write_text,
)
from maildesk.desk.reports.figure_table import FigureTable
from maildesk.desk.reports.figure_words import MEANINGS
from maildesk.desk.reports.figures import Figures, Share, Traced
from maildesk.desk.reports.measured import Ruler, Stored
from maildesk.desk.sheets.cells import Value


def rows(tickets: list[Stored] | tuple[Stored, ...], language: str = "en") -> dict[str, Any]:
    """By number: the row as a mapping from its column."""
    table, ruler = FigureTable(desk(), language), Ruler(NOVEMBER, profile(), ZONE)
    found: dict[str, dict[str, Value]] = {}
    for ticket in tickets:
        row = table.make_row(ruler.measure(ticket))
        if row is not None:
            found[ticket.number] = dict(zip(table.head, row, strict=True))
    return found


def _name_figures(figures: Figures) -> dict[str, set[str]]:
    """The tickets each figure names, by its name."""
    counts = figures.counts
    named = {
        item.name: getattr(counts, item.name) for item in fields(counts) if item.name != "ages"
    }
    named |= {"first_line": figures.first_line, "rated": figures.satisfaction.rated}
    return {
        MEANINGS[key].name.en: set(item.numbers)
        for key, item in named.items()
        if isinstance(item, Traced | Share)
    }


def test_each_figure_of_the_month_is_found_again_in_the_table() -> None:
    table = rows(MONTH)
    for name, numbers in _name_figures(sum_up(MONTH)).items():
        traced = {key for key, row in table.items() if name in row["Counts in"].split(", ")}
        assert traced == numbers, name
    assert {key for key, row in table.items() if row["Response"] == "missed"} == {"T03", "T04"}
    assert {key for key, row in table.items() if row["Same day"] == "missed"} == {
        *("T05", "T10", "T13", "T14", "T20"),
    }
    assert "T15" not in table


@settings(max_examples=40)
@given(st.lists(made_up(), max_size=6, unique_by=lambda item: item.number))
def test_figures_and_table_never_disagree(tickets: list[Stored]) -> None:
    table = rows(tickets)
    for name, numbers in _name_figures(sum_up(tickets)).items():
        traced = {key for key, row in table.items() if name in row["Counts in"].split(", ")}
        assert traced == numbers, name


def test_a_row_tells_times_classes_and_reasons_in_the_desk_s_words() -> None:
    row = rows(MONTH, "zh-CN")["T03"]
    assert row["收到时间"] == "2026-11-03 09:00"
    assert (row["分类"], row["优先级"], row["处理组"]) == ("网络异常", "中", "网络组")
    assert (row["响应"], row["超时原因"], row["回访"]) == ("超时", "首次响应：外出", "按时完成")
    assert (row["总体评价"], row["评语"]) == (2, "太慢")
    assert row["计入指标"].startswith("新增、解决、结单")
    assert rows(MONTH, "zh-CN")["T04"]["超时原因"] == "首次响应：系统原因"
    assert rows(MONTH, "zh-CN")["T07"]["结单方式"] == "按规定自动结单"


def test_what_must_not_be_read_is_masked() -> None:
    secret = "身份证 11010519491231002X"
    ticket = stored(
        1, "11-03 09:00", title=secret, response_due="11-03 10:00",
        told=[told("late_reason", "11-03 10:01", why=secret)],
    )  # fmt: skip
    row = rows([ticket])["T01"]
    figures = sum_up([ticket])
    assert "11010519491231002X" not in str(row) + str(figures)
    assert "身份证" in row["Title"]


def test_the_book_has_every_block_with_its_definition_in_both_languages() -> None:
    figures = sum_up(MONTH)
    for language in ("zh-CN", "en"):
        blocks = list_blocks(figures, language)
        assert len({block.title for block in blocks}) == len(blocks) == 12
        for block in blocks:
            assert block.definition
            assert len({len(row) for row in block.rows}) == 1, block.title
        text = "\n".join(write_text(title_period(desk(), NOVEMBER, language), blocks))
        assert "85.7%" in text
        assert "T03" in text


def test_columns_of_the_text_stand_under_each_other() -> None:
    blocks = list_blocks(sum_up(MONTH), "zh-CN")
    [lines] = [block.rows for block in blocks if block.title == "未解决工单的时长"]
    text = list(write_text("", [block for block in blocks if block.rows == lines]))
    assert text[3:6] == [
        "时长       数量  工单",
        "1 天内     2     T14、T16",
        "1–3 天     0",
    ]


def test_a_ticket_that_was_reopened_twice_is_one_ticket() -> None:
    [counts, *_] = list_blocks(sum_up(MONTH), "en")
    assert ("Reopened", "3", "T10, T20") in counts.rows


def test_the_page_runs_nothing_a_ticket_says() -> None:
    ticket = stored(1, "11-03 09:00", title="<script>x</script>", response_due="11-03 10:00")
    page = "".join(write_page("<b>", list_blocks(sum_up([ticket]), "en"), "en"))
    assert "<script" not in page
    assert "&lt;script&gt;x" in page
    assert "<title>&lt;b&gt;</title>" in page


def test_a_tickets_number_is_not_broken_at_its_hyphens() -> None:
    ticket = replace(stored(1, "11-03 09:00"), number="IT-20261103-0001")
    page = "".join(write_page("x", list_blocks(sum_up([ticket]), "zh-CN"), "zh-CN"))
    assert "<span>IT-20261103-0001</span>" in page
    assert "td span { white-space: nowrap; }" in page


@pytest.mark.parametrize(
    ("rate", "said"),
    [(None, "–"), (0, "0%"), (1, "100%"), (0.5, "50%"), (0.9999, "99.9%"), (0.0001, "0.1%")],
)
def test_a_rate_never_looks_better_or_worse_than_it_is(rate: float | None, said: str) -> None:
    assert say_rate(rate) == said
