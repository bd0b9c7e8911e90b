"""All figures of a period as plain tables with their definitions: for a terminal, a page, a sheet.

What a report's letter chooses to show, and how it looks there, is not decided here. Every figure is
here, also those that are nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from maildesk.desk.charter import DeskConfig
from maildesk.desk.label import Label
from maildesk.desk.letters.moments import say_span
from maildesk.desk.reports.figure_table import LIMIT_WORDS
from maildesk.desk.reports.figure_words import AGES, FOLLOW_UP_WORDS, MEANINGS, NOBODY
from maildesk.desk.reports.figures import (
    KEPT,
    Attainment,
    Figures,
    LimitFigures,
    Share,
    Traced,
)
from maildesk.desk.reports.period import Period


@dataclass(frozen=True, slots=True)
class Block:
    """A titled table. `definition`: what is counted. The first row is its head."""

    title: str
    definition: str
    rows: tuple[tuple[str, ...], ...]


class _Writer:
    """What both languages share."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.chinese = language.startswith("zh")

    def say(self, zh: str, en: str) -> str:
        return zh if self.chinese else en

    def label(self, label: Label) -> str:
        return label.in_language(self.language)

    def name(self, key: str) -> str:
        return self.label(MEANINGS[key].name)

    def define(self, *keys: str) -> str:
        if len(keys) == 1:
            return self.label(MEANINGS[keys[0]].definition)
        colon = "：" if self.chinese else ": "
        return "\n".join(f"{self.name(key)}{colon}{self.define(key)}" for key in keys)

    def numbers(self, traced: Traced | Share, *, times: bool = False) -> str:
        """The tickets, and that there are more. `times` are counted: what happened twice to one is
        no other ticket."""
        count = traced.count if isinstance(traced, Traced) else traced.part
        more = count > len(traced.numbers) and (not times or len(traced.numbers) >= KEPT)
        return self.mark.join(traced.numbers) + ("…" if more else "")

    @property
    def mark(self) -> str:
        return self.say("、", ", ")

    @property
    def tickets(self) -> str:
        return self.say("工单", "Tickets")


def title_period(desk: DeskConfig, period: Period, language: str) -> str:
    """Whose figures of which time, in one line."""
    writer = _Writer(language)
    kind = {
        "daily": ("日报", "daily figures"),
        "weekly": ("周报", "weekly figures"),
        "monthly": ("月报", "monthly figures"),
    }[period.kind]
    since, until = (
        moment.astimezone(desk.zone_info).strftime("%Y-%m-%d %H:%M")
        for moment in (period.since, period.until)
    )
    name, said = desk.name_in(language), writer.say(*kind)
    return writer.say(
        f"{name}{said} {period.name}（{since} 至 {until}）",
        f"{name}: {said} {period.name} ({since} to {until})",
    )


def list_blocks(figures: Figures, language: str) -> tuple[Block, ...]:
    """All figures, in the order in which a lead reads them."""
    writer = _Writer(language)
    return (
        _count(figures, writer),
        *(_attain(item, writer) for item in figures.limits),
        _miss(figures, writer),
        _share(figures, writer),
        _categorise(figures, writer),
        _find_faults(figures, writer),
        _rate(figures, writer),
        _list_low(figures, writer),
        _follow_up(figures, writer),
        _age(figures, writer),
    )


def _count(figures: Figures, writer: _Writer) -> Block:
    counts = figures.counts
    keys = (
        *("opened", "solved", "closed", "by_policy", "rejected", "reopened", "chases"),
        *("misses", "backlog", "unassigned", "unconfirmed"),
    )
    rows = [(writer.say("指标", "Figure"), writer.say("数量", "Count"), writer.tickets)]
    for key in keys:
        traced: Traced = getattr(counts, key)
        numbers = writer.numbers(traced, times=key in ("reopened", "chases"))
        rows.append((writer.name(key), str(traced.count), numbers))
    return Block(writer.say("数量", "Counts"), writer.define(*keys), tuple(rows))


def _attain(found: LimitFigures, writer: _Writer) -> Block:
    rows = [
        (
            writer.say("范围", "Of"),
            "",
            writer.say("达标率", "Attainment"),
            writer.say("达标", "Met"),
            writer.say("超时", "Missed"),
            writer.name("ours"),
            writer.say("未到期", "Running"),
        ),
        _score(writer.say("全部", "all"), "", found.total),
    ]
    for of, slices in (
        (writer.say("优先级", "priority"), found.priorities),
        (writer.say("处理组", "group"), found.groups),
        (writer.say("处理人", "engineer"), found.engineers),
    ):
        rows += [_score(of, writer.label(item.label), item.attainment) for item in slices]
    return Block(writer.name(found.limit), writer.define(found.limit), tuple(rows))


def _score(of: str, name: str, kept: Attainment) -> tuple[str, ...]:
    counts = (kept.met, kept.missed, kept.ours, kept.running)
    return of, name, say_rate(kept.rate), *map(str, counts)


def say_rate(rate: float | None) -> str:
    """`94.4%`; never 100 % when something was missed, nor 0 % when something was not."""
    if rate is None:
        return "–"
    percent = round(rate * 100, 1)
    if percent == 100 and rate < 1:
        percent = 99.9
    elif percent == 0 and rate > 0:
        percent = 0.1
    return f"{percent:g}%"


def _miss(figures: Figures, writer: _Writer) -> Block:
    rows: list[tuple[str, ...]] = [
        (
            writer.say("工单编号", "Ticket"),
            writer.say("标题", "Title"),
            writer.say("时限", "Limit"),
            writer.say("优先级", "Priority"),
            writer.say("处理人", "Engineer"),
            writer.say("超时", "Over"),
            writer.say("原因", "Why"),
        )
    ]
    for limit, miss in figures.list_misses():
        over = say_span(max(1, miss.over), writer.language, brief=True)
        if not miss.done:
            over += writer.say("，仍未完成", ", still not done")
        why = [writer.name("ours")] if miss.ours else []
        rows.append(
            (
                miss.number,
                miss.title,
                writer.label(LIMIT_WORDS[limit]),
                writer.label(miss.priority),
                miss.engineer or writer.label(NOBODY),
                over,
                "；".join((*why, *miss.reasons)) or writer.say("未说明", "not said"),
            )
        )
    rest = sum(item.total.missed - len(item.misses) for item in figures.limits)
    if rest > 0:
        more = writer.say(f"另有 {rest} 项，见明细表", f"{rest} more, see the table of tickets")
        rows.append((more, *[""] * 6))
    return Block(writer.name("misses"), writer.define("misses"), tuple(rows))


def _share(figures: Figures, writer: _Writer) -> Block:
    day = figures.same_day
    rows = [
        (
            writer.say("指标", "Figure"),
            writer.say("比例", "Share"),
            writer.say("计入", "Counted"),
            writer.say("总数", "Of"),
            writer.tickets,
        ),
        (
            writer.name("same_day"),
            say_rate(day.rate),
            str(day.met),
            str(day.met + day.missed),
            _name_missed(figures.same_day_missed, writer),
        ),
    ]
    for key, share in (
        ("first_line", figures.first_line),
        ("reopen_rate", figures.reopened),
        ("rated", figures.satisfaction.rated),
    ):
        counts = str(share.part), str(share.whole)
        rows.append((writer.name(key), say_rate(share.rate), *counts, writer.numbers(share)))
    keys = ("same_day", "first_line", "reopen_rate", "rated")
    return Block(writer.say("比例", "Shares"), writer.define(*keys), tuple(rows))


def _name_missed(missed: Traced, writer: _Writer) -> str:
    """The tickets that were not: those that were are the rule."""
    said = writer.numbers(missed)
    return writer.say(f"未做到：{said}", f"not met: {said}") if said else ""


def _categorise(figures: Figures, writer: _Writer) -> Block:
    rows = [
        (
            writer.say("分类", "Category"),
            writer.say("本期", "Now"),
            writer.say("上期", "Before"),
            writer.say("变化", "Change"),
            writer.tickets,
        )
    ]
    for item in figures.categories:
        counts = str(item.tickets.count), str(item.before), f"{item.change:+d}"
        rows.append((writer.label(item.label), *counts, writer.numbers(item.tickets)))
    return Block(writer.name("categories"), writer.define("categories"), tuple(rows))


def _find_faults(figures: Figures, writer: _Writer) -> Block:
    rows = [
        (
            writer.say("分类", "Category"),
            writer.say("故障", "Fault"),
            writer.say("次数", "Times"),
            writer.tickets,
        )
    ]
    for item in figures.faults:
        count, numbers = str(item.tickets.count), writer.numbers(item.tickets)
        rows.append((writer.label(item.category), item.title, count, numbers))
    return Block(writer.name("faults"), writer.define("faults"), tuple(rows))


def _rate(figures: Figures, writer: _Writer) -> Block:
    rows = [
        (
            writer.say("问题", "Question"),
            writer.say("平均", "Mean"),
            writer.say("人数", "Answers"),
            *(writer.say(f"{score} 分", str(score)) for score in range(5, 0, -1)),
        )
    ]
    for item in figures.satisfaction.questions:
        mean = "–" if item.average is None else f"{item.average:.2f}"
        counts = map(str, reversed(item.scores))
        rows.append((writer.label(item.label), mean, str(item.answers), *counts))
    return Block(writer.name("satisfaction"), writer.define("satisfaction"), tuple(rows))


def _list_low(figures: Figures, writer: _Writer) -> Block:
    rows: list[tuple[str, ...]] = [
        (
            writer.say("工单编号", "Ticket"),
            writer.say("处理人", "Engineer"),
            writer.say("总体评价", "Overall"),
            writer.say("评语", "Words"),
            writer.name("follow_ups"),
            writer.say("回访记录", "Record"),
        )
    ]
    for item in figures.satisfaction.low:
        score = "–" if item.score is None else str(item.score)
        state = writer.label(FOLLOW_UP_WORDS[item.follow_up])
        rows.append((item.number, item.engineer, score, item.words, state, item.record))
    rest = figures.satisfaction.low_count - len(figures.satisfaction.low)
    if rest > 0:
        more = writer.say(f"另有 {rest} 件，见明细表", f"{rest} more, see the table of tickets")
        rows.append((more, *[""] * 5))
    return Block(writer.name("low"), writer.define("low"), tuple(rows))


def _follow_up(figures: Figures, writer: _Writer) -> Block:
    rows = [(writer.say("结果", "Outcome"), writer.say("数量", "Count"), writer.tickets)]
    for key in ("in_time", "late", "open", "overdue"):
        traced: Traced = getattr(figures.follow_ups, key)
        state, numbers = writer.label(FOLLOW_UP_WORDS[key]), writer.numbers(traced)
        rows.append((state, str(traced.count), numbers))
    return Block(writer.name("follow_ups"), writer.define("follow_ups"), tuple(rows))


def _age(figures: Figures, writer: _Writer) -> Block:
    rows = [(writer.say("时长", "Age"), writer.say("数量", "Count"), writer.tickets)]
    for bucket in figures.counts.ages:
        name = AGES.get(bucket.days, Label(f"{bucket.days} 天内", f"under {bucket.days} days"))
        tickets = bucket.tickets
        rows.append((writer.label(name), str(tickets.count), writer.numbers(tickets)))
    return Block(writer.name("ages"), writer.define("ages"), tuple(rows))


def write_text(title: str, blocks: Sequence[Block]) -> Iterator[str]:
    """Lines for a terminal, columns under each other; Han characters are two wide."""
    yield title
    for block in blocks:
        yield ""
        yield f"── {block.title}"
        widths = [max(map(_width, column)) for column in zip(*_drop_last(block.rows), strict=True)]
        for row in block.rows:
            cells = [
                cell + " " * (width - _width(cell))
                for cell, width in zip((_flatten(item) for item in row), widths, strict=False)
            ]
            yield "  ".join((*cells, _flatten(row[-1]))).rstrip()


def _drop_last(rows: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Without the last column, which may be as long as it likes."""
    return [[_flatten(cell) for cell in row[:-1]] for row in rows]


def _flatten(text: str) -> str:
    return " ".join(text.split())


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", Arial, sans-serif;
  color: #1f2933; background: #fff; max-width: 64rem; margin: 1.5rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.3rem; }} h2 {{ font-size: 1.05rem; margin: 1.6rem 0 .3rem; }}
p {{ color: #52606d; font-size: .85rem; margin: .2rem 0 .5rem; white-space: pre-line; }}
div {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #cbd2d9; padding: .3rem .5rem; text-align: left;
  vertical-align: top; font-size: .9rem; min-width: 3.5em; }}
th {{ background: #f0f4f8; white-space: nowrap; }} td {{ overflow-wrap: break-word; }}
td span {{ white-space: nowrap; }}
@media print {{ h2 {{ break-after: avoid; }} tr {{ break-inside: avoid; }} }}
</style></head><body>
<h1>{title}</h1>
"""


def write_page(title: str, blocks: Sequence[Block], language: str) -> Iterator[str]:
    """The same as an HTML page to look at or to print; it loads nothing and runs nothing."""
    yield _PAGE.format(title=escape(title), language=language)
    for block in blocks:
        yield f"<h2>{escape(block.title)}</h2>\n<p>{escape(block.definition)}</p>\n<div><table>\n"
        for place, row in enumerate(block.rows):
            tag = "td" if place else "th"
            yield f"<tr>{''.join(f'<{tag}>{_keep(cell)}</{tag}>' for cell in row)}</tr>\n"
        yield "</table></div>\n"
    yield "</body></html>\n"


_NUMBER = re.compile(r"\b[A-Za-z]{1,8}\d*(?:-[A-Za-z0-9]+)+")
"""A ticket's number with hyphens, at which a browser would break it."""


def _keep(cell: str) -> str:
    return _NUMBER.sub(r"<span>\g<0></span>", escape(cell))
