"""Which words are new, which are history, which are signature? (N: nothing a person wrote is lost)

From structure (quote marks, what HTML says) and from the lines clients write above history. In
doubt everything stays in `reply`: a long answer is a nuisance, a lost sentence is a fault. The
full text is kept elsewhere, so a later, better cut is always possible. Linear time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from maildesk.mail.ending import find_signature, find_trailing_rule, has_words, is_footer
from maildesk.mail.history import Search
from maildesk.mail.html import read_page
from maildesk.mail.marks import Page
from maildesk.mail.openpgp import strip_armor
from maildesk.mail.signature import find_marked, find_marked_start

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
) -> Parts:
    """Cut a body's text. `page` is the HTML document the text was read from; `html` the source of
    the same words in HTML, where the text is the plain form.

    `answer`: the mail is a reply (references, `Re:`); a header block in a first mail is something
    its author pasted, and stays. `forwarded`: a forward is the request, and is never cut.
    """
    words, armor = strip_armor(text)
    if armor:  # clear-signed: the lines of the armor are no words
        parts = split(words, html, page=page, answer=answer, forwarded=forwarded)
        return replace(parts, signature="\n".join(filter(None, (parts.signature, armor))))
    shown = text.split("\n")
    if forwarded:
        return Parts(_text(shown))
    cutter = Search(_see(text, shown), page.locate_heads(shown) if page else {}, answer)
    cut = cutter.find()
    if cut is None and html is not None and answer:
        # Only now, since reading HTML costs more than all lines of the plain form.
        cutter = Search(_see(text, shown), read_page(html).locate_heads(shown), answer)
        cut = cutter.find_marked()
    lines = shown if len(shown) == len(cutter.lines) else cutter.lines
    marked = page.signatures if page else _find_signatures(html)
    if cut is None:
        return _join(lines, [], marked)
    start, end = cut
    rest = lines[end:]  # the answer stands below what it answers
    if rest and is_footer(lines[:start]):  # and the client set the signature above
        below = _join(rest, lines[start:end], marked)
        return replace(below, signature=_text([*lines[:start], *below.signature.split("\n")]))
    if rest and has_words(lines[:start]) and is_footer(rest):
        above = _join(lines[:start], lines[start:end], marked)
        return Parts(above.reply, above.quoted, _text([*above.signature.split("\n"), *rest]))
    return _join(lines[:start] + rest, lines[start:end], marked)


def _see(text: str, shown: Sequence[str]) -> list[str]:
    """The lines without characters nobody sees: marks of direction around a name, zero widths."""
    return [_UNSEEN.sub("", line) for line in shown] if _UNSEEN.search(text) else list(shown)


def _find_signatures(html: str | None) -> tuple[str, ...]:
    """What the HTML beside a plain text marks as signature; most have none, and are not read."""
    if html is None:
        return ()
    low = html.lower()
    return find_marked(html) if any(sign in low for sign in _MAY_BE_SIGNED) else ()


def _join(new: Sequence[str], history: Sequence[str], marked: Sequence[str]) -> Parts:
    end = find_signature(new, history)
    if marked:
        end = min(end, find_marked_start(new, marked))
        if not has_words(new[:end]):
            end = len(new)
    signature = new[end:]
    rule = find_trailing_rule(new[:end]) if end < len(new) or history else end
    if end < len(new):
        signature = new[rule:]
    else:
        history = [*new[rule:end], *history]
    return Parts(_text(new[:rule]), _text(history), _text(signature))


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
