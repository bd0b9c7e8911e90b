"""Which keys may stand in maildesk.toml, of which types and within which bounds?

Structure only, table by table; what spans tables or touches the disk is `reading`'s question.
The texts raised here are "problem|remedy", completed with file, line and key by `toml`.
"""

from __future__ import annotations

import ipaddress
import re
from difflib import get_close_matches
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

Security = Literal["tls", "starttls", "none"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f]{1,64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG]?)i?B?", re.IGNORECASE)
_AUTHSERV_ID = re.compile(r"[a-z0-9_][a-z0-9._:-]{2,254}")
_HEADER_LINE = re.compile(r"[!-9;-~]{1,100}:[ \t]*[^\s\x00-\x1f][^\x00-\x1f]*")
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def object_to(problem: str, remedy: str) -> PydanticCustomError:
    """A fault in our own words; braces are escaped because pydantic formats the text."""
    return PydanticCustomError("own", "{said}", {"said": f"{problem}|{remedy}"})


def is_host(text: str) -> bool:
    """A DNS name (RFC 1123 §2.1, `_` tolerated) or an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        try:
            ascii_name = text.encode("idna").decode("ascii")
        except UnicodeError:
            return False
        labels = ascii_name.removesuffix(".").split(".")
        numeric = labels[-1].isdigit()
        return not numeric and all(_LABEL.fullmatch(label) for label in labels)
    return True


def is_address(text: str) -> bool:
    """`local@domain` without name, brackets or comments (RFC 5321 §4.1.2, dot-string only)."""
    local, at, domain = text.rpartition("@")
    dots_fit = not (local.startswith(".") or local.endswith(".") or ".." in local)
    return bool(at and _LOCAL.fullmatch(local) and dots_fit and is_host(domain))


def is_language(text: str) -> bool:
    """The look of a BCP 47 tag such as `zh-CN` or `en`."""
    return bool(_LANGUAGE.fullmatch(text))


def _check_host(text: str) -> str:
    if not is_host(text):
        raise object_to(
            f"{text!r} is not a host name", "Write only the name, such as mail.example.com."
        )
    return text


def _check_address(text: str) -> str:
    if not is_address(text):
        raise object_to(
            f"{text!r} is not a mail address", "Write it as name@example.com, nothing around it."
        )
    return text


def _check_envelope(text: str) -> str:
    return "" if text == "<>" else _check_address(text)


def _check_accepted(text: str) -> str:
    bare = text.removeprefix("@").lower()
    if not (is_address(bare) if "@" in bare else is_host(bare)):
        raise object_to(
            f"{text!r} is neither a domain nor an address",
            "Write a domain such as example.com or an address such as name@example.com.",
        )
    return bare


def _check_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        capital = any(name in text.lower() for name in ("beijing", "peking", "china"))
        near = get_close_matches(text, available_timezones(), n=1, cutoff=0.6)
        zone = "Asia/Shanghai" if capital or not near else near[0]  # the capital has no zone
        raise object_to(f"{text!r} is not a time zone", f"Did you mean {zone!r}?") from None
    return text


def _check_language(text: str) -> str:
    if not is_language(text):
        raise object_to(f"{text!r} is not a language tag", "Write one such as 'zh-CN' or 'en'.")
    return text


def _check_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise object_to(
            f"{text!r} cannot be a name here",
            "Use letters, digits, - and _ only; people read `name`, not this.",
        )
    return text


def _check_listen(text: str) -> str:
    host, _, port = text.rpartition(":")
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    if not is_host(host.removeprefix("[").removesuffix("]")) or not 0 < number < 65536:
        raise object_to(
            f"{text!r} is not a place to listen at",
            'Write host and port, such as "127.0.0.1:8025"; 0.0.0.0 stands for every interface.',
        )
    return text


def _check_base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and is_host(parts.hostname or "")
        bare = parts.username is None and not parts.query and not parts.fragment
        fits = fits and bare and text.isascii() and " " not in text and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise object_to(
            f"{text!r} is not the address of a site",
            "Write it as browsers see it, such as https://helpdesk.example.com.",
        )
    return text.rstrip("/")


def _check_server(text: str) -> str:
    """A name, a `.suffix`, a name with one `*`, an address or a network."""
    text = text.strip().lower()
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        name, star = text.removeprefix("."), "*" in text
        wide = (star and len(name) < 6) or (text.startswith(".") and "." not in name)
        if wide or not is_host(name.replace("*", "x", 1)):
            raise object_to(
                f"{text!r} is not a server",
                "Write a name such as mx.example.com, .example.com for all below it, "
                "or an address or network such as 192.0.2.10.",
            ) from None
        return text
    if network.prefixlen < (8 if network.version == 4 else 16):
        raise object_to(
            f"{text!r} is most of the world", "List only your own mail servers' addresses."
        )
    return str(network) if "/" in text else text


def _check_authserv_id(text: str) -> str:
    text = text.strip().lower()
    bare = text.removeprefix(".").replace("*", "", 1)
    if not _AUTHSERV_ID.fullmatch(bare):
        raise object_to(
            f"{text!r} is not an authserv-id",
            "Copy what stands first in the Authentication-Results of a mail you received.",
        )
    return text


def _check_internal(text: str) -> str:
    if text.strip().lower() == "authenticated":
        return "authenticated"
    if not _HEADER_LINE.fullmatch(text):
        raise object_to(
            f"{text!r} is no evidence maildesk knows",
            'Write "authenticated" or a whole header line, "Name: value".',
        )
    return text


def _check_size(given: object) -> object:
    if not isinstance(given, str):
        return _refuse_bool(given)
    found = _SIZE.fullmatch(given.strip())
    if found is None:
        raise object_to(f"{given!r} is not a size", 'Write a size such as "100 MB".')
    return int(float(found.group(1)) * _UNITS[found.group(2).upper()])


def _refuse_bool(given: object) -> object:
    if isinstance(given, bool):
        raise object_to("must be a number", "Write digits without quotes.")
    return given


def _refuse_blank(text: str) -> str:
    if not text.strip():
        raise object_to("is empty", "Give it a value, or take the line out for its default.")
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise object_to("holds a line break or control character", "Keep it on one line.")
    return text


Text = Annotated[str, AfterValidator(_refuse_blank)]
Name = Annotated[str, AfterValidator(_check_name)]
Host = Annotated[str, AfterValidator(_check_host)]
Mail = Annotated[str, AfterValidator(_check_address)]
Accepted = Annotated[str, AfterValidator(_check_accepted)]
Zone = Annotated[str, AfterValidator(_check_zone)]
Language = Annotated[str, AfterValidator(_check_language)]
Server = Annotated[str, AfterValidator(_check_server)]
AuthservId = Annotated[str, AfterValidator(_check_authserv_id)]
Internal = Annotated[str, AfterValidator(_check_internal)]
Port = Annotated[int, BeforeValidator(_refuse_bool), Field(ge=1, le=65535)]
Listen = Annotated[str, AfterValidator(_check_listen)]
Site = Annotated[str, AfterValidator(_check_base_url)]
Size = Annotated[int, BeforeValidator(_check_size), Field(ge=1024)]
Count = Annotated[int, BeforeValidator(_refuse_bool)]
Seconds = Annotated[float, BeforeValidator(_refuse_bool), Field(gt=0, le=86400)]


class Table(BaseModel):
    """Every table: unknown keys are faults, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Password(Table):
    """The four ways to give a password; `secrets` sees to it that only one is used."""

    password: str | None = Field(default=None, repr=False)
    password_file: Text | None = None
    password_env: Text | None = None
    password_credential: Name | None = None


class FilingTable(Table):
    mode: Literal["flag", "move", "leave"] = "flag"
    done: Text = "maildesk/Done"
    ignored: Text = "maildesk/Ignored"
    quarantined: Text = "maildesk/Quarantined"


class TrustTable(Table):
    authserv_ids: list[AuthservId] = []
    trusted_hosts: Annotated[list[Server], Field(min_length=1, examples=[["mx.example.com"]])]
    internal: list[Internal] = []


class MailboxTable(Password):
    host: Host = Field(examples=["imap.example.com"])
    port: Port | None = None
    security: Security = "tls"
    user: Text = Field(examples=["helpdesk@example.com"])
    folder: Text = "INBOX"
    desks: list[Text] | None = None
    ca_file: Text | None = None
    connect_timeout: Seconds = 15.0
    read_timeout: Seconds = 60.0
    # RFC 2177: a server may drop a connection that idled for 29 minutes.
    idle_seconds: Annotated[float, BeforeValidator(_refuse_bool), Field(ge=1, le=1740)] = 240.0
    poll_seconds: Seconds = 15.0
    filing: FilingTable = FilingTable()
    trust: TrustTable | None = None


class SmtpTable(Password):
    host: Host = Field(examples=["smtp.example.com"])
    port: Port | None = None
    security: Security = "tls"
    user: Text | None = None
    ca_file: Text | None = None
    envelope_sender: Annotated[str, AfterValidator(_check_envelope)] | None = None
    connections: Annotated[Count, Field(ge=1, le=50)] = 4
    timeout: Seconds = 60.0


class BudgetsTable(Table):
    per_address_hour: Annotated[Count, Field(ge=1)] = 5
    per_staff_hour: Annotated[Count, Field(ge=1)] = 100
    per_ticket_day: Annotated[Count, Field(ge=1)] = 20
    per_desk_hour: Annotated[Count, Field(ge=1)] = 500
    bounced_hours: Annotated[Count, Field(ge=0, le=8760)] = 168
    bounced_soft_hours: Annotated[Count, Field(ge=0, le=8760)] = 24


SecretName = Literal["id", "card", "address", "password"]


class PrivacyTable(Table):
    hide: list[SecretName] = ["id", "card", "address", "password"]
    staff_may_send: list[Literal["password"]] = ["password"]


class DeskTable(Table):
    addresses: Annotated[list[Mail], Field(min_length=1, examples=[["helpdesk@example.com"]])]
    name: Text = "IT服务台"
    name_en: Text = "IT Service Desk"
    profile: Name = "default"
    zone: Zone = "Asia/Shanghai"
    language: Language = "zh-CN"
    hotline: Text | None = None
    accept_from: list[Accepted] = []
    report_readers: list[Mail] = []
    plus_address: bool = False
    budgets: BudgetsTable = BudgetsTable()
    privacy: PrivacyTable = PrivacyTable()


class WebTable(Table):
    listen: Listen = "127.0.0.1:8025"
    base_url: Site = Field(examples=["https://helpdesk.example.com"])


class LimitsTable(Table):
    mail_size: Size = 100 * 1024**2
    worker_size: Size = 5 * 1024**2
    parse_seconds: Seconds = 20.0
    parse_memory: Annotated[Size, Field(ge=64 * 1024**2)] = 1024**3


_A_DESK = {"it": {"addresses": ["helpdesk@example.com"]}}


class Toml(Table):
    """The whole file."""

    data: Text = "data"
    database: Text | None = Field(default=None, repr=False)
    database_password: str | None = Field(default=None, repr=False)
    database_password_file: Text | None = None
    database_password_env: Text | None = None
    database_password_credential: Name | None = None
    people: Text | None = None
    rules: Text | None = None
    templates: Text | None = None
    secret: str | None = Field(default=None, repr=False)
    secret_file: Text | None = None
    secret_env: Text | None = None
    secret_credential: Name | None = None
    limits: LimitsTable = LimitsTable()
    smtp: SmtpTable | None = None
    web: WebTable | None = None
    desk: Annotated[dict[Name, DeskTable], Field(min_length=1, examples=[_A_DESK])]
    mailbox: dict[Name, MailboxTable] = {}


def find_table(path: tuple[str | int, ...]) -> type[Table] | None:
    """The table model that stands at `path`; None when none does."""
    model: Any = Toml
    rest = list(path)
    if rest and rest[0] in {"desk", "mailbox"}:
        model = DeskTable if rest[0] == "desk" else MailboxTable
        rest = rest[2:]
        if len(path) < 2:
            return None
    nested: dict[str, type[Table]] = {
        "limits": LimitsTable,
        "smtp": SmtpTable,
        "web": WebTable,
        "filing": FilingTable,
        "trust": TrustTable,
        "budgets": BudgetsTable,
        "privacy": PrivacyTable,
    }
    for key in rest:
        if not isinstance(key, str) or key not in model.model_fields or key not in nested:
            return None
        model = nested[key]
    return model  # type: ignore[no-any-return]
