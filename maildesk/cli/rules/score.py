"""`maildesk rules score`: how often do the rules record a mail as somebody labelled it?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.rules.sets import load_one, refuse, take_options

if TYPE_CHECKING:
    from maildesk.desk.rules.scoring import Miss


def _threshold(key: str) -> click.Option:
    return click.Option(
        [f"--{key}", f"least_{key}"],
        type=click.FloatRange(0, 100),
        metavar="PERCENT",
        help=f"Exit code 1 when less of the {key} is right.",
    )


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE…",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@take_options
@click.option("--misses", is_flag=True, help="Show each mail that came out otherwise, and why.")
def score(
    files: tuple[Path, ...],
    config_file: Path | None,
    folder: Path | None,
    profile_name: str | None,
    misses: bool,
    **least: float | None,
) -> None:
    """Judge labelled mails, and count what is right.

    A FILE is a YAML list of {mail: "主题：…\\n…", category: …, priority: …, type: …}. A label may
    be a list where several are right, and may be left out. With a wanted percentage an urgent mail
    that is judged low fails as well.
    Exit codes: 0 as wanted; 1 less than wanted; 2 a file is wrong.

    \b
    Examples:
      maildesk rules score mails.yaml
      maildesk rules score mails.yaml --category 90 --priority 85
      maildesk rules score mails.yaml --misses
    """
    from maildesk.config.labelled import load_labelled
    from maildesk.desk.rules import scoring

    loaded = load_one(config_file, folder, profile_name)
    rules = loaded.compile()
    failed = False
    for file in files:
        mails, faults = load_labelled(file, loaded.profile)
        if faults:
            raise refuse(faults)
        found = scoring.score(rules, mails)
        click.echo(f"{file}: {len(mails)} mails")
        for tally in found.tallies:
            wanted = least.get(f"least_{tally.key}")
            short = wanted is not None and tally.percent < wanted
            said = f", wanted {wanted:g} %" if wanted is not None else ""
            sign = "✗ " if short else "  "
            line = f"{tally.percent:5.1f} %  {tally.right} of {tally.total}{said}"
            click.echo(f"{sign}{tally.key:<9} {line}")
            failed = failed or short
        asked = any(value is not None for value in least.values())
        low = found.urgent_as_low
        click.echo(f"{'✗ ' if low and asked else '  '}urgent judged low: {low}")
        failed = failed or (bool(low) and asked)
        if misses:
            for miss in found.misses:
                click.echo(_describe(miss))
    if failed:
        raise SystemExit(1)


score.params += [_threshold(key) for key in ("category", "priority", "type")]


def _describe(miss: Miss) -> str:
    labelled = miss.labelled
    words = " / ".join(labelled.mail.strip().split("\n"))
    wanted = " or ".join(getattr(labelled, miss.key))
    place = f"{labelled.file}:{labelled.line}"
    return f'{place}: {miss.key}: wanted {wanted}, got {miss.got}: "{words}" ({miss.why})'
