"""Figures of a period: shares are honest about nothing, and what is kept is what is shown later."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maildesk.desk.label import Label
from maildesk.desk.reports.figure_words import AGES, FOLLOW_UP_WORDS, MEANINGS
from maildesk.desk.reports.figures import (
    Attainment,
    Bucket,
    CategoryFigure,
    Counts,
    Fault,
    Figures,
    FollowUps,
    LimitFigures,
    LowRating,
    Miss,
    QuestionFigure,
    Satisfaction,
    Share,
    Slice,
    Traced,
)
from maildesk.desk.reports.figures_json import read_figures, write_figures
from maildesk.desk.reports.period import Period

_SINCE = datetime(2026, 10, 31, 16, tzinfo=UTC)
_UNTIL = datetime(2026, 11, 30, 16, tzinfo=UTC)
_ONE = Traced(1, ("IT-20261120-0001",))
_HARDWARE = Label("硬件故障", "Hardware")
_MISS = Miss(
    "IT-20261120-0001", "打印机卡纸", Label("高", "High"), "刘洋", 12, True, False, ("外出",)
)
_TEN = Attainment(met=8, missed=2, ours=1, running=3)

FIGURES = Figures(
    desk="it",
    period=Period("monthly", "2026-11", _SINCE, _UNTIL),
    counts=Counts(
        *(_ONE,) * 8, ages=(Bucket(1, _ONE), Bucket(None, Traced())), unassigned=_ONE,
        unconfirmed=_ONE,
    ),
    limits=(
        LimitFigures(
            "response", _TEN, (Slice("high", Label("高", "High"), _TEN),), (), (), (_MISS,)
        ),
    ),
    same_day=Attainment(met=1),
    same_day_missed=Traced(),
    first_line=Share(1, 4, _ONE.numbers),
    reopened=Share(0, 4),
    categories=(CategoryFigure("hardware", _HARDWARE, _ONE, 3),),
    faults=(Fault(_HARDWARE, "打印机卡纸", Traced(2, ("a", "b"))),),
    satisfaction=Satisfaction(
        Share(1, 4, _ONE.numbers),
        (QuestionFigure("", Label("总体评价", "Overall"), (0, 1, 0, 0, 3)),),
        1,
        (LowRating("IT-20261120-0001", "刘洋", 2, "太慢", "open", _UNTIL, ""),),
    ),
    follow_ups=FollowUps(open=_ONE),
)  # fmt: skip


def test_what_is_kept_reads_back_as_it_was() -> None:
    kept = json.loads(json.dumps(write_figures(FIGURES)))
    assert read_figures(kept) == FIGURES
    assert write_figures(read_figures(kept)) == kept


def test_what_an_older_version_did_not_keep_has_its_default() -> None:
    kept = write_figures(FIGURES)
    del kept["same_day"]["ours"]
    assert read_figures(kept).same_day == Attainment(met=1)
    del kept["counts"]["opened"]
    with pytest.raises(KeyError):
        read_figures(kept)


def test_a_rate_counts_what_was_missed_by_our_own_outage_and_not_what_still_runs() -> None:
    assert _TEN.rate == 0.8
    assert Attainment(running=3).rate is None
    assert Share(0, 0).rate is None


def test_a_question_has_an_average_only_with_answers() -> None:
    assert QuestionFigure("", _HARDWARE, (0, 1, 0, 0, 3)).average == 17 / 4
    assert QuestionFigure("", _HARDWARE, (0, 0, 0, 0, 0)).average is None


def test_every_figure_says_what_it_counts_in_both_languages() -> None:
    named = {item.name for item in fields(Counts)} | {item.limit for item in FIGURES.limits}
    assert named <= set(MEANINGS)
    for meaning in MEANINGS.values():
        for label in (meaning.name, meaning.definition):
            assert label.zh
            assert label.en
        assert meaning.definition.zh.endswith("。")
        assert meaning.definition.en.endswith(".")
    assert [*AGES][-1] is None
    assert set(FOLLOW_UP_WORDS) == {"in_time", "late", "open", "overdue", "none"}


def test_the_documentation_has_each_definition_as_the_reports_print_it() -> None:
    text = (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
    for meaning in MEANINGS.values():
        for name, definition in (
            (meaning.name.zh, meaning.definition.zh),
            (meaning.name.en, meaning.definition.en),
        ):
            assert f"| {name} | {definition} |" in text
