"""The table behind a report's figures: one row a ticket, with every figure the ticket counts in.

So each figure can be traced: filter the last column by its name. Made of the same answer as the
sums (`measured`); how a table becomes a file is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from maildesk.desk.charter import DeskConfig
from maildesk.desk.label import Label
from maildesk.desk.privacy.mask import mask
from maildesk.desk.reports.figure_words import FOLLOW_UP_WORDS, MEANINGS, OVERALL
from maildesk.desk.reports.figures import LIMITS, LimitName
from maildesk.desk.reports.measured import Measured, Stored, Verdict
from maildesk.desk.sheets.cells import Value
from maildesk.desk.ticket import show_state

VERDICT_WORDS: dict[Verdict, Label] = {
    "met": Label("达标", "met"),
    "missed": Label("超时", "missed"),
    "running": Label("未到期", "running"),
}
LIMIT_WORDS: dict[LimitName, Label] = {
    "response": Label("首次响应", "Response"),
    "contact": Label("联系用户", "Contact"),
    "solution": Label("解决", "Solution"),
}
_YES, _NOT_MET = Label("是", "yes"), Label("否", "no")
_CLOSED_BY: dict[str, Label] = {
    "requester": Label("用户确认", "requester"),
    "policy": Label("按规定自动结单", "rule"),
    "staff": Label("工程师", "staff"),
}


@dataclass(frozen=True, slots=True)
class _Column:
    name: Label
    width: int
    read: Callable[[FigureTable, Measured], Value]


class FigureTable:
    """The table of one desk in one language."""

    def __init__(self, desk: DeskConfig, language: str) -> None:
        self._desk, self._profile, self._zone = desk, desk.profile, desk.zone_info
        self._language = language
        self._columns = (*_COLUMNS, *self._list_questions(), *_LAST)

    @property
    def head(self) -> list[str]:
        return [self.say(column.name) for column in self._columns]

    @property
    def widths(self) -> list[int]:
        return [column.width for column in self._columns]

    def make_row(self, found: Measured) -> list[Value] | None:
        """The ticket's row; None for one that counts nowhere in the period."""
        return [column.read(self, found) for column in self._columns] if counts(found) else None

    def say(self, label: Label) -> str:
        return label.in_language(self._language)

    def say_moment(self, moment: datetime | None) -> str:
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}" if moment else ""

    def hide(self, text: str) -> str:
        return mask(text, self._desk.privacy.hide)

    def classify(self, ticket: Stored) -> tuple[str, str, str, str]:
        """Category, priority, type and group, as people read them."""
        profile = self._profile
        found = (
            profile.category(ticket.category),
            profile.priority(ticket.priority),
            profile.type(ticket.type),
            profile.group_of(ticket.group, ticket.category),
        )
        category, priority, kind, group = (self.say(item.label) for item in found)
        return category, priority, kind, group

    def name_state(self, ticket: Stored) -> str:
        return self.say(show_state(ticket.state, self._profile))

    def list_reasons(self, found: Measured) -> str:
        """Why limits were missed, each named when there are several."""
        told = []
        for miss in found.misses:
            words = [self.hide(reason) for reason in miss.reasons]
            if miss.ours:
                words.insert(0, self.say(MEANINGS["ours"].name))
            if words:
                colon = "：" if self._language.startswith("zh") else ": "
                told.append(f"{self.say(LIMIT_WORDS[miss.limit])}{colon}{'；'.join(words)}")
        return "\n".join(told)

    def name_counted(self, found: Measured) -> str:
        """The names of the figures the ticket counts in, as a report writes them."""
        mark = "、" if self._language.startswith("zh") else ", "
        return mark.join(self.say(MEANINGS[key].name) for key in list_counted(found))

    def _list_questions(self) -> Iterator[_Column]:
        for item in self._profile.survey.questions:
            yield _Column(item.label, 9, _read_answer(item.key))


def counts(found: Measured) -> bool:
    """Whether the ticket counts in any figure of the period."""
    return bool(
        found.counts
        or found.verdicts
        or found.same_day
        or found.reopens
        or found.chases
        or found.rating
        or found.follow_ups
    )


def list_counted(found: Measured) -> list[str]:
    """The keys of `MEANINGS` the ticket counts in, in their order; limits met or missed alike."""
    there = {
        "misses": found.misses,
        "same_day": found.same_day in ("met", "missed"),
        "reopened": found.reopens,
        "chases": found.chases,
        "satisfaction": found.rating,
        "low": found.low,
        "follow_ups": found.follow_ups,
    }
    keys = {*found.counts, *(key for key, yes in there.items() if yes)}
    keys.update(limit for limit in LIMITS if found.verdicts.get(limit) in ("met", "missed"))
    return [key for key in MEANINGS if key in keys]


def _read_verdict(limit: LimitName) -> Callable[[FigureTable, Measured], Value]:
    def read(table: FigureTable, found: Measured) -> Value:
        verdict = found.verdicts.get(limit)
        return table.say(VERDICT_WORDS[verdict]) if verdict else ""

    return read


def _read_answer(key: str) -> Callable[[FigureTable, Measured], Value]:
    return lambda _, found: found.rating.answers.get(key) if found.rating else None


def _read_moment(field: str) -> Callable[[FigureTable, Measured], Value]:
    return lambda table, found: table.say_moment(getattr(found.ticket, field))


def _read_class(place: int) -> Callable[[FigureTable, Measured], Value]:
    return lambda table, found: table.classify(found.ticket)[place]


def _read_same_day(table: FigureTable, found: Measured) -> Value:
    return table.say(VERDICT_WORDS[found.same_day]) if found.same_day else ""


def _read_first_line(table: FigureTable, found: Measured) -> Value:
    if "asked" not in found.counts:
        return ""
    return table.say(_YES if "first_line" in found.counts else _NOT_MET)


def _read_closed_by(table: FigureTable, found: Measured) -> Value:
    by = found.ticket.closed_by
    return table.say(_CLOSED_BY.get(by, Label(by, by))) if by else ""


def _read_words(table: FigureTable, found: Measured) -> Value:
    return table.hide(found.rating.words) if found.rating else ""


def _read_follow_up(table: FigureTable, found: Measured) -> Value:
    return "\n".join(table.say(FOLLOW_UP_WORDS[state]) for state in found.follow_ups)


_COLUMNS = (
    _Column(Label("工单编号", "Ticket"), 18, lambda _, found: found.ticket.number),
    _Column(Label("标题", "Title"), 36, lambda table, found: table.hide(found.ticket.title)),
    _Column(Label("收到时间", "Received"), 16, _read_moment("opened")),
    _Column(Label("分类", "Category"), 12, _read_class(0)),
    _Column(Label("优先级", "Priority"), 8, _read_class(1)),
    _Column(Label("类型", "Type"), 12, _read_class(2)),
    _Column(Label("处理组", "Group"), 12, _read_class(3)),
    _Column(Label("处理人", "Engineer"), 10, lambda _, found: found.ticket.engineer),
    _Column(Label("部门", "Department"), 14, lambda _, found: found.ticket.department),
    _Column(
        Label("当前状态", "State now"), 12, lambda table, found: table.name_state(found.ticket)
    ),
    _Column(Label("响应时限", "Response due"), 16, _read_moment("response_due")),
    _Column(Label("首次响应", "Responded"), 16, _read_moment("responded")),
    _Column(Label("响应", "Response"), 8, _read_verdict("response")),
    _Column(Label("联系时限", "Contact due"), 16, _read_moment("contact_due")),
    _Column(Label("联系", "Contact"), 8, _read_verdict("contact")),
    _Column(Label("解决时限", "Solution due"), 16, _read_moment("solution_due")),
    _Column(Label("解决时间", "Solved"), 16, _read_moment("solved")),
    _Column(Label("解决", "Solution"), 8, _read_verdict("solution")),
    _Column(Label("超时原因", "Why missed"), 30, lambda table, found: table.list_reasons(found)),
    _Column(Label("当日解决", "Same day"), 9, _read_same_day),
    _Column(Label("一线解决", "First contact"), 9, _read_first_line),
    _Column(Label("重新处理次数", "Reopened"), 9, lambda _, found: found.reopens or None),
    _Column(Label("催单次数", "Chased"), 9, lambda _, found: found.chases or None),
    _Column(Label("确认时间", "Confirmed"), 16, _read_moment("confirmed")),
    _Column(Label("结单时间", "Closed"), 16, _read_moment("closed")),
    _Column(Label("结单方式", "Closed by"), 14, _read_closed_by),
    _Column(OVERALL, 9, lambda _, found: found.rating.score if found.rating else None),
)
_LAST = (
    _Column(Label("评语", "Words of the rating"), 30, _read_words),
    _Column(Label("回访", "Follow-up"), 12, _read_follow_up),
    _Column(Label("计入指标", "Counts in"), 40, lambda table, found: table.name_counted(found)),
)
