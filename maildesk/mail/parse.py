"""A raw mail on disk becomes an `Incoming` (DESIGN §10, LIBRARIES §3).

mail-parser is the parser of record: addresses, dates, Received and defects are what it says. The
content comes from our own walk over the message it parsed, with our charset ladder. Attachments
stream into a sink. Nothing here decides what the desk does with a mail, and nothing is executed.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from email.message import Message
from pathlib import Path

import mailparser

from maildesk.errors import Unreadable
from maildesk.mail.characters.charset import decode
from maildesk.mail.characters.hint import add_hints
from maildesk.mail.cut import body, prefix
from maildesk.mail.defects import Defects
from maildesk.mail.files.attachments import store
from maildesk.mail.header import dates
from maildesk.mail.header.headers import decode_value, find_ids, read_trace, to_bytes
from maildesk.mail.header.people import is_odd, recover, spell_out
from maildesk.mail.kinds import auto, bounce
from maildesk.mail.limits import Limits
from maildesk.mail.message import Address, Incoming, Kind, Sink
from maildesk.mail.parts.head import Source
from maildesk.mail.parts.openpgp import is_sealed
from maildesk.mail.parts.spare import find_spare
from maildesk.mail.parts.structure import ENCRYPTED, Outline, walk
from maildesk.mail.parts.tree import Part, grow
from maildesk.mail.text.words import Words

__all__ = ["Limits", "parse"]

_LOOK = 4096  # bytes from which a file's manners are told
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MAP_FROM = 1024 * 1024  # smaller files are quicker read than mapped
_PEOPLE = ("from", "to", "cc", "reply-to")
_EVIDENCE = frozenset({*_PEOPLE, "bcc", "delivered-to"})
_MAIL_HEADERS = _EVIDENCE | {
    *("subject", "date", "message-id", "received", "return-path", "sender", "in-reply-to"),
    *("references", "mime-version", "content-type", "x-mailer", "dkim-signature"),
}
_TRACE = frozenset(("received", "authentication-results", "arc-authentication-results"))
_STRUCTURE = {
    "StartBoundaryNotFoundDefect": "structure: boundary never found",
    "CloseBoundaryNotFoundDefect": "structure: end boundary missing",
    "NoBoundaryInMultipartDefect": "structure: multipart without a boundary",
    "MultipartInvariantViolationDefect": "structure: multipart without parts",
    "FirstHeaderLineIsContinuationDefect": "header: begins with a continuation line",
    "MisplacedEnvelopeHeaderDefect": "header: envelope line in the middle",
    "MissingHeaderBodySeparatorDefect": "header: no empty line before the body",
    "InvalidMultipartContentTransferEncodingDefect": "structure: multipart with an encoding",
}
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_ENCODED = re.compile(r"=\?[^?\s]{1,80}\?[bBqQ]\?[^?]*\?=")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")


def parse(
    path: Path,
    sink: Sink,
    *,
    prior: str = "gb18030",
    limits: Limits = Limits(),  # noqa: B008
) -> Incoming:
    """Read a raw mail (RFC 5322, MIME). `prior` is the charset of unlabelled 8-bit text here.

    Raises Unreadable when the mail is empty, no mail, or beyond `limits`; OSError from the file
    or the sink is the caller's. Everything else that is odd is a defect.
    """
    with _opened(path) as source:
        return parse_source(source, sink, prior=prior, limits=limits)


def parse_source(source: Source, sink: Sink, *, prior: str, limits: Limits) -> Incoming:
    """The same for bytes or a map already at hand."""
    source = _settle_lines(source)
    start = _check(source, limits)
    defects = Defects()
    if start:
        defects.add("header: something stands before it")
    prior = add_hints(source, start, prior)
    root = grow(source, start, limits, prior, defects)
    headers = _read_headers(root, prior)
    outline = walk(root, limits, prior, defects)
    record = _record(root, prior, defects)
    return _assemble(record, headers, outline, sink, prior, limits, defects)


class _Record(mailparser.MailParser):  # type: ignore[misc]
    """mail-parser without its content: what it decodes of bodies and files we read better.

    Its own `parse` decodes every payload and builds all headers twice; addresses, dates and
    structural defects are all we ask of it. A test holds this against the full class.
    """

    def __init__(self, message: Message, prior: str) -> None:
        _mend(message, prior)
        # Taking the Received lines apart is a fifth of all reading, and nobody asks for it.
        del message["received"]
        super().__init__(message)

    def parse(self) -> _Record:
        self._reset()
        for part in self.message.walk():
            if part.defects:
                self._append_defects(part, part.get_content_type())
        return self


def _record(message: Message, prior: str, defects: Defects) -> _Record:
    """Evidence about a message. Broken base64 in a name makes mail-parser give up; we do not."""
    try:
        return _Record(message, prior)
    except Exception:  # whatever it stumbles over, it stands in the address headers
        defects.add("address: a name could not be decoded")
        for name in _EVIDENCE.intersection(map(str.lower, message.keys())):
            value = ", ".join(str(raw) for key, raw in message.raw_items() if key.lower() == name)
            del message[name]
            message[name] = _ENCODED.sub("", spell_out(value, prior))
    return _Record(message, prior)


@contextmanager
def _opened(path: Path) -> Iterator[Source]:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        if size < _MAP_FROM:
            yield file.read()
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as source:
            yield source


def _settle_lines(source: Source) -> Source:
    """Files whose line ends are those of another world, rewritten; all others as they are."""
    head = source[:_LOOK]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return source[:].decode("utf-16", "replace").encode()  # saved as "Unicode text"
    if b"\r" not in head:
        return source
    if b"\r\r\n" in head.partition(b"\n\r\r\n")[0]:
        return re.sub(rb"\r{2,3}\n", b"\r\n", source[:])
    if b"\n" not in head and source.find(b"\n") < 0:
        return source[:].replace(b"\r", b"\n")
    return source


def _check(source: Source, limits: Limits) -> int:
    """Where the header begins. Unreadable for what is no mail or too large to look at."""
    size = len(source)
    if size > limits.mail_bytes:
        raise Unreadable(f"the mail has {size} bytes, more than the {limits.mail_bytes} allowed")
    head = source[:_LOOK]
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t \x00")
    if not bare:
        raise Unreadable("the file is empty" if size < _LOOK else "this is no mail: only blanks")
    if bare.startswith(_OLE):
        raise Unreadable("this is a file of Outlook's own (.msg), not a mail as it travels")
    return len(head) - len(bare) if head[:1] in b"\r\n\xef\x00" else 0


def _mend(message: Message, prior: str) -> None:
    """Make address headers readable for the parser of record before it looks for structure.

    Raw 8-bit names are decoded first (a GBK trail byte can be a backslash or `|`), then encoded
    words, by our ladder; repeated To and Cc headers become one, since only the first would be read.
    """
    found: dict[str, list[str]] = {}
    mend: set[str] = set()
    for key, value in message.raw_items():
        name = key.lower()
        if name in _EVIDENCE:
            values = found.setdefault(name, [])
            text = str(value)
            values.append(text)
            if not text.isascii() or "=?" in text or len(values) > 1:
                mend.add(name)
    for name in mend:
        values = found[name]
        if name == "from":  # the first that names anybody
            values = [next((value for value in values if "@" in value), values[0])]
        text = ", ".join(values)
        if not text.isascii():
            text = decode(to_bytes(text), None, prior=prior).text
        del message[name]
        message[name] = spell_out(text, prior)


def _read_headers(root: Part, prior: str) -> tuple[tuple[str, str, str | None], ...]:
    """(name, decoded value, defect) of every header, in order."""
    headers = []
    for key, raw in root.raw_items():
        read = read_trace if key.lower() in _TRACE else decode_value
        found = read(str(raw), prior=prior)
        headers.append((key, found.text, found.defect))
    if _MAIL_HEADERS.isdisjoint(key.lower() for key, _, _ in headers):
        raise Unreadable("this is no mail: it has none of a mail's headers")
    return tuple(headers)


def _assemble(
    record: _Record,
    headers: tuple[tuple[str, str, str | None], ...],
    outline: Outline,
    sink: Sink,
    prior: str,
    limits: Limits,
    defects: Defects,
) -> Incoming:
    first: dict[str, str] = {}
    for key, value, defect in headers:
        name = key.lower()
        if name not in first:
            first[name] = value
            if name in ("subject", *_PEOPLE):
                defects.add(defect, name)
    people = {name: _read_people(record, name, limits, defects) for name in _PEOPLE}
    sender = _choose_sender(people["from"], first.get("from"), defects)
    subject = first.get("subject", "")
    message_ids = find_ids(first.get("message-id", ""))
    in_reply_to = find_ids(first.get("in-reply-to", ""))[: limits.ids]
    references = find_ids(first.get("references", ""))[-limits.ids :]
    date = _read_date(record, first.get("date"), defects)
    _note_structure(record, defects)
    words = Words(prior, limits, defects)
    words.read(outline.segments)
    if not words.text.strip():
        spare = find_spare(outline, prior)
        if spare:
            words.read(spare)
    sealed = outline.encrypted or is_sealed(words.text)
    if sealed:
        defects.add(ENCRYPTED)
    fate = bounce.find_fate(outline, first, sender, subject, words.text)
    parts = body.split(
        words.text,
        words.html if words.has_plain else None,
        page=words.page,
        answer=bool(in_reply_to or references or prefix.is_reply(subject)),
        # A report is a machine's: nobody's new words are to be told from the mail it returns.
        forwarded=fate is not None or prefix.is_forward(subject, words.text),
        subject=subject,
        author=sender.email if sender else "",
    )
    kind, generated = auto.judge(first, subject, words.text)
    files = (*outline.files, *words.cut)
    attachments = tuple(store(files, words.html or "", sink, prior, defects))
    return Incoming(
        kind=fate.kind if fate else kind,
        message_id=message_ids[0] if message_ids else None,
        subject=subject,
        sender=sender,
        in_reply_to=in_reply_to,
        references=references,
        reply_to=people["reply-to"],
        to=people["to"],
        cc=people["cc"],
        date=date,
        text=words.text,
        reply=parts.reply,
        quoted=parts.quoted,
        signature=parts.signature,
        html=words.html,
        attachments=attachments,
        bounce=fate.bounce if fate else None,
        encrypted=sealed,
        auto_generated=generated and fate is None and kind is Kind.ORDINARY,
        defects=tuple(defects.found),
        headers=tuple((key, value) for key, value, _ in headers),
    )


def _read_people(
    record: _Record, name: str, limits: Limits, defects: Defects
) -> tuple[Address, ...]:
    """What the parser of record found; what it could not make sense of is read by ourselves."""
    # Asked for its value, it leaves out a name that is the address; people see that name.
    found: list[tuple[str, str]] = record._address_headers.get(name, [])
    raw = _scalar(str(record.message.get(name, "")))
    lost = is_odd(found)
    for defect in record.address_header_defects:
        if defect["header"] == name:
            defects.add(defect["reason"], name)
            # Newer Pythons drop a comment with a comma in it, and the name was in the comment.
            nameless = "(" in raw and not all(shown for shown, _ in found)
            lost = lost or nameless or not defect["recovered"]
    if lost:
        people = recover(raw)[: limits.addresses]
        if people:
            defects.add("addresses recovered", name)
            found = [(person.name, person.email) for person in people]
    # An address with a control character is nobody's: cleaned, it could become somebody's.
    return tuple(
        Address(_CONTROL.sub(" ", _scalar(shown)).strip(), _scalar(address))
        for shown, address in found[: limits.addresses]
        if address and not _CONTROL.search(address)
    )


def _choose_sender(
    people: tuple[Address, ...], raw: str | None, defects: Defects
) -> Address | None:
    """The first of From; when nobody is found there, the only address in the text."""
    if len(people) > 1:
        defects.add("from: several senders, the first one taken")
    if people:
        return people[0]
    addresses = set(_ADDRESS.findall(raw or ""))
    if len(addresses) == 1:
        defects.add("from: address recovered from the text")
        return Address("", addresses.pop())
    defects.add("from: no address" if raw is not None else "from: missing")
    return None


def _read_date(record: _Record, raw: str | None, defects: Defects) -> datetime | None:
    """The Date header with its own offset (RFC 3339 later). Without a zone nobody knows when."""
    if raw is None:
        defects.add("date: missing")
        return None
    value = record.date
    reasons = [
        f"date: {defect['reason']}"
        for defect in record.date_header_defects
        if defect["header"] == "date" and defect["occurrence"] == 0
    ]
    if not isinstance(value, datetime):
        found = dates.recover(raw)
        clear = found.value is not None or found.defect == "date: no zone"
        for reason in [found.defect] if clear else reasons:
            defects.add(reason)
        return found.value
    for reason in reasons:
        defects.add(reason)
    # The parser rounds to a tenth of an hour, which Nepal's +0545 does not survive.
    minutes = round(float(record.timezone) * 4) * 15
    try:
        value = value.astimezone(timezone(timedelta(minutes=minutes)))
        named = dates.name_zone(raw) if minutes == 0 else None
    except (OverflowError, ValueError):
        return value
    if named is not None:  # it takes zones it does not know for Greenwich
        defects.add("date: recovered by the name of its zone")
        return value.replace(tzinfo=named)
    return value


def _note_structure(record: _Record, defects: Defects) -> None:
    for entry in record.defects:
        for texts in entry.values():
            for text in texts:
                name = text.partition(":")[0]
                if name.endswith("HeaderDefect") and name not in _STRUCTURE:
                    continue  # addresses and dates are named one by one
                defects.add(_STRUCTURE.get(name, f"structure: {name}"))


def _scalar(text: str) -> str:
    """Without lone surrogates, so that JSON and databases take it."""
    return text.encode("utf-8", "replace").decode("utf-8")
