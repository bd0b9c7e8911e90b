"""What does a header say? Encoded words, raw 8-bit bytes, parameters and message ids.

Works on the parser's raw values (surrogateescape), tolerant of what clients really write:
words split inside a character, words in quotes, RFC 2231 continuations, unlabelled bytes.
Addresses and dates are the parser of record's question, not this module's.
"""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

from maildesk.mail.charset import Decoded, decode

# Character classes exclude `?`, so a failed match never rescans what another start will see.
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_FOLD = re.compile(r"\r?\n(?=[ \t])|\r(?=[ \t])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_ID = re.compile(r"<([^<>\s]+)>")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*+"|[^;]*)', re.DOTALL)
_PIECE = re.compile(r"^([^*]+)(?:\*(\d{1,4}))?(\*)?$")


def to_bytes(raw: str) -> bytes:
    """The octets of a raw header value, as they were on the wire."""
    return raw.encode("utf-8", "surrogateescape")


def decode_value(raw: str, *, prior: str = "gb18030") -> Decoded:
    """An unstructured header (RFC 5322 §2.2.1, RFC 2047) as one line of text. Never raises."""
    if raw.isascii() and "=?" not in raw and "\x1b" not in raw:
        if raw.isprintable():
            return Decoded(raw.strip())
        return Decoded(_tidy(raw))
    raw = _FOLD.sub("", raw)
    pieces: list[str] = []
    defect: str | None = None

    def add(found: Decoded) -> None:
        nonlocal defect
        pieces.append(found.text)
        defect = defect or found.defect

    position = 0
    run: list[tuple[str, str, str]] = []
    for match in _WORD.finditer(raw):
        gap = raw[position : match.start()]
        if run and gap.strip(" \t\r\n"):
            add(_decode_words(run, prior))
            run = []
        if not run and gap:
            add(decode(to_bytes(gap), None, prior=prior))
        word = (match[1].partition("*")[0].lower(), match[2].lower(), match[3])
        if run and run[-1][0] != word[0]:
            add(_decode_words(run, prior))
            run = []
        run.append(word)
        position = match.end()
    if run:
        add(_decode_words(run, prior))
    if position < len(raw):
        add(decode(to_bytes(raw[position:]), None, prior=prior))
    return Decoded(_tidy("".join(pieces)), defect)


def read_trace(raw: str, *, prior: str = "gb18030") -> Decoded:
    """A header servers write for machines, as one line. What looks like an encoded word stays as it
    is: decoded, a sender's address could bring in brackets and semicolons nobody else saw."""
    if raw.isascii():
        return Decoded(_tidy(raw))
    return Decoded(_tidy(decode(to_bytes(_FOLD.sub("", raw)), None, prior=prior).text))


def parse_parameters(raw: str, *, prior: str = "gb18030") -> tuple[str, dict[str, str]]:
    """`value; name=value …` (RFC 2045 §5.1, RFC 2231) -> (lower-case value, decoded parameters)."""
    raw = _FOLD.sub("", raw)
    if not raw.isascii():
        # Before looking for quotes: a GBK trail byte may be a backslash.
        raw = decode(to_bytes(raw), None, prior=prior).text
    head, semicolon, _ = raw.partition(";")
    value = head.strip().strip('"').lower()
    if not semicolon:
        return value, {}
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(raw, len(head)):
        name, text = match[1].lower(), _unquote(match[2])
        split = _PIECE.match(name)
        if split is None or (split[2] is None and split[3] is None):
            plain.setdefault(name, text)
        else:
            part = (int(split[2] or 0), split[3] is not None, text)
            pieces.setdefault(split[1], []).append(part)
    for name, parts in pieces.items():
        plain[name] = _join_extended(sorted(parts, key=lambda part: part[0]), prior)
    for name, text in plain.items():
        if "=?" in text:
            plain[name] = decode_value(text, prior=prior).text
    return value, plain


def find_ids(raw: str) -> tuple[str, ...]:
    """The message ids of a header in order, each once, without `<>` (RFC 5322 §3.6.4)."""
    found = _ID.findall(raw)
    if not found:
        found = [word for word in raw.split() if "@" in word] or raw.split()[:1]
    clean = (word.strip("<>,;\"'").encode("utf-8", "replace").decode() for word in found)
    return tuple(dict.fromkeys(word for word in clean if word))


def _tidy(text: str) -> str:
    """One line: folds undone, control characters (header injection, NUL) become blanks."""
    return _CONTROL.sub(" ", _FOLD.sub("", text)).strip()


def _decode_words(words: list[tuple[str, str, str]], prior: str) -> Decoded:
    """Adjacent encoded words of one charset, joined as bytes before they become characters."""
    data: list[bytes] = []
    pending = ""
    for _, form, text in words:
        if form == "q":
            data.append(_decode_base64(pending))
            pending = ""
            data.append(binascii.a2b_qp(to_bytes(text), header=True))
        elif text.endswith("="):
            data.append(_decode_base64(pending + text))
            pending = ""
        else:
            pending += text  # some senders cut base64 in the middle of a group of four
    data.append(_decode_base64(pending))
    return decode(b"".join(data), words[0][0], prior=prior)


def _decode_base64(text: str) -> bytes:
    clean = re.sub(r"[^A-Za-z0-9+/]", "", text)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + "=" * (-len(clean) % 4)) if clean else b""


def _unquote(value: str) -> str:
    value = value.strip()
    if not value.startswith('"'):
        return value
    inner = value[1:-1] if value.endswith('"') and len(value) > 1 else value[1:]
    return inner.replace('\\"', '"').replace("\\\\", "\\") if "\\" in inner else inner


def _join_extended(parts: list[tuple[int, bool, str]], prior: str) -> str:
    """RFC 2231 pieces: percent-encoded ones are bytes of the charset the first one names."""
    if not any(extended for _, extended, _ in parts):
        return "".join(text for _, _, text in parts)
    label: str | None = None
    data: list[bytes] = []
    for place, (_, extended, text) in enumerate(parts):
        if extended and place == 0 and text.count("'") >= 2:
            label, _, text = text.split("'", 2)  # noqa: PLW2901 - the rest is the value
        octets = text.encode("utf-8", "surrogateescape")
        data.append(unquote_to_bytes(octets) if extended else octets)
    return decode(b"".join(data), label or None, prior=prior).text
