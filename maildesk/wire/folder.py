"""Folders of an IMAP account: open one, name one in the server's spelling, move mails into one.

`client` is a logged-in IMAPClient; its errors are imaplib's: `abort` means the connection is gone,
plain `error` that the server said no.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from imaplib import IMAP4
from typing import Any

from maildesk.wire.fault import Cause, Refused, one_line


@dataclass(frozen=True, slots=True)
class FolderState:
    """The folder as SELECT showed it (RFC 3501 §6.3.1); `uidnext` 0 where the server hides it."""

    uidvalidity: int
    uidnext: int
    exists: int


def select(
    client: Any, folder: str, place: str, *, read_only: bool = False
) -> tuple[str, FolderState]:
    """Open the folder, written as it is or with `/` for a level; its name there, and its state.

    `read_only` is EXAMINE (RFC 3501 §6.3.2): not even \\Recent is taken from other clients.
    """
    name = folder
    try:
        answer = client.select_folder(folder, readonly=read_only)
    except IMAP4.readonly as error:
        raise Refused(
            f"{place}: the account may only read {folder}; give it the right to change flags",
            Cause.FOLDER,
        ) from error
    except IMAP4.abort:
        raise
    except IMAP4.error as error:
        name, answer = _select_translated(client, folder, place, error, read_only)
    if b"UIDVALIDITY" not in answer:
        raise Refused(
            f"{place}: the folder {folder} has no UIDVALIDITY, so its mails cannot be told "
            "apart; use another folder or server",
            Cause.FOLDER,
        )
    state = FolderState(
        uidvalidity=int(answer[b"UIDVALIDITY"]),
        uidnext=int(answer.get(b"UIDNEXT", 0)),
        exists=int(answer[b"EXISTS"]),
    )
    return name, state


def name_folder(client: Any, folder: str) -> str:
    """`folder` with the server's level separator for `/`, under its personal namespace."""
    prefix, separator = "", None
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        if personal:
            prefix, separator = str(personal[0][0]), personal[0][1]
    if separator is None:
        listed = client.list_folders("", "")
        separator = listed[0][1] if listed else b"/"
    level = separator.decode() if isinstance(separator, bytes) else str(separator or "/")
    name = folder.replace("/", level)
    return name if name.startswith(prefix) else prefix + name


def move(client: Any, uids: Sequence[int], name: str) -> None:
    """Move mails to the folder of that (translated) name, creating it when the server says no."""
    try:
        _move(client, uids, name)
    except IMAP4.abort:
        raise
    except IMAP4.error:
        _create(client, name)
        _move(client, uids, name)


def _move(client: Any, uids: Sequence[int], name: str) -> None:
    if client.has_capability("MOVE"):
        client.move(uids, name)
        return
    client.copy(uids, name)
    client.add_flags(uids, [r"\Deleted"], silent=True)
    # A plain EXPUNGE would also remove what people marked; without UIDPLUS the originals stay.
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)


def _create(client: Any, name: str) -> None:
    try:
        client.create_folder(name)
        client.subscribe_folder(name)
    except IMAP4.abort:
        raise
    except IMAP4.error:
        # It may exist already, or be barred from subscription; the move that follows will tell.
        return


def _select_translated(
    client: Any, folder: str, place: str, error: IMAP4.error, read_only: bool
) -> tuple[str, Any]:
    said = one_line(error)
    if "unsafe login" in said.lower():
        advice = "allow IMAP clients in the provider's web settings"
    else:
        translated = name_folder(client, folder)
        if translated != folder:
            with suppress(IMAP4.error):
                return translated, client.select_folder(translated, readonly=read_only)
        names = [str(name) for _, _, name in client.list_folders()][:20]
        advice = f"folders there: {', '.join(names)}"
    raise Refused(
        f"{place}: the folder {folder} cannot be opened ({said}); {advice}", Cause.FOLDER
    ) from error
