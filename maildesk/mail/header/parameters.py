"""Into which names and values does `value; name=value …` fall (RFC 2045 §5.1), as clients write it?

Forgives doubled and missing semicolons, missing quotes, quotes inside quotes and blanks in file
names. Linear. What encoded values say is the question of `headers`; nothing is decoded here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What may follow a value although the semicolon is missing, lest a file name be cut at any `=`.
_KNOWN = (
    r"(?:charset|name|filename|format|delsp|boundary|size|type|creation-date|modification-date|"
    r"read-date|reply-type|start|protocol|micalg|report-type|method|smime-type|x-[a-z-]{1,30})"
    r"(?:\*\d{1,3})?\*?[ \t]?="
)
_HEAD = re.compile(r"[^;\s(]*+")
_NAME = re.compile(r'[^\s=;"(]{1,100}')
_EQUALS = re.compile(r"[ \t]*+=[ \t]*+")
_SKIPPED = re.compile(r"[\s;,]*+")
_BARE = re.compile(rf"(?:[^;\s]++|\s++(?!{_KNOWN}))*+", re.IGNORECASE)
_TOKEN = re.compile(r"[^;\s]*+")
_QUOTED_PIECE = re.compile(r'[^"\\]++|\\.?', re.DOTALL)
_CLOSES = re.compile(
    rf"[ \t]{{0,80}}(?:;|$|\s{{1,80}}{_KNOWN})|[ \t]{{1,80}}{_KNOWN}", re.IGNORECASE
)
_NEXT = re.compile(rf";\s{{0,80}}{_KNOWN}", re.IGNORECASE)
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Scanned:
    """The value as written, without comment or quotes, and the parameters in their order."""

    value: str
    parameters: tuple[tuple[str, str], ...]


def scan(raw: str) -> Scanned:
    """Take an unfolded header value apart; names in lower case, values unquoted. Never raises."""
    start = len(raw) - len(raw.lstrip())
    head = _HEAD.match(raw, start)
    end = head.end() if head else start
    value = raw[start:end]
    if "=" in value and "/" not in value:  # the value is missing: these are parameters already
        value, end = "", start
    found: list[tuple[str, str]] = []
    position = end
    while len(found) < _MOST:
        position = _end(_SKIPPED, raw, position)
        if position >= len(raw):
            break
        if raw[position] == "(":
            closing = raw.find(")", position)
            position = closing + 1 if closing >= 0 else position + 1
            continue
        name = _NAME.match(raw, position)
        equals = _EQUALS.match(raw, name.end()) if name else None
        if name is None or equals is None:
            # No parameter: a flag, a stray quote, a word.
            position = max(_end(_TOKEN, raw, position), position + 1)
            continue
        text, position = _read_value(raw, equals.end())
        found.append((name[0].lower(), text))
    return Scanned(value.strip("\"' ").lower(), tuple(found))


def _read_value(raw: str, start: int) -> tuple[str, int]:
    if raw.startswith('"', start):
        return _read_quoted(raw, start + 1)
    end = _end(_BARE, raw, start)
    text = raw[start:end].strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1]
    return text, end


def _read_quoted(raw: str, start: int) -> tuple[str, int]:
    """A quoted value: it closes at the first quote after which a value can end."""
    position = start
    last = -1  # the last quote met that closed nothing
    while position < len(raw):
        if raw[position] == '"':
            if _CLOSES.match(raw, position + 1):
                return _unescape(raw[start:position]), position + 1
            last = position
            position += 1
            continue
        piece = _QUOTED_PIECE.match(raw, position)
        position = piece.end() if piece else position + 1
    following = _NEXT.search(raw, start)
    if following is not None:
        return _unescape(raw[start : following.start()].rstrip('" \t')), following.start()
    if last >= 0:  # something stands behind the quotes that is neither parameter nor name
        return _unescape(raw[start:last]), len(raw)
    text = raw[start:].rstrip()
    return (text[:-2] if text.endswith('\\"') else _unescape(text)), len(raw)


def _unescape(text: str) -> str:
    """Only quotes and backslashes are escaped by anyone; others are Windows paths."""
    return text.replace('\\"', '"').replace("\\\\", "\\") if "\\" in text else text


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
