"""What stands for words that nobody here can read, and what stays of those one can."""

from __future__ import annotations

import pytest
from builders import incoming

from maildesk.desk.arrival.encrypted import is_closed, read_title, read_words

ARMOR = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"


@pytest.mark.parametrize(
    ("encrypted", "reply", "closed", "words"),
    [
        (False, "好了", False, "好了"),
        (False, "", False, ""),
        (True, " \n", True, "(This mail is encrypted and cannot be read here; it is attached"),
        (True, ARMOR, True, f"it follows as it came)\n\n{ARMOR}"),
        (True, "请看附件", False, "请看附件\n\n(More of this mail is encrypted"),
        (False, ARMOR, False, ARMOR),
    ],
)
def test_what_cannot_be_read_is_said_and_what_can_is_kept(
    encrypted: bool, reply: str, closed: bool, words: str
) -> None:
    mail = incoming(encrypted=encrypted, reply=reply)
    assert is_closed(mail) is closed
    assert words in read_words(mail, "en")


def test_that_its_sender_was_asked_is_said_where_he_was() -> None:
    mail = incoming(encrypted=True, reply="")
    assert read_words(mail, "zh-CN", asked=True).endswith("（已请对方改用普通邮件重发）")
    assert read_words(incoming(reply="好了"), "zh-CN", asked=True) == "好了"


@pytest.mark.parametrize("title", ["", "...", "…", "——"])
def test_a_title_that_says_nothing_is_replaced(title: str) -> None:
    assert read_title(incoming(encrypted=True, reply=""), title, "zh-CN") == "（加密邮件）"
    assert read_title(incoming(encrypted=True, reply=""), "VPN", "zh-CN") == "VPN"
    assert read_title(incoming(), title, "zh-CN") == title
