"""Which words are new, which are history, which are signature? (N: nothing a person wrote is lost)

From structure (quote marks, what HTML says) and from the lines clients write above history. In
doubt everything stays in `reply`: a long answer is a nuisance, a lost sentence is a fault. The
full text is kept elsewhere, so a later, better cut is always possible. Linear time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from maildesk.mail.history import (
    find_attribution,
    is_forward,
    is_header_block,
    is_original,
    is_phone_signature,
    is_quoted,
    is_rule,
    is_strong,
    may_head_history,
)
from maildesk.mail.html import read_text

_SIGNATURE_LINES = 15
_SIGNATURE_CHARS = 1000
_FORWARD_SUBJECT = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*|【[^】]{0,40}】\s*)?"
    r"(?:fwd?|fw|wg|tr|rv|enc|i|vl|转发|轉寄|轉發|转|転送|전달)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
_HTML_QUOTES = re.compile(
    r"gmail_quote|divRplyFwdMsg|isReplyContent|type=\"?cite|yahoo_quoted|moz-cite-prefix|"
    r"appendonsend|mail_quote|replySplit",
    re.IGNORECASE,
)
_HTML_WINDOW = 20_000


@dataclass(frozen=True, slots=True)
class Parts:
    """A body in three: new words, history, signature; each stripped of empty lines around it."""

    reply: str
    quoted: str = ""
    signature: str = ""


def split(
    text: str, html: str | None = None, *, answer: bool = True, forwarded: bool = False
) -> Parts:
    """Cut a body's text. `html` is the HTML of the same words, when there was one.

    `answer`: the mail is a reply (references, `Re:`); a header block in a first mail is something
    its author pasted, and stays. `forwarded`: a forward is the request, and is never cut.
    """
    lines = text.split("\n")
    cut = None if forwarded else _find_cut(lines, answer)
    if cut is None and html is not None and answer and not forwarded:
        cut = _find_cut_in_html(lines, html)
    if cut is None:
        return _join(lines, [], cut_signature=not forwarded)
    start, end = cut
    if end < len(lines):  # the answer stands below what it answers
        return _join(lines[:start] + lines[end:], lines[start:end], cut_signature=True)
    return _join(lines[:start], lines[start:], cut_signature=True)


def is_forward_subject(subject: str) -> bool:
    """Whether the outermost prefix says forward: `Fwd: Re: x` does, `Re: Fwd: x` does not."""
    return _FORWARD_SUBJECT.match(subject) is not None


def _find_cut(lines: Sequence[str], answer: bool) -> tuple[int, int] | None:
    """The lines [start, end) that are history; empty: surely none; None: no sign of any."""
    nothing = (len(lines), len(lines))
    for place, line in enumerate(lines):
        if not may_head_history(line) or is_quoted(line):
            continue
        if is_forward(line):
            return nothing
        if is_original(line):
            return _below(lines, place)
        if is_header_block(lines, place):
            return _below(lines, _above_rule(lines, place)) if answer else nothing
        start = find_attribution(lines, place)
        if start is not None:
            cut = _cut_attributed(lines, start, place + 1, answer)
            if cut is not None:
                return cut
    return _cut_trailing(lines, 0, answer)


def _below(lines: Sequence[str], start: int) -> tuple[int, int]:
    """Everything from `start`, unless nothing stands above it: then it is all there is."""
    return (start if _has_words(lines[:start]) else len(lines), len(lines))


def _cut_attributed(
    lines: Sequence[str], start: int, after: int, answer: bool
) -> tuple[int, int] | None:
    """History below an attribution line, with answers below or between the quotes respected."""
    first = next((i for i in range(after, len(lines)) if lines[i].strip()), len(lines))
    if first < len(lines) and is_quoted(lines[first]):
        end = first
        while end < len(lines) and (is_quoted(lines[end]) or not lines[end].strip()):
            end += 1
        rest = lines[end:]
        if not _has_words(rest):
            return _below(lines, start)
        if not _has_words(lines[:start]) and not any(is_quoted(line) for line in rest):
            return start, end
        # Answers between quotes: they stay, only what follows the last of them may go.
        return _cut_trailing(lines, end, answer) or (len(lines), len(lines))
    if answer or is_strong(" ".join(lines[start:after])):
        return _below(lines, start)
    return None


def _cut_trailing(lines: Sequence[str], least: int, answer: bool) -> tuple[int, int] | None:
    """A block of quoted lines at the very end, not before line `least`."""
    start = len(lines)
    marked = 0
    while start > least and (is_quoted(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
        marked += bool(lines[start].strip())
    if marked < (1 if answer else 2):
        return None
    return _below(lines, start)


def _find_cut_in_html(lines: Sequence[str], html: str) -> tuple[int, int] | None:
    """The place in the text where the HTML's quoted block begins, if it is found beyond doubt."""
    found = _HTML_QUOTES.search(html)
    if found is None or any(is_forward(line) for line in lines):
        return None
    begin = html.rfind("<", max(0, found.start() - 2000), found.start())
    if begin < 0:
        return None
    inside = read_text(html[begin : begin + _HTML_WINDOW]).split("\n")
    first = next((line.strip("> \t") for line in inside if line.strip("> \t")), "")
    if len(first) < 6:
        return None
    places = [i for i, line in enumerate(lines) if line.strip("> \t") == first]
    return _below(lines, places[0]) if len(places) == 1 else None


def _above_rule(lines: Sequence[str], place: int) -> int:
    """The rule clients draw above a header block belongs to the history."""
    before = place - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    return before if before >= 0 and is_rule(lines[before]) else place


def _has_words(lines: Sequence[str]) -> bool:
    """Whether somebody wrote something here: quotes, rules and phone signatures are not words."""
    return any(
        line.strip() and not is_quoted(line) and not is_rule(line) and not is_phone_signature(line)
        for line in lines
    )


def _join(new: Sequence[str], history: Sequence[str], *, cut_signature: bool) -> Parts:
    end = _signature_start(new) if cut_signature else len(new)
    return Parts(_text(new[:end]), _text(history), _text(new[end:]))


def _signature_start(lines: Sequence[str]) -> int:
    """Where the signature begins: after `-- `, or the phone's line at the end; else the length."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    last = end
    while last and (is_phone_signature(lines[last - 1]) or not lines[last - 1].strip()):
        last -= 1
    phone = last if last < end else None
    size = 0
    for place in range(end - 1, max(end - 1 - _SIGNATURE_LINES, -1), -1):
        size += len(lines[place])
        if size > _SIGNATURE_CHARS:
            break
        if lines[place].rstrip() in ("--", "—", "－－") and _has_words(lines[:place]):
            return place
    if phone is not None and _has_words(lines[:phone]):
        return phone
    return len(lines)


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
