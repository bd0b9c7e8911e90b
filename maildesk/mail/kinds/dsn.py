"""What do the machine-readable fields of a delivery report say (RFC 3464, RFC 6533)?

Reads them however they are laid out: folded, without blank lines between recipients or with too
many, under any label. Whether anybody should believe them is `bounce`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FIELD = re.compile(r"\s{0,20}([A-Za-z][A-Za-z0-9-]{1,60})[ \t]{0,20}:[ \t]*+(.*)")
_OURS = frozenset(
    {
        *("original-envelope-id", "reporting-mta", "dsn-gateway", "received-from-mta"),
        *("arrival-date", "original-recipient", "final-recipient", "action", "status"),
        *("remote-mta", "diagnostic-code", "last-attempt-date", "final-log-id", "will-retry-until"),
        *("x-actual-recipient", "x-display-name", "localized-reporting-mta"),
    }
)
_NEW_RECIPIENT = frozenset({"original-recipient", "final-recipient", "action"})
_NEEDED = _NEW_RECIPIENT | {"status"}
_MOST_LINES = 5_000
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.])([245])\d\d(?![\d.])")
_LOOKS = re.compile(r"^[ \t]*(?:final|original)-recipient[ \t]*:", re.IGNORECASE | re.MULTILINE)
_BESIDE = re.compile(r"^[ \t]*(?:action|status|reporting-mta)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_TYPES = frozenset({"rfc822", "utf-8", "smtp", "local", "system", "unknown", "x400", "dns"})
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_IMCEA = re.compile(r"IMCEA([A-Z0-9]{2,12})-(.{1,500})@[^@]{1,255}", re.IGNORECASE)
_ANGLE = re.compile(r"<([^<>\s]{1,320})>")
_TOKEN = re.compile(r"(?:\"[^\"\n]{1,64}\"|[^\s<>,;:()\"]{1,200})@[^\s<>,;:()\"@]{1,255}")
_ABOUT_THE_LETTER = ("5.2.3", "5.3.4", "5.7.")
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f]")
_FULL = re.compile(
    r"quota|mailbox (?:is |size |storage )?(?:full|exceed)|(?:mailbox|inbox|disk|"
    r"storage).{0,30}\bfull|"
    r"insufficient (?:disk|storage|system)|not enough (?:space|storage)|"
    r"over ?(?:the )?(?:size )?limit|"
    r"(?:邮箱|信箱|郵箱|空间|容量|空間).{0,8}(?:已?满|已?滿|不足|超)|容量.{0,6}超過|가득|"
    r"용량.{0,4}초과",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient's block. `address` "" when none is an internet address."""

    address: str
    action: str
    status: str | None
    diagnostic: str = ""


def looks_like_fields(text: str) -> bool:
    """Whether a text holds such fields at the beginning of its lines."""
    return _LOOKS.search(text) is not None and _BESIDE.search(text) is not None


def read_fields(text: str) -> tuple[Recipient, ...]:
    """The recipients of a report's fields, in order."""
    blocks = _split(text)
    return tuple(_read_block(block) for block in blocks if not block.keys().isdisjoint(_NEEDED))


def is_permanent(status: str | None, said: str, action: str | None) -> bool | None:
    """Whether the address is dead: a full mailbox and what may pass later are not (RFC 3463 §2).

    None where the status speaks of the letter (its size, a policy): that says nothing of the next.
    """
    if action == "delayed":
        return False
    if status is None or action not in (None, "failed"):
        return None
    if status.startswith("4"):
        return False
    if not status.startswith("5"):
        return None
    if status == "5.2.2" or _FULL.search(said[:2000]):
        return False
    return None if status.startswith(_ABOUT_THE_LETTER) else True


def read_address(value: str) -> str:
    """The address in `rfc822; <a@b> (comment)` and its kin, "" when there is none."""
    kind, semicolon, rest = value.partition(";")
    text = rest if semicolon else value
    if semicolon and kind.strip().lower() not in _TYPES and "@" in kind:
        text = kind
    text = _NOT_PRINTED.sub("", text).strip()[:1000]
    text = _UNICODE.sub(_decode_unicode, text)
    found = _ANGLE.search(text) or _TOKEN.search(text)
    if found is None:
        text = _decode_xtext(text)  # a@b, whole, as RFC 3461 §4.2 hands it on
        found = _TOKEN.fullmatch(text)
        return found[0] if found else ""
    address = found[1] if found.re is _ANGLE else found[0]
    address = address.removeprefix("mailto:").removeprefix("SMTP:").removeprefix("smtp:")
    if "@" not in address:
        return ""
    return _unwrap(address.strip("'.,"))


def _decode_unicode(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    printable = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if printable and chr(number).isprintable() else ""


def _decode_xtext(text: str) -> str:
    return _XTEXT.sub(lambda match: _printed(int(match[1], 16)), text)


def _printed(number: int) -> str:
    return chr(number) if 0x20 < number < 0x7F else ""


def _unwrap(address: str) -> str:
    """Exchange's capsules around another address; one around a directory name stays as it is."""
    found = _IMCEA.fullmatch(address)
    if found is not None:
        inner = _decode_xtext(found[2])
        return inner if _TOKEN.fullmatch(inner) else address
    if "+2B" in address or "+3D" in address:
        return address.replace("+3D", "=").replace("+2B", "+")
    return address


def _split(text: str) -> list[dict[str, str]]:
    """Blocks of fields. A recipient's second address or action begins the next recipient."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_MOST_LINES]
    blocks: list[dict[str, str]] = [{}]
    last = ""
    pieces: dict[tuple[int, str], list[str]] = {}
    for line in lines:
        if not line.strip():
            if blocks[-1]:
                blocks.append({})
            last = ""
            continue
        field = _FIELD.match(line)
        name = field[1].lower() if field else ""
        if line[0] in " \t" and last and name not in _OURS:
            pieces[len(blocks) - 1, last].append(line.strip())
            continue
        if field is None:
            last = ""
            continue
        block = blocks[-1]
        if name in block and name in _NEW_RECIPIENT:
            block = {}
            blocks.append(block)
        elif name in _NEEDED and not block and len(blocks) > 1:
            block = _join(blocks, name)
        elif name == "original-recipient" and "final-recipient" in block and "action" in block:
            block = {}  # the next one begins with what the last one did not have
            blocks.append(block)
        if name not in block:
            block[name] = ""
            pieces[len(blocks) - 1, name] = [field[2].strip()]
            last = name
        else:
            last = ""
    for (place, name), values in pieces.items():
        blocks[place][name] = " ".join(values)
    return blocks


def _join(blocks: list[dict[str, str]], name: str) -> dict[str, str]:
    """The block a field belongs to that stands after a blank line nobody meant."""
    before = blocks[-2]
    known = "original-recipient" in before or "final-recipient" in before
    missing = name in ("action", "status") or "action" not in before
    if known and missing and name not in before and name != "original-recipient":
        blocks.pop()
        return before
    return blocks[-1]


def _read_block(block: dict[str, str]) -> Recipient:
    diagnostic = block.get("diagnostic-code", "")
    status = find_status(block.get("status", "")) or find_status(diagnostic)
    address = ""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        found = read_address(block.get(name, ""))
        if found and (not address or address.upper().startswith("IMCEA")):
            address = found
    return Recipient(address, _read_action(block.get("action", ""), status), status, diagnostic)


def _read_action(value: str, status: str | None) -> str:
    word = value.strip().lower()
    for start, action in _ACTIONS:
        if word.startswith(start):
            return action
    return {"5": "failed", "4": "delayed", "2": "delivered"}.get((status or "")[:1], "")


_ACTIONS: Sequence[tuple[str, str]] = (
    ("fail", "failed"),
    ("delay", "delayed"),
    ("deliver", "delivered"),
    ("relay", "relayed"),
    ("expand", "expanded"),
)


def find_status(text: str) -> str | None:
    """The enhanced status (RFC 3463) in a field, else the class of its SMTP reply."""
    found = _STATUS.search(text[:2000])
    if found:
        return found[1]
    reply = _REPLY.search(text[:2000])
    return f"{reply[1]}.0.0" if reply else None
