"""`maildesk rules explain`: what do the rules say of a text or a mail, by which words, and why?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.rules.sets import Loaded, load_sets, take_options
from maildesk.cli.traces import write_traces

if TYPE_CHECKING:
    from maildesk.desk.rules.matching import RuleSet, Searchable
    from maildesk.desk.rules.rule import Judgement


@click.command()
@click.argument("mail", metavar="TEXT|FILE.eml")
@take_options
@click.option("--all", "everything", is_flag=True, help="Also every rule that did not match.")
@click.option("--from", "sender", metavar="WHO", help="As if from this address or person.")
@click.option("--department", metavar="NAME", help="As if its author were of this department.")
@click.option("--to", metavar="ADDRESS", help="As if written to this address.")
@click.option("--at", metavar="TIME", help='As if it came then: "2026-11-20 22:00".')
@click.option("--vip", is_flag=True, help="As if its author were a VIP.")
def explain(
    mail: str,
    config_file: Path | None,
    folder: Path | None,
    profile_name: str | None,
    everything: bool,
    **about: str | bool | None,
) -> None:
    """Judge a text or a mail file: which rules, by which words, what failed and why.

    A text may begin with a line `主题：…` or `Subject: …`. Nothing is sent or kept. How a whole
    mail would be handled `maildesk explain` tells.

    \b
    Examples:
      maildesk rules explain '全公司断网了'
      maildesk rules explain '主题：VPN 连不上
      不是密码的问题' --all
      maildesk rules explain mail.eml --rules rules
      maildesk rules explain '打印机坏了' --department 财务部 --at '2026-11-20 22:00'
    """
    given = _list_given(about)
    for place, loaded in enumerate(load_sets(config_file, folder, profile_name)):
        if place:
            click.echo()
        rules = loaded.compile()
        for line in _write(loaded, rules, _read(mail, given, loaded), everything):
            click.echo(line)


def _list_given(about: Mapping[str, str | bool | None]) -> dict[str, str]:
    """The options in the words of a case."""
    given = {"from" if key == "sender" else key: value for key, value in about.items() if value}
    told = {key: "true" if value is True else str(value) for key, value in given.items()}
    if "at" in told:
        from datetime import datetime

        try:
            datetime.fromisoformat(told["at"])
        except ValueError as fault:
            raise click.BadParameter('write it as "2026-11-20 22:00"') from fault
    return told


def _read(mail: str, given: Mapping[str, str], loaded: Loaded) -> Searchable:
    from maildesk.desk.rules.expectations import read_case

    path = Path(mail)
    try:
        if not path.is_file():
            return read_case(mail, given)
    except OSError:  # a text too long for a file's name
        return read_case(mail, given)
    found = _read_file(path, loaded)
    if not given:
        return found
    asked, case = read_case("", given), found.about
    changed = {
        name: value
        for name in case.__slots__
        if (value := getattr(asked.about, name)) not in (None, "", (), frozenset(), False)
    }
    return replace(found, about=replace(case, **changed))


def _read_file(path: Path, loaded: Loaded) -> Searchable:
    from zoneinfo import ZoneInfo

    from maildesk.desk.arrival.directory import Directory
    from maildesk.desk.privacy.mask import ALL
    from maildesk.desk.privacy.shield import hide_in_mail
    from maildesk.desk.rules.circumstances import surround
    from maildesk.desk.rules.matching import searchable
    from maildesk.errors import Unreadable
    from maildesk.mail.files.sink import DiscardingSink
    from maildesk.mail.parse import parse

    try:
        mail = hide_in_mail(parse(path, DiscardingSink()), ALL)  # as intake judges it
    except Unreadable as fault:
        click.echo(f"{path}: {fault}", err=True)
        raise SystemExit(1) from fault
    config = loaded.config
    zone = ZoneInfo(config.desks[0].zone if config else "Asia/Shanghai")
    people = Directory(config.people if config else ())
    return searchable(mail, surround(mail, people, mail.date, zone))


def _write(loaded: Loaded, rules: RuleSet, mail: Searchable, everything: bool) -> Iterator[str]:
    from maildesk.desk.request.triage import classify
    from maildesk.desk.rules.matching import judge

    judgement = judge(rules, mail, near=True)
    triage = classify(judgement, loaded.profile)
    yield f"profile    {loaded.profile.id}"
    yield f"subject    {mail.fields.get('subject', '') or '-'}"
    yield from write_traces(judgement.traces, everything, near=True)
    weighed = _weigh_categories(rules, judgement)
    for finding in triage.findings:
        more = f" ({weighed})" if finding.step == "category" and weighed else ""
        yield f"{finding.step:<10} {finding.found}: {finding.why}{more}"
    if judgement.assignee:
        yield f"assignee   {judgement.assignee}"
    if judgement.watchers:
        yield f"watchers   {', '.join(judgement.watchers)}"
    if judgement.silent:
        yield f"letter     none: by {judgement.silent}"
    yield f"rule set   {rules.hash[:12]}"


def _weigh_categories(rules: RuleSet, judgement: Judgement) -> str:
    """`network 10, hardware 3`: who won by how much; nothing to say when only one spoke."""
    totals: dict[str, int] = {}
    for rule, trace in zip(rules.rules, judgement.traces, strict=True):
        if trace.matched and not trace.shadow and rule.set.category:
            totals[rule.set.category] = totals.get(rule.set.category, 0) + trace.weight
    ordered = sorted(totals.items(), key=lambda item: -item[1])
    return ", ".join(f"{category} {total}" for category, total in ordered) if totals else ""
