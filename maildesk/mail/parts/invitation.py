"""What does a calendar object say in a few lines (RFC 5545)? For a mail that holds nothing else.

The names stay as iCalendar has them, in no language; times stand as written, with their zone.
No repeating rules, no alarms, no answers.
"""

from __future__ import annotations

import re

_SHOWN = ("SUMMARY", "DTSTART", "DTEND", "DUE", "LOCATION", "ORGANIZER", "STATUS", "DESCRIPTION")
_EVENTS = frozenset({"VEVENT", "VTODO", "VJOURNAL"})
_MOST = 20  # events of one object
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_QUOTED = re.compile(r'"[^"\n]*+"')
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?")


def summarise(text: str) -> str:
    """`SUMMARY value` lines of every event; "" when there is none."""
    blocks: list[str] = []
    event: dict[str, str] = {}
    inside: list[str] = []
    for line in _FOLD.sub("", text).splitlines():
        name, parameters, value = _split(line)
        if name == "BEGIN":
            inside.append(value.strip().upper())
            if inside[-1] in _EVENTS:
                event = {}
        elif name == "END":
            if inside and inside.pop() in _EVENTS and (block := _write(event)):
                blocks.append(block)
                if len(blocks) >= _MOST:
                    break
        elif name in _SHOWN and inside and inside[-1] in _EVENTS:
            event.setdefault(name, _spell(name, parameters, value))
    return "\n\n".join(blocks)


def _write(event: dict[str, str]) -> str:
    start, end = event.get("DTSTART", ""), event.pop("DTEND", "")
    if start and end:
        event["DTSTART"] = f"{start} – {end}"
    return "\n".join(f"{name} {event[name]}" for name in _SHOWN if event.get(name))


def _split(line: str) -> tuple[str, dict[str, str], str]:
    """(name, parameters, value) of `NAME;KEY=value:rest`; quoted parameters may hold `:`."""
    hidden = _QUOTED.sub(lambda match: "\x00" * len(match[0]), line)
    colon = hidden.find(":")
    if colon < 0:
        return "", {}, ""
    head, value = line[:colon], line[colon + 1 :]
    name, *rest = head.split(";")
    pairs = (part.partition("=") for part in rest)
    return name.strip().upper(), {key.upper(): item.strip('"') for key, _, item in pairs}, value


def _spell(name: str, parameters: dict[str, str], value: str) -> str:
    value = _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip()
    if name == "ORGANIZER":
        address = value[7:] if value[:7].lower() == "mailto:" else value
        shown = parameters.get("CN", "")
        return f"{shown} <{address}>" if shown and shown != address else address
    if name in ("DTSTART", "DTEND", "DUE"):
        return _spell_time(value, parameters.get("TZID", ""))
    return value


def _spell_time(value: str, zone: str) -> str:
    match = _STAMP.fullmatch(value)
    if match is None:
        return value
    year, month, day, hour, minute, _, utc = match.groups()
    date = f"{year}-{month}-{day}"
    if hour is None:
        return date
    return f"{date} {hour}:{minute}" + (" UTC" if utc else f" {zone}" if zone else "")
