"""`maildesk simulate`: every letter that would leave, when, to whom and why; nothing is sent."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from maildesk.cli.setting import config_option, read_config, say_moment, zone_of
from maildesk.cli.storyline import say_day, write_line, write_summary

if TYPE_CHECKING:
    from maildesk.config.mailscript import Scripted
    from maildesk.config.values import Config
    from maildesk.desk.arrival.directory import Directory
    from maildesk.simulation.story import Line


@click.command()
@click.option(
    "--until",
    metavar="WHEN",
    default="+30d",
    show_default=True,
    help="How far: +30d, +12h, +90m after the start, or 2026-12-31, or 2026-12-31T18:00.",
)
@click.option(
    "--from",
    "begin",
    metavar="WHEN",
    help="The moment at which the desk begins, in its zone. Default: now.",
)
@click.option(
    "--script",
    metavar="FILE|DIR",
    type=click.Path(exists=True, path_type=Path),
    help="Mails that arrive meanwhile: a YAML list, or a folder of .eml files. See above.",
)
@click.option("--ticket", metavar="NUMBER", help="Only what is about this ticket.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--verbose", "-v", is_flag=True, help="Also mails, and every small thing that changes."
)
@config_option
def simulate(
    until: str,
    begin: str | None,
    script: Path | None,
    ticket: str | None,
    as_json: bool,
    verbose: bool,
    config_file: Path,
) -> None:
    """Show what the desk would do: every letter, when it leaves, to whom and why, and those that
    would be held back.

    Works on a copy of the database with a clock of its own. No server is asked, nothing is sent,
    and nothing of the desk changes. The same start and script give the same output.

    \b
    A script is a list of mails, answers and clicks:
      - at: +10m                     # after the start; or 2026-12-01 09:30
        from: 张敏                    # a listed person's name, or an address
        subject: 三楼打印机卡纸
        body: 打印机又卡纸了，麻烦看一下。
      - at: +1h
        from: 刘洋
        reply_to: dispatch           # the newest such letter to him; or last: any letter
        body: |
          #已解决
          已更换搓纸轮，请再打印一次。
      - at: +3h
        from: 张敏
        reply_to: solved
        body: 好了，谢谢
    Also: to, cc, ticket: NUMBER, file: mail.eml, attach: [jam.png] (beside the script),
    `reply_to: ack to zhangmin@example.com`; with [web] `click: confirm` (or broken, start, ask,
    solved) instead of an answer, for the link in the letter; kind: auto_reply (an absence notice)
    or bounce (the letter of reply_to came back); and
    proved: true, false or fail (whether your servers vouch for the sender; left out: for listed
    people only). Of a folder each .eml arrives at its date, what is older at the start.

    \b
    Signs: … waits beyond the end, ✗ held back or no longer true, - one could have expected it.
    Exit codes: 0 done; 1 done, but something of the script could not be carried out, or something
    due could not be handled; 2 wrong usage, script or configuration, or the database is away.

    \b
    Examples:
      maildesk simulate --until +7d
      maildesk simulate --script mails.yaml --until +3d --verbose
      maildesk simulate --ticket IT-20261120-0001
      maildesk simulate --from 2026-09-28T09:00 --script mails/ --json
    """
    from maildesk import journal
    from maildesk.errors import ConfigFault, Transient

    journal.start_logging(level="WARNING")
    config = read_config(config_file)
    start, end = _read_span(begin, until, ZoneInfo(zone_of(config)))
    mails = _read_script(script, start, ZoneInfo(zone_of(config)))
    try:
        lines, directory = _run(config, mails, start, end)
    except (ConfigFault, Transient) as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(2) from fault
    from maildesk.simulation.story import choose

    shown = choose(lines, ticket, everything=verbose)
    write = _write_json if as_json else _write_text
    for line in write(config, shown, directory, (start, end)):
        click.echo(line)
    raise SystemExit(1 if any(line.what == "trouble" for line in shown) else 0)


def _read_span(begin: str | None, until: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    from maildesk.config.mailscript import read_moment

    now = datetime.now(UTC).replace(second=0, microsecond=0)
    start = read_moment(begin, now, zone) if begin else now
    if start is None:
        raise click.BadParameter(f"--from: {begin!r} is no moment; write 2026-12-01T09:00")
    end = read_moment(until, start, zone)
    if end is None:
        raise click.BadParameter(f"--until: {until!r} is no moment; write +30d or 2026-12-31")
    if end <= start:
        raise click.BadParameter("--until lies before the start")
    return start, end


def _read_script(script: Path | None, start: datetime, zone: ZoneInfo) -> tuple[Scripted, ...]:
    if script is None:
        return ()
    from maildesk.config.mailscript import read_script

    mails, faults = read_script(script, start, zone)
    if faults:
        click.echo("\n".join(map(str, faults)), err=True)
        raise SystemExit(2)
    return mails


def _run(
    config: Config, mails: Sequence[Scripted], start: datetime, end: datetime
) -> tuple[list[Line], Directory]:
    from maildesk.simulation.double import open_double
    from maildesk.simulation.play import Stage, Timepiece, believe
    from maildesk.simulation.story import read_story

    watch = Timepiece(start)
    with tempfile.TemporaryDirectory(prefix="maildesk-") as folder:
        house = believe(open_double(config, Path(folder), watch))
        try:
            with Stage(house, watch) as stage:
                stage.begin()
                stage.play(mails, end, _meter(config, start, end))
            with house.store.read() as db:
                say = _speak(config)
                lines = read_story(db, stage.since, end, say, stage.troubles)
        finally:
            house.store.close()
    return lines, house.intake.directory


def _speak(config: Config) -> Callable[[datetime, str | None], str]:
    return lambda moment, desk: say_moment(moment, zone_of(config, desk))


def _meter(config: Config, start: datetime, end: datetime) -> Callable[[datetime], None]:
    """Progress on a terminal: one line, written over."""

    def tell(now: datetime) -> None:
        if sys.stderr.isatty():
            done = (now - start) * 100 // (end - start)
            told = f"{say_moment(now, zone_of(config))}  {done} %"
            click.echo(f"\r{told}\r", err=True, nl=False)

    return tell


def _write_text(
    config: Config,
    lines: Sequence[Line],
    directory: Directory,
    span: tuple[datetime, datetime],
) -> Iterator[str]:
    zone = zone_of(config)
    begin, end = (
        say_day(moment, zone) + f" {moment.astimezone(ZoneInfo(zone)):%H:%M}" for moment in span
    )
    yield f"simulated {begin} to {end}, {zone}; nothing was sent"
    for day, told in groupby(lines, lambda line: say_day(line.at, zone_of(config, line.desk))):
        yield ""
        yield day
        for line in told:
            yield from write_line(line, zone_of(config, line.desk))
    yield from write_summary(lines, directory)


def _write_json(
    config: Config, lines: Sequence[Line], directory: Directory, _span: object
) -> Iterator[str]:
    for line in lines:
        zone = ZoneInfo(zone_of(config, line.desk))
        yield _dump(
            {
                "at": line.at.astimezone(zone).isoformat(),
                "what": line.what,
                "name": line.name,
                "person": line.person,
                "subject": line.subject,
                "ticket": line.ticket or None,
                "why": line.why,
                "desk": line.desk,
            }
        )
    from maildesk.simulation.budget import count_people, count_tickets

    for what, costs in (
        ("person", count_people(lines, directory)),
        ("ticket", count_tickets(lines, directory)),
    ):
        for cost in costs:
            yield _dump(
                {
                    "what": f"letters per {what}",
                    "ticket": cost.ticket or None,
                    "person": cost.person,
                    "party": cost.party,
                    "letters": dict(cost.letters),
                    "total": cost.total,
                    "over": cost.over,
                }
            )


def _dump(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
