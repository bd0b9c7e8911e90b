"""Why a mail became what it became: from the ledger for a mail we have, by trying for a file.

A file is decided in a transaction that is rolled back, so what is explained is what would happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from maildesk.config.values import Config
from maildesk.desk.arrival.identity import identify_letter
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Decision, Facts, Finding
from maildesk.desk.orders.line import is_hash_line
from maildesk.desk.orders.script import read_script
from maildesk.desk.privacy.mask import ALL, Secret
from maildesk.desk.privacy.shield import hide_in_mail, hide_in_values
from maildesk.desk.reception import receive
from maildesk.desk.rules.circumstances import surround
from maildesk.desk.rules.matching import judge, searchable
from maildesk.desk.rules.rule import Hit, RuleTrace
from maildesk.errors import Unreadable
from maildesk.house import House
from maildesk.mail.files.sink import DiscardingSink, FolderSink
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse
from maildesk.mail.peek import peek
from maildesk.store import facts, inbox, ledger, tickets
from maildesk.store.apply import list_changes
from maildesk.store.people import sync_people
from maildesk.store.sent import caused_by

_SLICE = 256 * 1024


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that left, waits, or was not written; `state` says which.

    `relay` is whom an answer to it goes to: an address, "" when it stays with the desk.
    `not_before`: it waits until then (quiet hours).
    """

    letter: str
    to: str
    state: str
    why: str
    relay: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """The very words that were passed on, kept as a note, or held back, as `fate` says.

    `left_out` are the mail's other lines: what was quoted, signatures, footers; not its orders.
    """

    fate: str
    to: str
    words: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One mail's whole story. Keys are the profile's; `ticket` is a number.

    `border` is the mailbox whose servers were believed, "" when none has a border to believe;
    `change` is what became different about the ticket.
    """

    mail: str
    outcome: str
    reason: str
    kind: str
    sender: str
    subject: str
    received: datetime | None = None
    category: str | None = None
    priority: str | None = None
    type: str | None = None
    group: str | None = None
    assignee: str | None = None
    ticket: str | None = None
    findings: tuple[Finding, ...] = ()
    rules: tuple[RuleTrace, ...] = ()
    letters: tuple[LetterLine, ...] = ()
    defects: tuple[str, ...] = ()
    border: str = ""
    change: tuple[tuple[str, str], ...] = ()
    speech: Speech | None = None


_UNWRITTEN = "not written"


class _Undo(Exception):
    pass


def list_mailboxes(house: House) -> tuple[str, ...]:
    """Whose border may be believed, by `explain_file`'s `mailbox`."""
    named = [item.name for item in house.config.mailboxes]
    return tuple(dict.fromkeys((*named, *house.intake.borders)))


def explain_file(
    house: House, path: Path, scratch: Path, mailbox: str | None = None
) -> Explanation:
    """What the desk would do with this file now. Nothing is written.

    As if it had come to `mailbox`; left out: to the first that has a border to believe.
    """
    kept = FolderSink(scratch / "raw").save(_slices(path))
    try:
        mail = parse(path, DiscardingSink())
    except Unreadable as fault:
        return Explanation(str(path), "quarantined", str(fault), "-", "", "")
    desk = _choose(house, mail, mailbox)
    mailbox = mailbox or next(iter(house.intake.borders), "")
    border = house.intake.borders.get(mailbox)
    found: list[tuple[Facts, Decision]] = []
    now = house.store.now()
    fingerprint = identify_letter(desk.id, mail, kept.sha256)
    try:
        with house.store.write() as db:
            sync_people(db, house.intake.directory.people)  # as a daemon that begins now
            known = facts.find_letter(db, desk.id, fingerprint)
            if known is not None:
                ticket = tickets.get_ticket(db, known.ticket) if known.ticket else None
                double = _describe_double(path, mail, known, ticket.number if ticket else None)
                return hide_in_values(double, desk.privacy.hide)
            gathered = facts.gather(db, desk, mail, now, now, house.intake.ground, border=border)
            found.append((gathered, receive(gathered, house.intake.rules[desk.id])))
            raise _Undo
    except _Undo:
        pass
    gathered, decision = found[0]
    told = replace(_describe(path, gathered.mail, decision), border=mailbox if border else "")
    return hide_in_values(told, desk.privacy.hide)


def explain_kept(house: House, wanted: str) -> list[Explanation]:
    """The story of mails the desk has: by ledger id, Message-ID, hash or ticket number."""
    with house.store.read() as db:
        rows = ledger.find(db, wanted)
        return [hide_in_values(_recall(house, db, row), _kinds(house, row)) for row in rows]


def shipped_config(scratch: Path) -> Config:
    """A desk for trying: the shipped rules and letters, everybody accepted, kept nowhere."""
    from maildesk.config import shipped
    from maildesk.config.profile import load_profile
    from maildesk.config.rules import load_rules
    from maildesk.config.templates import load_templates

    folder = shipped.folder("rules")
    profile, _ = load_profile(folder / "profiles" / "default.yaml")
    assert profile is not None
    rules, _ = load_rules(folder, profile)
    templates, _ = load_templates(None)
    desk = DeskConfig(
        id=TRIAL,
        name="IT服务台",
        name_en="IT Service Desk",
        addresses=("desk@localhost.localdomain",),
        profile=profile,
        zone="Asia/Shanghai",
        language="zh-CN",
        hotline=None,
        accept_from=("*",),
    )
    return Config(
        file=scratch / "maildesk.toml",
        data=scratch,
        database=f"sqlite:///{scratch / 'maildesk.db'}",
        secret=b"a desk for trying needs no secret",
        desks=(desk,),
        rules=rules,
        templates=templates,
    )


TRIAL = "trial"


def _choose(house: House, mail: Incoming, mailbox: str | None) -> DeskConfig:
    """The trial desk is whomever the mail is to; a real one is chosen as at intake."""
    fed = next((item.desks for item in house.config.mailboxes if item.name == mailbox), ())
    desk = house.intake.choose_desk(mail, fed or tuple(house.intake.desks))
    if desk.id == TRIAL and mail.to:
        return replace(desk, addresses=(mail.to[0].email,))
    return desk


def _describe(path: Path, mail: Incoming, decision: Decision) -> Explanation:
    opening = decision.opening
    letters = [
        LetterLine(
            plan.letter,
            plan.address,
            "withheld" if plan.withheld else "would be queued",
            plan.withheld or "",
            plan.relay_to,
            plan.not_before,
        )
        for plan in decision.letters
    ]
    events = [(event.kind, dict(event.data)) for event in decision.events]
    held = decision.draft.words if decision.draft else None
    letters += [
        LetterLine(item.letter, item.address, _UNWRITTEN, item.why) for item in decision.unsent
    ]
    return Explanation(
        mail=str(path),
        outcome=decision.outcome.value,
        reason=decision.reason,
        kind=mail.kind.value,
        sender=_write_sender(mail),
        subject=mail.subject,
        category=opening.category if opening else None,
        priority=opening.priority if opening else None,
        type=opening.type if opening else None,
        group=opening.group if opening else None,
        assignee=opening.assignee if opening else None,
        ticket=decision.ticket.number if decision.ticket else None,
        findings=decision.findings,
        rules=tuple(decision.rules),
        letters=tuple(letters),
        defects=mail.defects,
        change=tuple(list_changes(decision.change).items()),
        speech=_quote(mail, events, held, letters),
    )


def _quote(
    mail: Incoming | None,
    events: Iterable[tuple[str, Mapping[str, str]]],
    held: str | None,
    letters: Sequence[LetterLine],
) -> Speech | None:
    """What became of the mail's words, word for word; None when they went nowhere."""
    found = None
    if held is not None:
        found = Speech("held back", "", read_script(held).words)
    for kind, data in events:
        if kind == "relayed":
            found = Speech("passed on", data.get("to", ""), data.get("words", ""))
        elif kind == "note" and found is None:
            found = Speech("kept as a note", "", data.get("words", ""))
    readers = [item.to for item in letters if item.letter == "answer" and item.state != _UNWRITTEN]
    if found is None and readers and mail is not None:
        found = Speech("passed on", ", ".join(readers), mail.reply)
    if found is None or mail is None:
        return found
    kept = {line.strip() for line in found.words.split("\n")}
    others = (line.strip() for line in mail.text.split("\n") if not is_hash_line(line))
    return replace(found, left_out=tuple(line for line in others if line and line not in kept))


def _describe_double(
    path: Path, mail: Incoming, known: facts.KnownLetter, number: str | None
) -> Explanation:
    why = f"the desk has decided this very letter before: {known.outcome}"
    return Explanation(
        mail=str(path),
        outcome="duplicate",
        reason=why,
        kind=mail.kind.value,
        sender=_write_sender(mail),
        subject=mail.subject,
        ticket=number,
        findings=(Finding("identity", "known", why),),
        letters=(LetterLine("ack", _write_sender(mail), _UNWRITTEN, why),),
        defects=mail.defects,
    )


def _recall(house: House, db: Any, row: Any) -> Explanation:
    """From the ledger; rules that did not match are found again when the rule set is the same."""
    ticket = tickets.get_ticket(db, row.ticket_id) if row.ticket_id else None
    trace = row.trace or {}
    # A mail that ended processes is not read in this one.
    harmless = row.attempts < inbox.MAX_ATTEMPTS
    mail = _reread(house, row.raw_sha) if harmless else None
    mail = hide_in_mail(mail, _kinds(house, row)) if mail else None
    head = peek(house.intake.blobs.raw_path(row.raw_sha)) if row.raw_sha and not mail else ("", "")
    rules: Sequence[RuleTrace] = _read_traces(trace)
    ruleset = house.intake.rules.get(row.desk_id or "")
    if mail is not None and ruleset is not None and row.rules_hash == ruleset.hash:
        # What matched is kept; why the others did not is found again from the same mail.
        desk, known = house.intake.desks[row.desk_id], {item.rule: item for item in rules}
        people, at = house.intake.directory, row.internaldate
        about = surround(mail, people, at, desk.zone_info)
        again = judge(ruleset, searchable(mail, about)).traces
        rules = [known.get(item.rule, item) for item in again]
    cause = f"letter:{row.letter_id}" if row.letter_id else f"sighting:{row.id}"
    sent = caused_by(db, cause)
    letters = [
        LetterLine(
            item.letter,
            item.address,
            item.state,
            item.reason or "",
            item.relay_to or "",
            item.next_at if item.state == "queued" and item.next_at > house.store.now() else None,
        )
        for item in sent
    ]
    letters += [
        LetterLine(item["letter"], item["address"], _UNWRITTEN, item["why"])
        for item in trace.get("unsent", ())
    ]
    events, held = tickets.read_fate(db, row.letter_id) if row.letter_id else ([], None)
    return Explanation(
        mail=f"{row.id} ({row.mailbox}{f', UID {row.uid}' if row.uid else ''})",
        outcome=row.outcome or row.state,
        reason=row.reason or "not decided yet",
        kind=mail.kind.value if mail else "-",
        sender=_write_sender(mail) if mail else head[0],
        subject=mail.subject if mail else head[1],
        received=row.internaldate,
        category=ticket.category if ticket else None,
        priority=ticket.priority if ticket else None,
        type=ticket.type if ticket else None,
        group=ticket.group if ticket else None,
        ticket=ticket.number if ticket else None,
        findings=tuple(Finding(**item) for item in trace.get("findings", ())),
        rules=tuple(rules),
        letters=tuple(letters),
        defects=mail.defects if mail else (),
        border=row.mailbox if row.mailbox in house.intake.borders else "",
        change=tuple(trace.get("change", {}).items()),
        speech=_quote(mail, events, held, letters),
    )


def _read_traces(trace: Mapping[str, Any]) -> tuple[RuleTrace, ...]:
    """The rules that matched, as the ledger keeps them."""
    found = []
    for item in trace.get("rules", ()):
        hits = {key: tuple(Hit(**hit) for hit in item.get(key, ())) for key in ("hits", "denied")}
        found.append(RuleTrace(**{**item, **hits}))
    return tuple(found)


def _kinds(house: House, row: Any) -> frozenset[Secret]:
    """What the mail's desk hides; of a desk that is gone, everything."""
    desk = house.intake.desks.get(row.desk_id or "")
    return desk.privacy.hide if desk else ALL


def _reread(house: House, raw: str | None) -> Incoming | None:
    if raw is None or not house.intake.blobs.raw_path(raw).exists():
        return None
    try:
        return parse(house.intake.blobs.raw_path(raw), DiscardingSink())
    except Exception:  # what quarantined a mail must not also keep it from being explained
        return None


def _write_sender(mail: Incoming) -> str:
    if mail.sender is None:
        return "-"
    return f"{mail.sender.name} <{mail.sender.email}>".strip()


def _slices(path: Path) -> Any:
    with path.open("rb") as file:
        while chunk := file.read(_SLICE):
            yield chunk
