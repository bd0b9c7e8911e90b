"""What can be wrong between us and a server, in words an administrator can act on.

`Disconnected` heals by connecting again; `Refused` needs a person, who reads its text in `check`,
the log and the health page. Neither says anything about a mail.
"""

from __future__ import annotations

import socket
import ssl
from enum import StrEnum

from maildesk.errors import Transient


class Cause(StrEnum):
    """The kind of fault, for health states and tests; the text is for people."""

    NETWORK = "network"
    CERTIFICATE = "certificate"
    TLS = "tls"
    PASSWORD = "password"
    FOLDER = "folder"
    BUSY = "busy"
    OTHER = "other"


class Disconnected(Transient):
    """The connection is gone or out of step: connect again after a while (`backoff`)."""

    def __init__(self, text: str, cause: Cause = Cause.NETWORK) -> None:
        super().__init__(text)
        self.cause = cause


class Refused(Transient):
    """The server understood and said no; trying again helps only once somebody changed a thing."""

    def __init__(self, text: str, cause: Cause = Cause.OTHER) -> None:
        super().__init__(text)
        self.cause = cause


def explain(error: BaseException, host: str, port: int, doing: str) -> Disconnected | Refused:
    """Say in one line what a socket or TLS error means for the person who configured the server.

    `doing` completes "while …", e.g. "connecting".
    """
    place = f"{host}:{port}"
    match error:
        case ssl.SSLCertVerificationError():
            return Refused(
                f"{place}: the certificate is not accepted ({error.verify_message or error}); "
                "use the host name the certificate names, or set ca_file to the authority's PEM",
                Cause.CERTIFICATE,
            )
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            text = f"the server closed the TLS connection while {doing}"
        case ssl.SSLError():
            return Refused(
                f"{place}: no TLS connection ({one_line(error)}); does this port speak TLS at "
                'once? If not, set security = "starttls"',
                Cause.TLS,
            )
        case socket.gaierror():
            text = f"the name {host} is not known; check host, or DNS"
        case ConnectionRefusedError():
            text = "nothing answers there; check host and port, and firewalls between"
        case TimeoutError():
            text = f"no answer in time while {doing}"
        case _:
            text = f"connection lost while {doing} ({one_line(error)})"
    return Disconnected(f"{place}: {text}")


def one_line(text: object) -> str:
    """A server's or library's words on one line, at most 300 characters, no control characters."""
    if isinstance(text, Exception) and text.args and isinstance(text.args[0], bytes):
        text = text.args[0]  # imaplib puts the server's line there as it came
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    printable = "".join(c if c.isprintable() else " " for c in str(text))
    return " ".join(printable.split())[:300]
