"""A ticket's whole history as a page for its archive: every event and every letter, in order.

Everything on it is masked. What happened in which words `process` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from maildesk.desk.label import Label
from maildesk.desk.privacy.mask import mask
from maildesk.desk.sheets.form import Reader
from maildesk.desk.sheets.page import write_head
from maildesk.desk.sheets.posted import STATES, name_letter, say_reason
from maildesk.desk.sheets.process import list_history

_STYLE = """\
body { margin: 0 auto; max-width: 190mm; padding: 6mm 4mm; color: #1c2329; background: #fff;
  font: 10.5pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
  "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 15pt; margin: 0 0 3mm; }
li { white-space: pre-wrap; overflow-wrap: anywhere; margin: 1mm 0; }
li.letter { color: #58636e; }
ol { list-style: none; padding: 0; }
"""


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter of ours, as the history tells it."""

    at: datetime
    letter: str
    address: str
    subject: str
    state: str
    reason: str | None = None


def write_timeline(reader: Reader, letters: Iterable[SentLetter]) -> Iterator[str]:
    """The page, piece by piece."""
    hide, ticket = reader.dossier.desk.privacy.hide, reader.dossier.ticket
    title = mask(f"{ticket.number} {ticket.title}", hide)
    yield write_head(title, reader.language, _STYLE)
    yield f"<h1>{escape(title)}</h1>\n<ol>\n"
    entries = [(at, 0, line) for at, line in list_history(reader)]
    entries += [(item.at, 1, _say_letter(reader, item)) for item in letters]
    # Sorted by time alone: what happened at the same moment stays in its order.
    for _, kind, line in sorted(entries, key=lambda entry: entry[:2]):
        mark = ' class="letter"' if kind else ""
        yield f"<li{mark}>{escape(mask(line, hide))}</li>\n"
    yield "</ol>\n</body>\n</html>\n"


def _say_letter(reader: Reader, item: SentLetter) -> str:
    at = item.at.astimezone(reader.zone).strftime("%m-%d %H:%M")
    what = reader.read(name_letter(item.letter))
    state = reader.read(STATES.get(item.state, Label(item.state, item.state)))
    said = reader.pick(
        f"{at} 邮件（{what}）致 {item.address}，{state}：{item.subject}",
        f"{at} letter ({what}) to {item.address}, {state}: {item.subject}",
    )
    why = reader.read(say_reason(item.reason)) if item.reason else ""
    return f"{said}{reader.pick(f'（{why}）', f' [{why}]')}" if why else said
