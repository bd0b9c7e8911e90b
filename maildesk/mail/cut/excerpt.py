"""What of a staff member's answer may be passed on to the requester? (DESIGN §6, promise 4)

The words above our reply marker, without history, signature and small print. Nothing below the
marker is ever in them. Where the cut is not beyond doubt, the doubts are named: then nothing
leaves until the writer has seen the exact text. Orders (`#`) are still in the words; attachments
are not this file's business. Never raises, linear time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape

from maildesk.mail.cut.attribution import find_attribution
from maildesk.mail.cut.cutline import Marker, cut_history, find_marker
from maildesk.mail.cut.heading import is_header_block, is_header_line, names_sender
from maildesk.mail.cut.separator import is_forward, is_original, is_quoted, may_head_history
from maildesk.mail.cut.signature import Ending, cut_ending, find_marked, is_phone_line
from maildesk.mail.cut.spelling import fold_key
from maildesk.mail.message import Incoming, address_key
from maildesk.mail.text.html import read_text


class Doubt(StrEnum):
    """Why a cut is not certain; the desk has the sentences for the writer."""

    NO_MARKER = "no_marker"  # something is quoted, but our marker is gone
    BELOW_MARKER = "below_marker"  # new words stand below or beside the marker
    QUOTED = "quoted"  # quoted lines between the words
    HEADER_BLOCK = "header_block"  # the words hold the head of another mail
    SIGNATURE = "signature"  # what looks like a signature could not be told from words
    ADDRESS = "address"  # an address of staff or participants
    OUR_TEXT = "our_text"  # text of our letter, its marker or its tokens
    EMPTY = "empty"  # nothing was left above the marker, but something was there


@dataclass(frozen=True, slots=True)
class Traces:
    """What must never leave.

    `marker_signs`: words that make a line our marker. `addresses`: of staff and participants.
    `names`: the writer's own. `numbers`: tokens and codes of our letters. `letter`: the text of
    the letter that is answered, when it is known.
    """

    marker_signs: tuple[str, ...]
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`words` may leave if `certain`; `cut` is what was taken off from above the marker."""

    words: str
    doubts: tuple[Doubt, ...] = ()
    cut: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        return not self.doubts


def excerpt(mail: Incoming, traces: Traces) -> Excerpt:
    """Cut one answer. The words of a doubtful one are the best cut there is, to be shown."""
    found = _cut(mail, traces)
    if mail.html and found.doubts == (Doubt.NO_MARKER,):
        # Some clients quote in their HTML only: then the marker there has to give the same words.
        shown = _cut(replace(mail, text=read_text(mail.html)), traces)
        if shown.certain and fold_key(shown.words) == fold_key(found.words):
            return replace(found, doubts=())
    return found


def _cut(mail: Incoming, traces: Traces) -> Excerpt:
    html = mail.html or ""
    lines = _read_entities(mail.text).split("\n")
    names = traces.names.union((mail.sender.name, mail.sender.email) if mail.sender else ())
    marked = find_marked(html)
    marker = find_marker(lines, traces.marker_signs)
    known = marker is not None
    marker = marker or Marker(len(lines), len(lines), True)
    above, history = cut_history(lines[: marker.first], known)
    ending = cut_ending(above, names, marked)
    words = "\n".join(ending.words).strip("\n")
    below = lines[marker.last + 1 :]
    by_lines = known and _is_marked(lines[marker.first])
    fresh = _read_below(below, by_lines, html, traces)
    checks = (
        (Doubt.NO_MARKER, not known and (bool(history) or _holds_history(lines, html, traces))),
        (Doubt.BELOW_MARKER, known and (not marker.lone or _holds_words(fresh, names, marked))),
        (Doubt.QUOTED, _holds_quotes(words) or _may_be_words(history)),
        (Doubt.HEADER_BLOCK, _heads(words.split("\n"))),
        (Doubt.SIGNATURE, ending.doubtful),
        (Doubt.ADDRESS, _holds_address(words, traces.addresses)),
        (Doubt.OUR_TEXT, _holds_our_text(words, traces, below)),
        (Doubt.EMPTY, not words and _lost_words(ending, by_lines, below)),
    )
    return Excerpt(words, tuple(doubt for doubt, stands in checks if stands), ending.cut)


def _read_entities(text: str) -> str:
    """QQ Mail's plain text is its HTML without tags: `&nbsp;` and `&gt;` stand in it as such."""
    return unescape(text).replace("\u00a0", " ") if "&nbsp;" in text else text


def _holds_history(lines: Sequence[str], html: str, traces: Traces) -> bool:
    """Whether anything in the mail is quoted, or reads like the head of a quote."""
    if find_marker((html,), traces.marker_signs) is not None or _HTML_HISTORY.search(html):
        return True
    return any(is_quoted(line) or line.startswith("| ") for line in lines) or _heads(lines)


def _read_below(below: Sequence[str], by_lines: bool, html: str, traces: Traces) -> Sequence[str]:
    """The lines below the marker that are surely none of the letter's.

    Somebody's words can be told from ours where ours are marked line by line (`by_lines`), or
    stand in a block that ends.
    """
    fresh = [line for line in below if not _is_marked(line)] if by_lines else []
    return fresh + _below_block(html, traces)


def _holds_words(fresh: Sequence[str], names: frozenset[str], marked: tuple[str, ...]) -> bool:
    """Whether they hold more than a signature and small print."""
    if not any(map(fold_key, fresh)):
        return False
    ending = cut_ending(fresh, names, marked)
    return ending.doubtful or any(map(fold_key, ending.words))


def _below_block(html: str, traces: Traces) -> list[str]:
    """What the HTML holds after the end of the outermost quote around our marker."""
    low = html.lower()
    at = min((at for at in map(low.find, traces.marker_signs) if at >= 0), default=-1)
    depth, inside = 0, False
    for tag in _BLOCKQUOTE.finditer(html):
        depth = max(depth + (-1 if tag[1] else 1), 0)
        if tag.start() < at:
            inside = depth > 0
        elif at < 0 or not inside:
            break
        elif not depth:
            return read_text(html[tag.end() :]).split("\n")
    return []


def _is_marked(line: str) -> bool:
    """Whether a line carries a quote mark; `| x |` is a table's row."""
    return is_quoted(line) or (line.startswith("|") and not line.rstrip().endswith("|"))


def _lost_words(ending: Ending, by_lines: bool, below: Sequence[str]) -> bool:
    """Whether an answer without words above the marker may have had some.

    Below an unmarked marker nobody can tell the answer from the letter; and a signature that is
    all there is may be none.
    """
    cut = [line for piece in ending.cut for line in piece.split("\n")]
    return any(fold_key(line) and not is_phone_line(line) for line in cut) or (
        not by_lines and any(map(fold_key, below))
    )


def _holds_quotes(words: str) -> bool:
    return any(is_quoted(line) or line.startswith("|") for line in words.split("\n"))


def _may_be_words(history: str) -> bool:
    """Whether what was taken for history may be words: `在 16:30 的日志里写到：` and the log.

    An attribution without an address is only believed when nothing unmarked follows it.
    """
    lines = [line for line in history.split("\n") if line.strip()]
    for place in range(min(len(lines), 3)):
        if find_attribution(lines, place) is not None:
            rest = lines[place + 1 :]
            return "@" not in "".join(lines[: place + 1]) and any(
                fold_key(line) and not is_quoted(line) for line in rest
            )
    return False


def _holds_our_text(words: str, traces: Traces, below: Sequence[str]) -> bool:
    """Our marker, a token of ours, or a whole line of what is quoted or known to be quoted."""
    lines = words.split("\n")
    plain = _read_plainly(words)
    if any(token.casefold() in plain for token in traces.numbers if token.strip()):
        return True
    ours = {fold_key(line) for line in (*below, *traces.letter.split("\n"))}
    return find_marker(lines, traces.marker_signs) is not None or any(
        len(key) >= _TELLING and key in ours for key in map(fold_key, lines)
    )


def _heads(lines: Sequence[str]) -> bool:
    """Whether lines among these are such as clients put above history."""
    return any(
        is_original(line)
        or is_forward(line)
        or names_sender(line)
        or is_header_block(lines, place)
        or find_attribution(lines, place) is not None
        or (is_header_line(line) and is_header_line("".join(lines[place + 1 : place + 2])))
        for place, line in enumerate(lines)
        if may_head_history(line)
    )


def _holds_address(words: str, addresses: frozenset[str]) -> bool:
    """Whether one of them stands anywhere, whatever letters stand before it; `+tag` or not."""
    plain = _read_plainly(words)
    known = {address_key(address) for address in addresses}
    for at in _AT.finditer(plain):
        domain = at[2].rstrip(".-")
        local = at[1].partition("+")[0]
        if any(f"{local[cut:]}@{domain}" in known for cut in range(len(local))):
            return True
    return any(address in plain for address in known if not address.isascii())


def _read_plainly(words: str) -> str:
    """One width and case, without characters nobody sees."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", words)).casefold()


_TELLING = 12  # letters of a line that nobody writes twice by chance
_AT = re.compile(r"([^\s@<>]{0,64})@(?=([a-z0-9.-]{1,255}+))")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BLOCKQUOTE = re.compile(r"<(/?)blockquote\b", re.IGNORECASE)
_HTML_HISTORY = re.compile(
    r"<blockquote|gmail_quote|divrplyfwdmsg|isreplycontent|mail_quote|outlookmessageheader|"
    r"appendonsend|moz-cite-prefix|yahoo_quoted|replysplit|reference-message|zwchr|alimail-quote|"
    r"ntes-mailmaster-quote|border-top:\s*solid\s*#(?:e1e1e1|b5c4df)|reply139content",
    re.IGNORECASE,
)
