"""A mail whose words nobody here can read: what stands in their place, and who is asked again.

Pure. Its sender is asked once to send it unencrypted: in the acknowledgement of a new ticket, on a
known one by a letter of its own, once a day.
"""

from __future__ import annotations

from maildesk.desk.phrases import phrase
from maildesk.mail.message import Incoming


def is_closed(mail: Incoming) -> bool:
    """Whether it is encrypted and nothing readable stands beside that."""
    return mail.encrypted and not mail.reply.strip()


def read_words(mail: Incoming, language: str, *, asked: bool = False) -> str:
    """The new words; of a mail that cannot be read, a sentence that says so.

    `asked`: and that its sender was asked to send it again.
    """
    if not is_closed(mail):
        return mail.reply
    said = phrase("encrypted_words", language)
    return f"{said}\n{phrase('encrypted_asked', language)}" if asked else said


def read_title(mail: Incoming, title: str, language: str) -> str:
    """The title, or what stands for it where the true subject is encrypted too (RFC 9788 §4.2)."""
    if not is_closed(mail) or any(char.isalnum() for char in title):
        return title
    return phrase("encrypted_title", language)
