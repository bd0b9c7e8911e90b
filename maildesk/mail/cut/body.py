"""Which words are new, which are history, which are signature? (N: nothing a person wrote is lost)

From structure (quote marks, what HTML says) and from the lines clients write above history. In
doubt everything stays in `reply`: a long answer is a nuisance, a lost sentence is a fault. The
full text is kept elsewhere, so a later, better cut is always possible. Linear time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from maildesk.mail.cut.ending import (
    find_signature,
    find_trailing_rule,
    has_words,
    is_footer,
    says_something,
)
from maildesk.mail.cut.history import Search
from maildesk.mail.cut.marks import Page
from maildesk.mail.cut.prefix import strip
from maildesk.mail.cut.signature import find_marked, find_marked_start
from maildesk.mail.cut.spelling import fold_key
from maildesk.mail.parts.openpgp import strip_armor
from maildesk.mail.text.html import read_page

_MAY_BE_SIGNED = (
    "signature", "mail_sign", "mailsign", "-sgn", "<sign", "fmsigsep", "210px", "zmail_sig",
    "_rc_sig", "editorsign",
)  # fmt: skip
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Parts:
    """A body in three: new words, history, signature; each stripped of empty lines around it."""

    reply: str
    quoted: str = ""
    signature: str = ""


def split(
    text: str,
    html: str | None = None,
    *,
    page: Page | None = None,
    answer: bool = True,
    forwarded: bool = False,
    subject: str = "",
    author: str = "",
) -> Parts:
    """Cut a body's text. `page` is the HTML document the text was read from; `html` the source of
    the same words in HTML, where the text is the plain form.

    `answer`: the mail is a reply (references, `Re:`); a header block in a first mail is something
    its author pasted, and stays. `forwarded`: a forward is the request, and is never cut. `subject`
    and `author` (an address) of the mail tell heads of history from what looks like them.
    """
    text, armor = strip_armor(text)
    shown = text.split("\n")
    if forwarded:
        parts = Parts(_text(shown))
    else:
        seen = [_UNSEEN.sub("", line) for line in shown] if _UNSEEN.search(text) else list(shown)
        search = Search(seen, answer, fold_key(strip(subject)), author.lower())
        cut = search.find(page.locate_heads(shown) if page and answer else {})
        if cut is None and html is not None and answer:
            # Only now, since reading HTML costs more than all lines of the plain form.
            cut = search.find_marked(read_page(html).locate_heads(shown))
        marked = page.signatures if page else _find_signatures(html)
        parts = _part(shown if len(shown) == len(seen) else seen, cut, marked)
    if armor:  # clear-signed: the lines of the armor are no words
        parts = replace(parts, signature="\n".join(filter(None, (parts.signature, armor))))
    return parts


def _part(lines: list[str], cut: tuple[int, int] | None, marked: Sequence[str]) -> Parts:
    """The lines by where history was found; words behind its end are an answer below."""
    if cut is None:
        return _join(lines, [], marked)
    start, end = cut
    rest = lines[end:]
    if rest and is_footer(lines[:start]):  # the client set the signature above the quote
        below = _join(rest, lines[start:end], marked)
        return replace(below, signature=_text([*lines[:start], *below.signature.split("\n")]))
    if rest and has_words(lines[:start]) and is_footer(rest):
        above = _join(lines[:start], lines[start:end], marked)
        return Parts(above.reply, above.quoted, _text([*above.signature.split("\n"), *rest]))
    return _join(lines[:start] + rest, lines[start:end], marked)


def _find_signatures(html: str | None) -> tuple[str, ...]:
    """What the HTML beside a plain text marks as signature; most have none, and are not read."""
    if html is None:
        return ()
    low = html.lower()
    return find_marked(html) if any(sign in low for sign in _MAY_BE_SIGNED) else ()


def _join(new: Sequence[str], history: Sequence[str], marked: Sequence[str]) -> Parts:
    end = find_signature(new, history)
    if marked:
        start = find_marked_start(new, marked)
        if has_words(new[:start]) and not says_something(new[start:]):
            end = min(end, start)
    signature = new[end:]
    rule = find_trailing_rule(new[:end]) if end < len(new) or history else end
    if end < len(new):
        signature = new[rule:]
    else:
        history = [*new[rule:end], *history]
    return Parts(_text(new[:rule]), _text(history), _text(signature))


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
