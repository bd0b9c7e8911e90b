"""How a ticket's timeline reads at a terminal: who did what, when, and in which words.

What happened stands in the store; nothing is decided or looked up here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from maildesk.cli.setting import say_moment

if TYPE_CHECKING:
    from maildesk.store.tickets import History

# What an event says beside who and when; an event without a line here is told by its bare values.
_SAID: Mapping[str, str] = {
    "opened": "opened the ticket",
    "linked": "linked to {to}",
    "to_sort": "the desk is not in To: to be sorted",
    "unproved": "the mail is not proved to be from {from}",
    "assigned": "given to {to}",
    "handed_to_group": "handed to group {group}",
    "joined": "asked {who} to help",
    "major_incident": "a major incident begins",
    "silent": "no news of it for too long: reminded",
    "onbehalf": "the request is for {of}",
    "words": "wrote",
    "answered": "told what was asked: {fields}",
    "corrected": "corrected what was recorded: {fields}",
    "thanks": "said thanks",
    "chased": "asked how it stands",
    "repeat_proposed": "one of {times} alike: the leads were asked to look for the root cause",
    "confirmed": "confirmed that it is solved {how}",
    "reopened": "opened it again",
    "unclear": "answered, but neither yes nor no",
    "unverified_words": "wrote, not proved: passed on, nothing changed",
    "unverified_note": "not believed, kept as a note: {why}",
    "note": "noted",
    "rule_note": "rule {rule} notes: {note}",
    "relayed": "wrote to {to} ({letter})",
    "changed": "changed it by {orders}",
    "ordered": "ordered {orders}",
    "merged": "merged it into {to}",
    "merged_in": "merged {from} into it",
    "split": "split {to} off",
    "split_off": "split off {from}",
    "hung": "now under the main ticket {to}",
    "detached": "taken from under {from}",
    "outage": "made it the main ticket of an outage",
    "outage_over": "no longer the main ticket of an outage",
    "outage_offered": "looks like one outage with {with}: the lead was asked",
    "contacted": "spoke to the requester at {at}",
    "on_hold": "on hold: {why}",
    "to_vendor": "handed to the vendor {who}",
    "followup": "to follow up: {why}",
    "eta": "expects to be done by {at}",
    "priority": "priority {from} → {to}",
    "category": "category {from} → {to}",
    "type": "type {from} → {to}",
    "solved": "says it is solved",
    "rejected": "did not accept it: {why}",
    "spam": "marked it as spam",
    "escalation_asked": "asked {of} to escalate it: {why}",
    "escalated": "escalated it to {owner} (after {took})",
    "escalation_declined": "did not escalate it: {why}",
    "scope_grew": "more people are concerned, priority {from} → {to}: {said}",
    "plan_asked": "asked {of} to approve the plan",
    "plan_approved": "approved the plan {why}",
    "plan_declined": "did not approve the plan: {why}",
    "approval_asked": "{of} was asked for approval",
    "approval_impossible": "nobody can be asked for approval: {why}",
    "approved": "approved it {condition}",
    "not_approved": "did not approve it: {why}",
    "not_asked": "answered in an approver's place: {why}",
    "decided_before": "answered what was decided before",
    "decision_missed": "nobody decided in time ({what})",
    "late_reason": "why it was late: {why}",
    "recorded": "recorded: {field}",
    "undone": "took back {orders}",
    "held": "wrote, held back: {why}",
    "challenged": "wrote, held back: asked for a one-time code first",
    "refused": "not carried out: {why}",
    "response_missed": "the first response is late",
    "contact_missed": "the first contact after its dispatch is late",
    "solution_missed": "the solution is late",
    "same_day_missed": "came early enough to be solved that day, and was not",
    "rated": "rated it {score}",
    "asked_more": "has a further question",
    "survey_sent": "asked {to} for a rating",
    "reminded": "reminded {to} of the answer that is missing ({what})",
    "not_reminded": "not reminded of the answer that is missing ({what}): {why}",
    "reminder_recalled": "the reminder was taken back before it left: {why} is answered",
    "archived": "archived",
    "follow_up_opened": "to be followed up by the lead: {why}",
    "follow_up_missed": "the follow-up is late",
    "followed_up": "followed it up",
    "bounced": "undeliverable",
    "reached": "letters reach {who} again: {how}",
    "letter_refused": "the server refused the letter {letter} to {to}: {why}",
}
_LETTERS = ("letter_queued", "letter_withheld")  # the letter itself says how it fared


def write_timeline(history: History, zone: str) -> Iterator[str]:
    """Everything that happened and every letter, the oldest first; times in `zone`."""
    entries: list[tuple[datetime, int, int, list[str]]] = []
    told: set[int] = set()
    quoted = {event.letter_id for event in history.events if event.data.get("words")}
    for event in history.events:
        if event.kind in _LETTERS:
            continue
        lines = [_say_event(event, zone)]
        lines += _quote(event.data.get("words", ""))
        if event.letter_id is not None and event.letter_id not in told:
            told.add(event.letter_id)
            lines += _show_mail(history, event.letter_id, words=event.letter_id not in quoted)
        entries.append((event.at, 0, event.id, lines))
    for letter in history.letters:
        why = f": {letter.reason}" if letter.reason else ""
        line = f"letter {letter.letter} to {letter.address}, {letter.state}{why}: {letter.subject}"
        entries.append((letter.created_at, 1, letter.id, [line]))
    for at, _, _, lines in sorted(entries, key=lambda entry: entry[:3]):
        yield f"  {say_moment(at, zone)}  {lines[0]}"
        yield from (f"      {line}".rstrip() for line in lines[1:])


def _say_event(event: Any, zone: str) -> str:
    data = {key: value for key, value in event.data.items() if isinstance(value, str)}
    if "at" in data:
        data["at"] = say_moment(datetime.fromisoformat(data["at"]), zone)
    said = _SAID.get(event.kind)
    if said is None:
        values = ", ".join(f"{key} {value}" for key, value in data.items() if value)
        said = f"{event.kind.replace('_', ' ')}{f': {values}' if values else ''}"
    else:
        said = said.format_map(defaultdict(str, data)).rstrip(": ")
    if event.kind == "assigned" and not data.get("to"):
        said = "given back: nobody has it"
    if event.kind == "closed":
        by, why = (f" {word} {data[key]}" if data.get(key) else "" for key, word in _CLOSED)
        said = f"closed{by}{why}"
    if event.kind == "bounced":
        said = _say_bounce(said, data)
    if event.kind == "changed":
        said = _say_before(said if data.get("orders") else "changed it by writing", data)
    if event.kind.endswith("_missed"):
        said = _say_miss(said, data, zone)
    if event.kind == "late_reason" and data.get("limits"):
        said = f"{said} ({data['limits'].replace(' ', ', ')})"
    return f"{event.actor} {said}" if event.actor and event.kind not in _OF_NOBODY else said


_CLOSED = (("by", "by"), ("why", "because it was"))
# The mail that causes them is somebody's, but what they say is the desk's own doing.
_OF_NOBODY = (
    *("hung", "split_off", "outage_offered"),
    *("linked", "to_sort", "unproved", "assigned"),
    *("response_missed", "contact_missed", "solution_missed", "same_day_missed"),
    *("approval_asked", "approval_impossible", "scope_grew"),
    *("closed", "archived"),
    *("follow_up_opened", "follow_up_missed", "reminded", "not_reminded"),
    "reminder_recalled",
    *("bounced", "reached", "letter_refused", "rule_note", "major_incident", "silent"),
)


def _say_miss(said: str, data: Mapping[str, str], zone: str) -> str:
    """What was missed, since when, and whether that was our own doing."""
    due = data.get("due")
    ours = "; our own outage, nobody need say why" if data.get("outage") == "yes" else ""
    return (
        f"{said}: it was due {say_moment(datetime.fromisoformat(due), zone)}{ours}" if due else said
    )


def _say_bounce(said: str, data: Mapping[str, str]) -> str:
    """Who, how badly, which of our letters, and what follows from it."""
    why = " ".join(filter(None, (data.get("lasts"), data.get("status"))))
    told = f"{said}{f' ({why})' if why else ''}: {data.get('recipients') or 'nobody named'}"
    if data.get("letter"):
        told += f"; the letter {data['letter']} to {data['letter_to']} came back"
    if data.get("marked"):
        told += f"; automatic letters to {data['marked']} pause until {data['until']}"
    return told


def _say_before(said: str, data: Mapping[str, str]) -> str:
    before = json.loads(data.get("before") or "{}")
    was = ", ".join(f"{name} {value}" for name, value in before.items() if value)
    return f"{said} (before: {was})" if was else said


def _show_mail(history: History, letter: int, *, words: bool) -> Iterator[str]:
    mail = next((item for item in history.mails if item.id == letter), None)
    if words and mail is not None:
        yield from _quote(mail.reply or "")
    files = [item for item in history.files if item.letter_id == letter]
    yield from (_say_file(item) for item in files if not item.decoration)
    hidden = sum(item.decoration for item in files)
    if hidden:
        yield f"+ {hidden} logo{'s' if hidden > 1 else ''} or the like, not shown"


def _say_file(item: Any) -> str:
    """A file by name, size and label; where its bytes say otherwise, or it runs, that too."""
    from maildesk.desk.arrival.program import find_lie, runs

    lie = find_lie(item.filename, item.content_type, item.detected)
    really = f" (really: {lie})" if lie else ""
    warning = " PROGRAM" if runs(item.filename, item.content_type, item.detected) else ""
    return f"+ {item.filename}{really}{warning} ({item.size} bytes, {item.content_type})"


def _quote(words: str) -> Iterator[str]:
    return (f"| {line}" for line in words.strip().splitlines())
