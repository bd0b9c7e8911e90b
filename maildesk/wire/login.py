"""From a fresh IMAP connection to a logged-in one: STARTTLS, who we are, user and password.

Each refusal says what an administrator can change. `client` is an IMAPClient; its errors are
imaplib's: `abort` means the connection is gone, plain `error` that the server said no.
"""

from __future__ import annotations

import re
import ssl
from imaplib import IMAP4
from typing import Any

from maildesk import __version__
from maildesk.config.values import ImapAccount
from maildesk.wire.fault import Cause, Disconnected, Refused, one_line

_TEMPORARY = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many|try again", re.I)
_ATOM = re.compile(r"[A-Za-z0-9.@_+=~/-]+\Z")


def start_tls(client: Any, context: ssl.SSLContext, place: str) -> None:
    """Upgrade the connection; `Refused`, with nothing secret sent, where that is not offered."""
    try:
        client.starttls(context)
    except IMAP4.abort:
        raise
    except IMAP4.error as error:
        raise Refused(
            f"{place}: the server offers no STARTTLS ({one_line(error)}); nothing was sent. "
            'Try security = "tls" with port 993',
            Cause.TLS,
        ) from error


def log_in(client: Any, account: ImapAccount, place: str) -> None:
    """LOGIN, or AUTHENTICATE PLAIN (RFC 4616) where LOGIN cannot carry the password."""
    simple = account.user.isascii() and account.password.isascii()
    plain = client.has_capability("AUTH=PLAIN")
    if not simple and not plain:
        raise Refused(
            f"{place}: user or password has non-ASCII characters, which this server cannot take "
            "(no AUTH=PLAIN); set a password of ASCII characters",
            Cause.PASSWORD,
        )
    if client.has_capability("LOGINDISABLED") and not plain:
        raise Refused(
            f"{place}: the server takes no password on an unprotected connection; set "
            'security = "starttls" or "tls"',
            Cause.TLS,
        )
    try:
        if plain and (not simple or client.has_capability("LOGINDISABLED")):
            client.plain_login(account.user, account.password)
        else:
            client.login(_quote(account.user), account.password)
    except IMAP4.abort:
        raise
    except IMAP4.error as error:
        # imapclient turns whatever went wrong during a login into a LoginError.
        reason = error.__context__ or error
        if isinstance(reason, IMAP4.abort):
            raise reason from None
        said = one_line(reason)
        if _TEMPORARY.search(said):
            text = f"{place}: the server is too busy to log in ({said}); trying again"
            raise Disconnected(text, Cause.BUSY) from error
        raise Refused(
            f"{place}: login of {account.user} refused ({said}); check user and password. Many "
            "providers want an app password or authorisation code here",
            Cause.PASSWORD,
        ) from error


def say_who(client: Any) -> None:
    """Send ID (RFC 2971): 163, 126 and yeah.net refuse SELECT without it; nobody else minds."""
    if not client.has_capability("ID"):
        return
    try:
        client.id_({"name": "maildesk", "version": __version__, "vendor": "maildesk"})
    except IMAP4.abort:
        raise
    except IMAP4.error:
        return


def _quote(user: str) -> str:
    """A user name as imaplib needs it: it quotes the password, not the name."""
    if _ATOM.match(user):
        return user
    return '"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"'
