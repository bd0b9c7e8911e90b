"""What the letter of a daily, weekly or monthly report is told (R11): values only.

Texts stand in the reader's language, moments are aware. Charts are lines with a share of a hundred,
so that a template draws them with coloured cells and the text with blocks, the same figures in
both. What is counted `figures` says, and what stands where `report_parts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from maildesk.desk.letters.letter import Letter
from maildesk.desk.letters.sample import SAMPLE
from maildesk.desk.reports.figure_words import MEANINGS
from maildesk.desk.reports.period import Kind
from maildesk.desk.staff.marker import MARKER


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a chart or list. `share` of 0 to 100 draws a bar, and `bar` in the text.

    `poor` marks what a lead should look at. `detail` goes below, and so do `numbers` of tickets.
    """

    label: str
    value: str
    share: int | None = None
    bar: str = ""
    poor: bool = False
    detail: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A chart or list under its heading; `note` says what is counted."""

    title: str
    lines: tuple[ReportLine, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for the lead: what, how many, and which."""

    label: str
    count: int
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftTable:
    """A table too large for the letter, and the command that writes it."""

    name: str
    size_text: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportValues(Letter):
    """A report for the lead, who comments on it, or with `author` and his `words` for its readers.

    `title` is the period as people say it and `span` from when to when. `readers` tells the lead
    how many get it once he answers; 0: nobody, and nothing is asked. `left_out` are tables that
    would be among the `files` were they smaller.
    """

    kind: Kind
    title: str
    span: str
    opened: int
    closed: int
    missed: int
    summary: tuple[str, ...]
    needs: tuple[Need, ...]
    parts: tuple[ReportPart, ...]
    files: tuple[str, ...]
    readers: int = 0
    author: str = ""
    words: str = ""
    marker: str = ""
    left_out: tuple[LeftTable, ...] = ()


def draw_bar(share: int) -> str:
    """A bar of blocks for the text, ten for a hundred; at least one for anything at all."""
    return "▇" * max(round(share / 10), share > 0)


def _line(
    label: str, value: str, share: int, *, poor: bool = False, detail: str = ""
) -> ReportLine:
    return ReportLine(label, value, share, draw_bar(share), poor, detail)


def _define(key: str) -> str:
    return MEANINGS[key].definition.zh.rstrip("。")


_SAMPLE = {**SAMPLE, "now": datetime(2026, 11, 20, 9, 30, tzinfo=UTC)}
_DAILY = ReportValues(
    **_SAMPLE,
    name="王强",
    kind="daily",
    title="11月20日 周五",
    span="11月19日 周四 17:30 至 11月20日 周五 17:30",
    opened=32,
    closed=29,
    missed=2,
    summary=("首次响应达标率 94%", "满意度 4.7（18 人评价）"),
    needs=(
        Need("升级待确认", 1, ("IT-20261120-0008",)),
        Need("低分待回访", 1, ("IT-20261119-0003",)),
        Need("无人接单", 1, ("IT-20261120-0031",)),
    ),
    parts=(
        ReportPart(
            "首次响应达标率",
            (
                _line("紧急", "100%（3/3）", 100),
                _line(
                    "高",
                    "92%（11/12）",
                    92,
                    poor=True,
                    detail="其中 1 件因服务台系统停机",
                ),
                _line("中", "100%（15/15）", 100),
            ),
            _define("response"),
        ),
        ReportPart(
            "达标率（按组）",
            (
                _line("硬件组", "100%（8/8）", 100, detail="联系用户 100%（3/3）｜解决 88%（7/8）"),
                _line("网络组", "67%（2/3）", 67, poor=True, detail="解决 100%（3/3）"),
            ),
            "条形为首次响应，其下为联系用户和解决；算法同上",
        ),
        ReportPart(
            "问题分类",
            (
                _line("硬件故障", "14（+3）", 44),
                _line("软件问题", "10（-2）", 31),
                _line("网络异常", "8（+1）", 25),
            ),
            _define("categories"),
        ),
        ReportPart(
            "超时工单",
            (
                ReportLine(
                    "IT-20261120-0005",
                    "打印机卡纸",
                    detail="高｜刘洋｜响应超时12分｜原因：外出，16:50 返回",
                ),
                ReportLine("", "另有 1 件，见表格"),
            ),
            _define("misses"),
        ),
        ReportPart(
            "满意度",
            (
                _line("总体", "4.7（18 人评价）", 94),
                _line("响应速度", "3.8（5 人评价）", 76, poor=True),
            ),
            _define("satisfaction"),
        ),
        ReportPart(
            "工单情况",
            (
                ReportLine("未解决", "12", numbers=("IT-20261119-0003", "IT-20261118-0001 等")),
                ReportLine("无人接单", "1", poor=True, numbers=("IT-20261120-0031",)),
            ),
        ),
    ),
    files=("IT服务台日报20261120.xlsx", "IT服务台日报20261120.csv"),
    readers=3,
    marker=MARKER,
)

_MONTHLY = replace(
    _DAILY,
    kind="monthly",
    title="2026年11月",
    span="11月1日 周日 至 11月30日 周一",
    files=("IT服务台月报202611.xlsx",),
    left_out=(
        LeftTable(
            "IT服务台月报202611.csv",
            "8.4 MB",
            "maildesk report monthly --desk it --period 2026-11 --format csv -o 202611.csv",
        ),
    ),
)

REPORT_SAMPLES: Mapping[str, tuple[ReportValues, ...]] = {
    "report": (
        _DAILY,
        replace(_DAILY, readers=0, needs=(), missed=0, name=""),
        replace(
            _DAILY,
            name="李总",
            author="王强",
            words="本周打印机问题偏多，已联系供应商下周巡检。\n\n其余正常。",
            needs=(),
        ),
        replace(_DAILY, name="", author="王强", needs=(), files=(), parts=(), summary=()),
        replace(
            _DAILY,
            kind="weekly",
            title="第47周",
            span="11月13日 周五 17:30 至 11月20日 周五 17:30",
            files=("IT服务台周报2026W47.xlsx", "IT服务台周报2026W47.csv"),
        ),
        _MONTHLY,
        replace(_MONTHLY, name="李总", author="王强", needs=(), readers=0),
    )
}
"""What the templates are tried with: each value present and absent at least once."""
