"""A mail whose words nobody here can read: what stands in their place, and who is asked again.

Pure. Its sender is asked once to send it unencrypted: in the acknowledgement of a new ticket, on a
known one by a letter of its own, once a day.
"""

from __future__ import annotations

from maildesk.desk.letters.phrases import phrase
from maildesk.mail.message import Incoming

_ARMOR = "-----BEGIN PGP MESSAGE-----"  # RFC 9580 §6.2


def is_closed(mail: Incoming) -> bool:
    """Whether it is encrypted and nothing readable stands beside that."""
    said = mail.reply.lstrip()
    return mail.encrypted and (not said or said.startswith(_ARMOR))


def read_words(mail: Incoming, language: str, *, asked: bool = False) -> str:
    """The new words; of a mail that cannot be read, or not wholly, a sentence that says so.

    `asked`: and that its sender was asked to send it again.
    """
    if not mail.encrypted:
        return mail.reply
    said = mail.reply.strip()
    what = "encrypted_inline" if said.startswith(_ARMOR) else "encrypted_partly"
    told = phrase(what if said else "encrypted_words", language)
    if asked:
        told = f"{told}\n{phrase('encrypted_asked', language)}"
    # What somebody wrote comes first; armor is nobody's words, and long.
    parts = (told, said) if is_closed(mail) else (said, told)
    return "\n\n".join(filter(None, parts))


def read_title(mail: Incoming, title: str, language: str) -> str:
    """The title, or what stands for it where the true subject is encrypted too (RFC 9788 §4.2)."""
    if not is_closed(mail) or any(char.isalnum() for char in title):
        return title
    return phrase("encrypted_title", language)
