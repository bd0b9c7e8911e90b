"""A report's tables that are too large for a letter: it says which, and how to get them (R11)."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import click
import pytest
from test_journeys_reports import BOSS, comment, get_report, open_reporting_desk
from thread import last_letter, read
from worlds import LEAD, World

from maildesk import clock_reports
from maildesk.cli.report import report

MakeWorld = Callable[..., World]


def command_for(ending: str) -> str:
    given = "--desk it --period 2026-11-20"
    return f"maildesk report daily {given} --format {ending} -o 20261120.{ending}"


@pytest.mark.parametrize("largest", [2000, 0])
def test_a_table_too_large_for_the_letter_is_named_with_its_size_and_the_command_that_writes_it(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(clock_reports, "LARGEST", largest)
    world = open_reporting_desk(make_world)
    letter = get_report(world)
    left_out = ("xlsx",) if largest else ("xlsx", "csv")
    went = {str(item.get_filename()).rpartition(".")[2] for item in letter.iter_attachments()}
    assert went == {"xlsx", "csv"}.difference(left_out)
    text = read(letter)
    for ending in left_out:
        assert f"IT服务台日报20261120.{ending}（" in text.partition("太大，未随信附上：")[2]
        assert command_for(ending) in text.splitlines()
    comment(world, "情况正常。\n")
    passed_on = read(last_letter(world, BOSS))
    assert "太大，未随信附上：" in passed_on
    assert "需要请向王强索取。" in passed_on
    assert "maildesk report" not in passed_on


def test_tables_that_went_along_are_not_called_too_large(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    assert "太大" not in read(last_letter(world, LEAD))


def test_the_command_in_the_letter_is_one_that_maildesk_knows() -> None:
    _, _, kind, *given = shlex.split(command_for("csv"))
    command = report.get_command(click.Context(report), kind)
    assert command is not None
    asked = command.make_context(kind, given).params
    assert (asked["name"], asked["form"], asked["desk_id"]) == ("2026-11-20", "csv", "it")
