"""docs/engineers.md is true: its table of orders is the code's, and so is what it shows of letters.

`MAILDESK_WRITE_GOLDEN=1 pytest tests/house/test_house_engineers.py` writes the tables anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from maildesk.config import shipped
from maildesk.desk.orders.help import explain_orders
from maildesk.desk.orders.line import Line, read_line
from maildesk.desk.orders.moment import read_moment
from maildesk.desk.orders.table import Order

PAGE = Path(__file__).parent.parent.parent / "docs" / "engineers.md"
HEADS = {"zh": ("写这一行", "做什么", "也可以写"), "en": ("write", "what it does", "or also")}
TABLE = r"(<!-- orders:{} -->\n)(.*?)(<!-- /orders -->)"
_MOST_ALSO = 3


def write_table(language: str) -> str:
    """The orders as the page shows them, group by group."""
    rows = [f"| {' | '.join(HEADS[language])} |", "| --- | --- | --- |"]
    group = ""
    for line in explain_orders(language):
        if line.group != group:
            group = line.group
            rows.append(f"| **{group}** | | |")
        comma = "、" if language == "zh" else ", "
        rows.append(f"| `{line.sample}` | {line.does} | {comma.join(line.also[:_MOST_ALSO])} |")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("language", HEADS)
def test_the_table_of_orders_is_the_codes_own(language: str) -> None:
    page = PAGE.read_text("utf-8")
    found = re.search(TABLE.format(language), page, re.DOTALL)
    assert found is not None
    wanted = write_table(language)
    if os.environ.get("MAILDESK_WRITE_GOLDEN"):
        PAGE.write_text(page[: found.start(2)] + wanted + page[found.end(2) :], encoding="utf-8")
        return
    assert found[2] == wanted


def test_every_order_the_page_names_is_one() -> None:
    wrong = {"#内布", "#nite", "#"}  # shown as what is held back
    named = set(re.findall(r"`([#＃][^`]*)`", PAGE.read_text("utf-8"))) - wrong - {"＃"}
    assert len(named) > 40
    incomplete = {
        *("#代提", "#转派", "#协办", "#转厂商", "#assign", "#join", "#vendor"),
        *("#根因", "#临时方案", "#永久方案", "#预防", "#经验", "#升级", "#escalate"),
        *("#cause", "#interim", "#permanent", "#prevent", "#lesson", "#预计", "#eta"),
    }
    for text in sorted(named - incomplete):
        assert isinstance(read_line(text), Line), text
    for text in ("#内布", "#nite"):
        assert not isinstance(read_line(text), Line)


@pytest.mark.parametrize(
    ("text", "past"),
    [
        *((item, False) for item in ("16:00", "下午4点半", "明天上午", "周五下班前", "11月25日")),
        *((item, False) for item in ("2小时内", "1个工作日内", "4pm", "tomorrow morning")),
        *((item, False) for item in ("Friday", "EOD", "25 Nov", "in 2 hours", "2 working days")),
        *(
            (item, True)
            for item in ("14:20", "昨天 16:00", "半小时前", "yesterday 4pm", "5 min ago")
        ),
    ],
)
def test_every_time_the_page_shows_is_read(text: str, past: bool) -> None:
    from zoneinfo import ZoneInfo

    from builders import NOW, profile

    assert f"`{text}`" in PAGE.read_text("utf-8")
    calendar = profile().calendar(profile().priority("medium").calendar)
    assert read_moment(text, NOW, ZoneInfo("Asia/Shanghai"), calendar, past=past) is not None


@pytest.mark.parametrize(
    ("language", "letter", "shown"),
    [
        ("zh-CN", "dispatch", "【派单】"),
        ("zh-CN", "held", "【未发出】"),
        ("zh-CN", "transcript", "【未执行】"),
        ("zh-CN", "code", "【请确认是您本人】"),
        ("zh-CN", "unproved", "【请核实】"),
        ("zh-CN", "digest", "【今日待办】"),
        ("zh-CN", "_internal", "〔内部通知：您的回复不会发给用户〕"),
        ("en", "held", "[Not sent]"),
        ("en", "code", "[Is this really you?]"),
        ("en", "unproved", "[Please check]"),
        ("en", "_internal", "Internal notice: your answer does not go to the requester"),
    ],
)
def test_letters_are_called_as_they_call_themselves(language: str, letter: str, shown: str) -> None:
    template = shipped.folder("templates") / "letters" / language / f"{letter}.txt"
    text = template.read_text("utf-8")
    bare = shown.strip("【】") if letter in ("transcript", "dispatch") else shown
    assert bare in text
    assert shown in PAGE.read_text("utf-8")


def test_the_page_is_one_page_a_language() -> None:
    chinese, english = PAGE.read_text("utf-8").split("\n---\n")
    for half in (chinese, english):
        assert len(half.splitlines()) < 140
    assert Order.HELP in {
        read.order for read in (read_line("#帮助"), read_line("#help")) if isinstance(read, Line)
    }
