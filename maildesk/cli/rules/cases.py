"""`maildesk rules test`: do all cases of the rule files still come out as they say?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.rules.sets import load_sets, say_which, take_options

if TYPE_CHECKING:
    from maildesk.desk.rules.expectations import ExpectationFailure


@click.command()
@take_options
def test(config_file: Path | None, folder: Path | None, profile_name: str | None) -> None:
    """Run every `expect` case of every rule through all rules.

    Exit codes: 0 all come out as written; 1 a case does not; 2 a file is wrong.

    \b
    Examples:
      maildesk rules test
      maildesk rules test --rules rules
    """
    from maildesk.desk.rules.expectations import run_expectations

    click.echo(f"testing {say_which(config_file, folder)}", err=True)
    failed = False
    for loaded in load_sets(config_file, folder, profile_name):
        failures = run_expectations(loaded.compile())
        for failure in failures:
            click.echo(_describe(failure))
        cases = sum(len(rule.expect) for rule in loaded.rules)
        outcome = f"{len(failures)} failed" if failures else "all as expected"
        found = f"{len(loaded.rules)} rules, {cases} cases"
        click.echo(f"profile {loaded.profile.id}: {found}: {outcome}")
        failed = failed or bool(failures)
    if failed:
        raise SystemExit(1)


def _describe(failure: ExpectationFailure) -> str:
    """`rules/network.yaml:12: vpn: "…": wanted category: network; got …, because …`."""
    rule, case = failure.rule, failure.expectation
    among = {key: ", ".join(items) for key, items in case.among.items()}
    wanted = ", ".join(f"{key}: {value}" for key, value in {**case.set, **among}.items())
    words = case.mail.strip().replace("\n", " / ")
    return (
        f'{rule.file}:{case.line}: {rule.id}: "{words}": wanted '
        f"{wanted or 'no match'}; got {failure.got} ({failure.why})"
    )
