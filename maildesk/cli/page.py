"""A ticket's mails as one page for a browser: as their senders laid them out, and harmless.

Read from the kept raw mails; pictures that came along are in the page itself, nothing else is
loaded. The page says so to the browser as well.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from maildesk.cli.setting import hider_of, say_moment

if TYPE_CHECKING:
    from maildesk.mail.message import Attachment, Incoming
    from maildesk.memory import Memory
    from maildesk.store.blobs import Blobs
    from maildesk.store.tickets import History, TicketRow

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
_LARGEST = 5 * 1024 * 1024  # bytes of a picture within the page
_HEAD = """\
<!doctype html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<style>
body { font-family: sans-serif; margin: 1rem; }
article { border: 1px solid #bbb; margin: 1rem 0; padding: .5rem; overflow: auto; }
article > header { background: #eee; margin: -.5rem -.5rem .5rem; padding: .5rem; }
pre { white-space: pre-wrap; }
</style>
"""


def write_page(memory: Memory, ticket: TicketRow, history: History, zone: str) -> Iterator[str]:
    """The page, mail by mail; times in `zone`."""
    hide = hider_of(memory.config, ticket.desk_id)
    title = escape(hide(f"{ticket.number} {ticket.title}"))
    yield f"{_HEAD}<title>{title}</title></head><body><h1>{title}</h1>\n"
    for row in history.mails:
        files = [item for item in history.files if item.letter_id == row.id]
        yield from _write_mail(memory, row, files, zone, hide)
    yield "</body></html>\n"


def _write_mail(
    memory: Memory, row: Any, files: list[Any], zone: str, hide: Callable[[str], str]
) -> Iterator[str]:
    """A mail that says something to hide loses its layout: marks may stand inside a number."""
    from maildesk.mail.text.html import read_text
    from maildesk.mail.text.sanitise import sanitise

    about = f"{row.sender or '-'}, {say_moment(row.received_at, zone)}: {row.subject}"
    yield f"<article><header>{escape(hide(about))}</header>\n"
    mail = _read(memory, row.raw_sha)
    shown = (mail.text, read_text(mail.html)) if mail is not None and mail.html else ()
    if mail is not None and mail.html and all(hide(text) == text for text in shown):
        yield sanitise(mail.html, _show(memory.blobs, mail))
    else:
        yield f"<pre>{escape(hide(row.body or ''))}</pre>"
    named = [escape(hide(item.filename)) for item in files if not item.decoration]
    if named:
        yield f"<p>+ {', '.join(named)}</p>"
    yield "</article>\n"


def _read(memory: Memory, raw_sha: str) -> Incoming | None:
    """The mail as it is read today; None when it is gone, or cannot be read any more."""
    from maildesk.mail.files.sink import DiscardingSink
    from maildesk.mail.parse import parse

    try:
        return parse(memory.blobs.raw_path(raw_sha), DiscardingSink())
    except Exception:  # its stored words are shown instead
        return None


def _show(blobs: Blobs, mail: Incoming) -> dict[str, str]:
    """Content-ID → the picture itself (RFC 2397)."""
    found = {}
    for item in mail.attachments:
        kind = item.detected or item.content_type
        if item.content_id and kind in _PICTURES and _is_at_hand(blobs, item):
            data = base64.b64encode(b"".join(blobs.read_file(item.sha256))).decode()
            found[item.content_id] = f"data:{kind};base64,{data}"
    return found


def _is_at_hand(blobs: Blobs, item: Attachment) -> bool:
    return item.size <= _LARGEST and blobs.file_path(item.sha256).exists()
