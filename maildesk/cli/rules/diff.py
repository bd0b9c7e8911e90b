"""`maildesk rules diff`: what would real mails get by other rules?"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from maildesk.cli.progress import show_progress
from maildesk.cli.rules.sets import (
    config_option,
    find_config,
    load_profile_of,
    read_keyless,
    refuse,
)
from maildesk.cli.setting import read_config, read_since, remember

if TYPE_CHECKING:
    from collections.abc import Callable

    from maildesk.config.values import Config
    from maildesk.desk.profile import Profile
    from maildesk.desk.rules.matching import RuleSet
    from maildesk.rejudge import Candidate, Rejudged

    Pair = tuple[RuleSet, RuleSet, ZoneInfo]

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER)
@config_option
@click.option(
    "--since",
    callback=read_since,
    metavar="TIME",
    help="Only mails that came since: 30d, 12w or 2026-11-01.",
)
@click.option(
    "--mails",
    "folder",
    metavar="DIR|FILE",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Judge these mail files instead of the desk's own.",
)
def diff(
    old: Path,
    new: Path,
    config_file: Path | None,
    since: datetime | None,
    folder: tuple[Path, ...],
) -> None:
    """Judge mails by two folders of rules, and show what would be another.

    Takes the mails that opened tickets, read again from what is kept of them. Nothing is changed.
    A folder's own profiles/NAME.yaml counts for it. Exit codes: 0 nothing differs; 1 something
    does; 2 a file is wrong.

    \b
    Examples:
      cp -r rules new-rules     (then edit new-rules)
      maildesk rules diff rules new-rules --since 30d
      maildesk rules diff rules new-rules --mails mails/
    """
    from maildesk.desk.arrival.directory import Directory
    from maildesk.rejudge import list_files, rejudge

    file = find_config(config_file)
    if file is None and not folder:
        raise click.UsageError("there is no maildesk.toml here: give --config FILE or --mails DIR")
    config = None
    if file is not None:
        config = read_keyless(file) if folder else read_config(file)
    candidates = list_files(folder) if folder else _list_kept(config, since)
    choose = _pair_up(config, old, new)
    people = Directory(config.people) if config is not None else Directory()
    changed: Counter[str] = Counter()
    differing = unread = 0
    lines: list[str] = []
    judged = rejudge(candidates, choose, people)
    for item in show_progress(judged, len(candidates), "judging"):
        unread += bool(item.trouble)
        differing += bool(item.differences)
        changed.update(difference.key for difference in item.differences)
        lines += _write(item)
    for line in lines:  # not between the progress, which they would tear
        click.echo(line)
    told = ", ".join(f"{key} {count}" for key, count in changed.most_common())
    trouble = f"; {unread} could not be read" if unread else ""
    fields = f": {told}" if told else ""
    if not candidates:
        fields = ": none is kept that opened a ticket then; --mails DIR takes mail files instead"
    click.echo(f"{differing} of {len(candidates)} mails differ{fields}{trouble}")
    if differing:
        raise SystemExit(1)


def _write(item: Rejudged) -> list[str]:
    if item.trouble:
        return [f"{item.candidate.name}  cannot be read: {item.trouble}"]
    if not item.differences:
        return []
    return [
        f"{item.candidate.name}  {item.title}",
        *(f"    {difference}" for difference in item.differences),
    ]


def _list_kept(config: Config | None, since: datetime | None) -> list[Candidate]:
    from maildesk.rejudge import list_stored
    from maildesk.store.judged import list_openers

    assert config is not None
    memory = remember(config)
    with memory.store.read() as db:
        return list_stored(list_openers(db, since), memory.blobs)


def _pair_up(config: Config | None, old: Path, new: Path) -> Callable[[str], Pair]:
    """Both rule sets for each desk; a desk that is gone since, and a file, take the first's."""
    if config is None:
        pair = (_compile(old, None, "default"), _compile(new, None, "default"))
        return lambda desk: (*pair, ZoneInfo("Asia/Shanghai"))
    names = config.rule_files.profiles
    built: dict[str, tuple[RuleSet, RuleSet]] = {}
    for desk in config.desks:
        name = names[desk.id]
        if name not in built:
            built[name] = (
                _compile(old, desk.profile, name),
                _compile(new, desk.profile, name),
            )
    pairs = {desk.id: (*built[names[desk.id]], desk.zone_info) for desk in config.desks}
    first = pairs[config.desks[0].id]
    return lambda desk: pairs.get(desk, first)


def _compile(folder: Path, usual: Profile | None, name: str) -> RuleSet:
    from maildesk.config.rules import load_rules
    from maildesk.desk.rules.matching import compile_rules

    own = (folder / "profiles" / f"{name}.yaml").is_file()
    profile = load_profile_of(folder, name) if own or usual is None else usual
    rules, faults = load_rules(folder, profile)
    if faults:
        raise refuse(faults)
    return compile_rules(rules, profile)
