"""`maildesk rules …`: ask the classification rules whether they still mean what they say."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import DEFAULT_FILE

if TYPE_CHECKING:
    from maildesk.config.faults import Fault
    from maildesk.desk.expectations import ExpectationFailure
    from maildesk.desk.profile import Profile
    from maildesk.desk.rules import Rule


@click.group()
def rules() -> None:
    """Classification rules: try them."""


@rules.command()
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    envvar="MAILDESK_CONFIG",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"Whose rules and profiles; default {DEFAULT_FILE} when it is there, else the shipped.",
)
@click.option(
    "--rules",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of rule files instead of the configured or shipped one.",
)
def test(config_file: Path | None, folder: Path | None) -> None:
    """Run every `expect` case of every rule through all rules.

    Exit codes: 0 all come out as written; 1 a case does not; 2 a file is wrong.

    \b
    Examples:
      maildesk rules test
      maildesk rules test --rules rules
    """
    from maildesk.desk.expectations import run_expectations
    from maildesk.desk.matching import compile_rules

    if config_file is None and folder is None and Path(DEFAULT_FILE).exists():
        config_file = Path(DEFAULT_FILE)
    click.echo(f"testing {folder or config_file or 'the shipped rules'}", err=True)
    failed = False
    for profile, found in _load(config_file, folder):
        failures = run_expectations(compile_rules(found, profile))
        for failure in failures:
            click.echo(_describe(failure))
        cases = sum(len(rule.expect) for rule in found)
        outcome = f"{len(failures)} failed" if failures else "all as expected"
        click.echo(f"profile {profile.id}: {len(found)} rules, {cases} cases: {outcome}")
        failed = failed or bool(failures)
    if failed:
        raise SystemExit(1)


def _load(config_file: Path | None, folder: Path | None) -> list[tuple[Profile, tuple[Rule, ...]]]:
    """Each profile in use with its rules; ends the command when a file is wrong."""
    from maildesk.config import shipped
    from maildesk.config.profile import load_profile
    from maildesk.config.reading import survey
    from maildesk.config.rules import load_rules

    if config_file is not None:
        found = survey(config_file, os.environ)
        if found.config is None:
            raise _refuse(found.faults)
        profiles = list({desk.profile.id: desk.profile for desk in found.config.desks}.values())
        if folder is None:
            return [(profile, found.config.rules) for profile in profiles]
    else:
        folder = folder or shipped.folder("rules")
        own = folder / "profiles" / "default.yaml"
        shipped_one = shipped.folder("rules") / "profiles" / "default.yaml"
        profile, faults = load_profile(own if own.exists() else shipped_one)
        if profile is None:
            raise _refuse(faults)
        profiles = [profile]
    loaded = []
    for profile in profiles:
        read, faults = load_rules(folder, profile)
        if faults:
            raise _refuse(faults)
        loaded.append((profile, read))
    return loaded


def _refuse(faults: Iterable[Fault]) -> SystemExit:
    for fault in faults:
        click.echo(str(fault), err=True)
    return SystemExit(2)


def _describe(failure: ExpectationFailure) -> str:
    """`rules/network.yaml:12: vpn: "…": wanted category: network; got …, because …`."""
    rule, case = failure.rule, failure.expectation
    wanted = ", ".join(f"{key}: {value}" for key, value in case.set.items())
    words = case.mail.strip().replace("\n", " / ")
    return (
        f'{rule.file}:{case.line}: {rule.id}: "{words}": wanted '
        f"{wanted or 'no match'}; got {failure.got} ({failure.why})"
    )
