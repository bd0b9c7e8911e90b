"""`maildesk explain`: why a mail became what it became, also what did not happen and why."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from maildesk.cli.setting import DEFAULT_FILE, open_house, say_moment, zone_of
from maildesk.cli.traces import write_traces

if TYPE_CHECKING:
    from maildesk.desk.decision import Finding
    from maildesk.explanation import Explanation, LetterLine
    from maildesk.house import House


@click.command()
@click.argument("mails", nargs=-1, required=True, metavar="MAIL…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a mail.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also every rule that did not match, and every line that was not passed on.",
)
@click.option(
    "--mailbox",
    metavar="NAME",
    help="For a file: as if it had come there. Its [trust] says whose word counts for who wrote "
    "it. Default: the first mailbox that has one.",
)
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    envvar="MAILDESK_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The configuration; default {DEFAULT_FILE} when it is there, else the shipped rules.",
)
def explain(
    mails: tuple[str, ...],
    as_json: bool,
    everything: bool,
    mailbox: str | None,
    config_file: Path | None,
) -> None:
    """Explain a mail: who wrote it and what proves it, which thread, which orders and rules, what
    was passed on, which letters, and which not.

    MAIL is a file (what would be decided now; nothing is written), or a mail the desk has: its
    ledger number, its Message-ID, its ticket's number, or the first digits of its hash.

    \b
    Examples:
      maildesk explain mail.eml
      maildesk explain '<abc@corp.example>'
      maildesk explain IT-20261120-0001 --json
      maildesk explain forged.eml --mailbox helpdesk
      maildesk explain 17 --all
    """
    with tempfile.TemporaryDirectory(prefix="maildesk-") as scratch:
        house = _open(config_file, Path(scratch))
        _check_mailbox(house, mailbox)
        failed = told = False
        for mail in mails:
            found = _explain(house, mail, Path(scratch), mailbox)
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
    from maildesk.explanation import shipped_config
    from maildesk.house import build

    return build(shipped_config(scratch))


def _check_mailbox(house: House, mailbox: str | None) -> None:
    from maildesk.explanation import list_mailboxes

    known = list_mailboxes(house)
    if mailbox is not None and mailbox not in known:
        house.store.close()
        there = f"there are {', '.join(known)}" if known else "none is configured"
        raise click.BadParameter(f"there is no mailbox {mailbox!r}; {there}")


def _explain(house: House, mail: str, scratch: Path, mailbox: str | None) -> list[Explanation]:
    from maildesk.explanation import explain_file, explain_kept

    path = Path(mail)
    if not path.is_file():
        return explain_kept(house, mail)
    return [explain_file(house, path, scratch, mailbox)]


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
        "border": item.border or None,
        "trust": _trust_as_dict(item),
        "change": dict(item.change),
        "speech": _speech_as_dict(item),
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
                "bonus": rule.bonus,
                "shadow": rule.shadow,
                "denied": [
                    {"field": hit.field, "by": hit.condition, "text": hit.matched}
                    for hit in rule.denied
                ],
            }
            for rule in item.rules
        ],
        "findings": [
            {"step": line.step, "found": line.found, "why": line.why} for line in item.findings
        ],
        "letters": [
            {
                "letter": line.letter,
                "to": line.to,
                "state": line.state,
                "why": line.why,
                "answer_goes_to": line.relay or None,
                "not_before": line.not_before.isoformat() if line.not_before else None,
            }
            for line in item.letters
        ],
        "defects": list(item.defects),
    }
    return json.dumps(told, ensure_ascii=False)


def _trust_as_dict(item: Explanation) -> dict[str, Any] | None:
    verdict, evidence = _split_trust(item.findings)
    if verdict is None:
        return None
    return {
        "verdict": verdict.found,
        "why": verdict.why,
        "evidence": [{"found": clue.found, "why": clue.why} for clue in evidence],
    }


def _speech_as_dict(item: Explanation) -> dict[str, Any] | None:
    said = item.speech
    if said is None:
        return None
    left_out = list(said.left_out)
    return {"fate": said.fate, "to": said.to or None, "words": said.words, "left_out": left_out}


def write_text(item: Explanation, everything: bool, zone: str) -> str:
    """The explanation for a terminal, times in `zone`; `everything`: also what came to nothing."""
    lines = [
        f"mail       {item.mail}",
        f"from       {item.sender}",
        f"subject    {item.subject}",
        f"received   {say_moment(item.received, zone)}" if item.received else "",
        f"kind       {item.kind}",
        *_write_findings(item),
        *_write_speech(item, everything),
        *write_traces(item.rules, everything),
        *(_write_letter(letter, zone) for letter in item.letters),
        *(f"defect     {defect}" for defect in item.defects),
        _write_change(item.change, zone),
        f"outcome    {item.outcome}{f' {item.ticket}' if item.ticket else ''}: {item.reason}",
    ]
    return "\n".join(line for line in lines if line)


def _split_trust(findings: Sequence[Finding]) -> tuple[Finding | None, list[Finding]]:
    """The verdict, which is found last, and what it rests on."""
    trust = [finding for finding in findings if finding.step == "trust"]
    return (trust[-1], trust[:-1]) if trust else (None, [])


def _write_findings(item: Explanation) -> Iterator[str]:
    """In the order they were found, but the verdict about the sender before its evidence."""
    verdict, evidence = _split_trust(item.findings)
    step = ""
    for finding in item.findings:
        if finding.step == "trust":
            if verdict is not None and step != "trust":
                whose = f" (border of mailbox {item.border})" if item.border else ""
                yield f"trust      {verdict.found}: {verdict.why}{whose}"
                yield from (f"           - {_say_clue(clue)}" for clue in evidence)
        elif finding.step != "words":
            yield f"{finding.step:<10} {finding.found}: {finding.why}"
        step = finding.step


def _say_clue(clue: Finding) -> str:
    """Evidence that says nothing either way needs no verdict of its own."""
    source = clue.found.removesuffix(" says none")
    return clue.why if source in ("trust", "token") else f"{source}: {clue.why}"


def _write_speech(item: Explanation, everything: bool) -> Iterator[str]:
    """What became of the words, why, and the words themselves."""
    why = next((line for line in reversed(item.findings) if line.step == "words"), None)
    said = item.speech
    if said is None:
        if why is not None:
            yield f"words      {why.found}: {why.why}"
        return
    to = f" to {said.to}" if said.to else ""
    yield f"words      {said.fate}{to}{f': {why.why}' if why is not None else ''}"
    yield from (f"           | {line}".rstrip() for line in said.words.split("\n"))
    if everything:
        yield from (f"left out   - {line}" for line in said.left_out)
    elif said.left_out:
        count = len(said.left_out)
        yield f"left out   {count} line{'s' if count > 1 else ''} of the mail; --all shows them"


def _write_letter(letter: LetterLine, zone: str) -> str:
    to = f" to {letter.to}" if letter.to else ""
    told = f"letter     {letter.letter}{to}, {letter.state}"
    if letter.not_before is not None:
        told += f", not before {say_moment(letter.not_before, zone)}"
    if letter.relay:
        told += f"; an answer to it goes to {letter.relay}"
    return f"{told}: {letter.why}" if letter.why else told


def _write_change(change: Sequence[tuple[str, str]], zone: str) -> str:
    told = [f"{name} {_say_value(value, zone)}" for name, value in change if value]
    emptied = [name for name, value in change if not value]
    parts = [", ".join(told), f"emptied {', '.join(emptied)}" if emptied else ""]
    return f"changes    {'; '.join(filter(None, parts))}" if change else ""


def _say_value(value: str, zone: str) -> str:
    """A moment in the desk's zone; everything else as it is kept."""
    try:
        return say_moment(datetime.fromisoformat(value), zone) if "T" in value else value
    except ValueError:
        return value
