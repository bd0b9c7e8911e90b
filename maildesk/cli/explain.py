"""`maildesk explain`: why a mail became what it became, also what did not happen and why."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from maildesk.cli.setting import DEFAULT_FILE, open_house, say_moment, zone_of

if TYPE_CHECKING:
    from maildesk.daemon import House
    from maildesk.explanation import Explanation


@click.command()
@click.argument("mails", nargs=-1, required=True, metavar="MAIL…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a mail.")
@click.option("--all", "everything", is_flag=True, help="Also every rule that did not match.")
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    envvar="MAILDESK_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The configuration; default {DEFAULT_FILE} when it is there, else the shipped rules.",
)
def explain(
    mails: tuple[str, ...], as_json: bool, everything: bool, config_file: Path | None
) -> None:
    """Explain a mail: who, which thread, which rules, which letters, and which not.

    MAIL is a file (what would be decided now; nothing is written), or a mail the desk has: its
    ledger number, its Message-ID, its ticket's number, or the first digits of its hash.

    \b
    Examples:
      maildesk explain mail.eml
      maildesk explain '<abc@corp.example>'
      maildesk explain IT-20261120-0001 --json
    """
    with tempfile.TemporaryDirectory(prefix="maildesk-") as scratch:
        house = _open(config_file, Path(scratch))
        failed = told = False
        for mail in mails:
            found = _explain(house, mail, Path(scratch))
            if not found:
                click.echo(f"{mail}: no such file, and the desk has no such mail", err=True)
                failed = True
            for item in found:
                if as_json:
                    click.echo(_as_json(item))
                    continue
                if told:
                    click.echo()
                click.echo(write_text(item, everything, zone_of(house.config)))
                told = True
        house.store.close()
    raise SystemExit(1 if failed else 0)


def _open(config_file: Path | None, scratch: Path) -> House:
    if config_file is None and Path(DEFAULT_FILE).exists():
        config_file = Path(DEFAULT_FILE)
    if config_file is not None:
        return open_house(config_file)
    from maildesk.daemon import build
    from maildesk.explanation import shipped_config

    return build(shipped_config(scratch))


def _explain(house: House, mail: str, scratch: Path) -> list[Explanation]:
    from maildesk.explanation import explain_file, explain_kept

    path = Path(mail)
    if not path.is_file():
        return explain_kept(house, mail)
    return [explain_file(house, path, scratch)]


def _as_json(item: Explanation) -> str:
    told: dict[str, Any] = {
        "mail": item.mail,
        "outcome": item.outcome,
        "reason": item.reason,
        "kind": item.kind,
        "category": item.category,
        "priority": item.priority,
        "type": item.type,
        "group": item.group,
        "assignee": item.assignee,
        "ticket": item.ticket,
        "rules": [
            {
                "id": rule.rule,
                "matched": rule.matched,
                "weight": rule.weight,
                "hits": [
                    {"field": hit.field, "condition": hit.condition, "text": hit.matched}
                    for hit in rule.hits
                ],
                "failed": rule.failed,
            }
            for rule in item.rules
        ],
        "findings": [
            {"step": line.step, "found": line.found, "why": line.why} for line in item.findings
        ],
        "letters": [
            {"letter": line.letter, "to": line.to, "state": line.state, "why": line.why}
            for line in item.letters
        ],
        "defects": list(item.defects),
    }
    return json.dumps(told, ensure_ascii=False)


def write_text(item: Explanation, everything: bool, zone: str) -> str:
    """The explanation for a terminal, times in `zone`; `everything`: also rules not matched."""
    lines = [
        f"mail       {item.mail}",
        f"from       {item.sender}",
        f"subject    {item.subject}",
        f"received   {say_moment(item.received, zone)}" if item.received else "",
        f"kind       {item.kind}",
    ]
    lines += [f"{line.step:<10} {line.found}: {line.why}" for line in item.findings]
    matched = [rule for rule in item.rules if rule.matched]
    for rule in matched:
        hits = ", ".join(f"“{hit.matched}” in {hit.field}" for hit in rule.hits)
        lines.append(f"rule +     {rule.rule} (weight {rule.weight}): {hits}")
    missed = [rule for rule in item.rules if not rule.matched]
    if everything:
        lines += [f"rule -     {rule.rule}: {rule.failed}" for rule in missed]
    elif missed:
        lines.append(f"rules -    {len(missed)} did not match; --all shows why")
    for letter in item.letters:
        why = f": {letter.why}" if letter.why else ""
        lines.append(f"letter     {letter.letter} to {letter.to}, {letter.state}{why}")
    lines += [f"defect     {defect}" for defect in item.defects]
    lines.append(
        f"outcome    {item.outcome}{f' {item.ticket}' if item.ticket else ''}: {item.reason}"
    )
    return "\n".join(line for line in lines if line)
