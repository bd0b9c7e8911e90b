"""What does a header say? Encoded words, raw 8-bit bytes, parameters and message ids.

Works on the parser's raw values (surrogateescape), tolerant of what clients really write:
words split inside a character, words in quotes, RFC 2231 continuations, unlabelled bytes.
Addresses and dates are the parser of record's question, not this module's.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from maildesk.mail.characters.charset import Decoded, decode, widen
from maildesk.mail.header.parameters import scan

# A word's text ends before any `=?`, so a failed match never rescans what another start will see.
_WORD = re.compile(
    r"=\?([^?\s]{0,80})\?(?:([bB])\?([^?]*)|([qQ])\?((?:[^?=]|=(?!\?)|\?(?!=))*+))\?="
)
# A word cut off at the end of a header, or before the next one.
_OPEN = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?\s]{4,}(?:[ \t][^?\s]+)*+)\??\s*$")
_FOLD = re.compile(r"\r?\n(?=[ \t])|\r(?=[ \t])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ID = re.compile(r"<([^<>]{1,2000})>")
_BETWEEN_IDS = re.compile(r"[\s<>,;\"'()]+")
_COMMENT = re.compile(r"\([^()]*+\)")
_PIECE = re.compile(r"^([^*]+)(?:\*(\d{1,4}))?(\*)?$")
_ESCAPES = re.compile(r"%[89A-Fa-f][0-9A-Fa-f](?:%[0-9A-Fa-f]{2})+")


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

    def add_plain(text: str) -> None:
        nonlocal defect
        cut = _OPEN.search(text) if "=?" in text else None
        if cut is not None:
            if cut.start():
                add(decode(to_bytes(text[: cut.start()]), None, prior=prior))
            add(_decode_words([_Word.of(cut[1], cut[2], cut[3])], prior))
            defect = defect or "an encoded word does not end"
        else:
            add(decode(to_bytes(text), None, prior=prior))

    position = 0
    run: list[_Word] = []
    for match in _WORD.finditer(raw):
        gap = raw[position : match.start()]
        if run and gap.strip(" \t\r\n"):
            add(_decode_words(run, prior))
            run = []
        if not run and gap:
            add_plain(gap)
        form, text = (match[2], match[3]) if match[2] else (match[4], match[5])
        word = _Word.of(match[1], form, text)
        if run and run[-1].charset != word.charset:
            add(_decode_words(run, prior))
            run = []
        run.append(word)
        position = match.end()
    if run:
        add(_decode_words(run, prior))
    if position < len(raw):
        add_plain(raw[position:])
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
    found = scan(raw)
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, text in found.parameters:
        split = _PIECE.match(name)
        if split is None or (split[2] is None and split[3] is None):
            if name == "charset" and widen(plain.get(name)) is None:
                plain[name] = text  # the first one said nothing
            plain.setdefault(name, text)
        else:
            part = (split[3] is not None, text)
            pieces.setdefault(split[1], {}).setdefault(int(split[2] or 0), part)
    for name, parts in pieces.items():
        joined = _join_extended([parts[number] for number in sorted(parts)], prior)
        if joined or name not in plain:
            plain[name] = joined
    for name, text in plain.items():
        if "=?" in text:
            plain[name] = decode_value(text, prior=prior).text
        elif "name" in name and name not in pieces and "%" in text:
            plain[name] = _unescape_name(text)
    return found.value, plain


def find_ids(raw: str) -> tuple[str, ...]:
    """The message ids of a header in order, each once, without `<>` (RFC 5322 §3.6.4)."""
    found = _ID.findall(raw)
    if not found:
        bare = _COMMENT.sub(" ", raw)
        words = _BETWEEN_IDS.split(bare)
        found = [word for word in words if "@" in word.strip("@")] or bare.split()[:1]
    clean = ("".join(word.split()).strip("<>,;\"'") for word in found)
    whole = (word.encode("utf-8", "replace").decode() for word in clean)
    return tuple(dict.fromkeys(word for word in whole if word))


def _tidy(text: str) -> str:
    """One line: folds undone, control characters (header injection, NUL) become blanks."""
    return _CONTROL.sub(" ", _FOLD.sub("", text)).strip()


@dataclass(frozen=True, slots=True)
class _Word:
    """An encoded word. Words of one `charset` under two labels belong together all the same."""

    label: str
    charset: str
    quoted: bool
    text: str

    @classmethod
    def of(cls, label: str, form: str, text: str) -> _Word:
        name = label.partition("*")[0].lower()  # RFC 2231 §5: a language may follow
        return cls(name, widen(name) or name, form in "qQ", text)


def _decode_words(words: list[_Word], prior: str) -> Decoded:
    """Adjacent encoded words of one charset, joined as bytes before they become characters."""
    label = words[0].label
    joined = decode(b"".join(_to_octets(words)), label, prior=prior)
    if joined.defect is not None and len(words) > 1:
        single = [decode(b"".join(_to_octets([word])), word.label, prior=prior) for word in words]
        if all(one.defect is None for one in single):
            return Decoded("".join(one.text for one in single))
    letters = "".join(word.text for word in words if not word.quoted).rstrip("=")
    if joined.defect is None and len(letters) % 4 == 1 and "=" not in letters:
        return Decoded(joined.text, "an encoded word is damaged")
    return joined


def _to_octets(words: list[_Word]) -> list[bytes]:
    data: list[bytes] = []
    pending: list[str] = []
    for word in words:
        if word.quoted:
            data.append(_decode_base64("".join(pending)))
            pending = []
            data.append(binascii.a2b_qp(to_bytes(word.text), header=True))
        else:
            pending.append(word.text)  # some cut base64 in the middle of a group of four
            if word.text.endswith("="):
                data.append(_decode_base64("".join(pending)))
                pending = []
    data.append(_decode_base64("".join(pending)))
    return data


def _decode_base64(text: str) -> bytes:
    """What the letters say; padding inside ends one encoding and begins the next."""
    decoded: list[bytes] = []
    for segment in re.split("=+", text.replace("-", "+").replace("_", "/")):
        clean = re.sub(r"[^A-Za-z0-9+/]", "", segment)
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        if clean:
            decoded.append(binascii.a2b_base64(clean + "=" * (-len(clean) % 4)))
    return b"".join(decoded)


def _join_extended(parts: list[tuple[bool, str]], prior: str) -> str:
    """RFC 2231 pieces: percent-encoded ones are bytes of the charset the first one names."""
    if not any(extended for extended, _ in parts):
        return "".join(text for _, text in parts)
    label: str | None = None
    data: list[bytes] = []
    for place, (extended, text) in enumerate(parts):
        value = text
        if extended and place == 0:
            label, value = _split_charset(text)
        octets = to_bytes(value)
        data.append(unquote_to_bytes(octets) if extended else octets)
    return decode(b"".join(data), label or None, prior=prior).text


def _split_charset(text: str) -> tuple[str | None, str]:
    """`charset'language'value`; the second quote may be missing."""
    label, quote, rest = text.partition("'")
    if not quote or (label and widen(label) is None and "'" not in rest):
        return None, text
    _, again, value = rest.partition("'")
    return label, value if again else rest


def _unescape_name(text: str) -> str:
    """A file name percent-encoded without saying so; what is ASCII without its escapes stays."""
    if not text.isascii() or _ESCAPES.search(text) is None:
        return text
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return text
