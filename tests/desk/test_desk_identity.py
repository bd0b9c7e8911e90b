"""The same letter is known again through gateways and lists; another letter is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import incoming

from maildesk.desk.arrival.identity import identify_letter, identify_sighting
from maildesk.desk.arrival.language import choose, detect

DATED = (("Date", "Fri, 20 Nov 2026 09:59:00 +0800"),)


@pytest.mark.parametrize(
    "words",
    [
        "三楼的打印机又卡纸了，麻烦看一下。\n",
        "三楼的打印机又卡纸了，\n麻烦看一下。  \n\n",
        "[External]\n三楼的打印机又卡纸了，麻烦看一下。",
        "【外部邮件】\n三楼的打印机又卡纸了，麻烦看一下。",
        "CAUTION: This email originated from outside of the organization.\n"
        "三楼的打印机又卡纸了，麻烦看一下。",
        "三楼的打印机又卡纸了，麻烦看一下。\n" + "_" * 40 + "\nall mailing list\nhttps://x",
    ],
)
def test_banners_footers_and_blanks_do_not_make_another_letter(words: str) -> None:
    one = incoming(headers=DATED)
    assert identify_letter("it", one, "a") == identify_letter("it", replace(one, reply=words), "b")


def test_other_words_another_desk_or_another_date_do() -> None:
    one = incoming(headers=DATED)
    others = (
        identify_letter("hr", one, "a"),
        identify_letter("it", replace(one, reply="别的内容"), "a"),
        identify_letter("it", replace(one, headers=()), "a"),
    )
    assert identify_letter("it", one, "a") not in others


def test_without_a_message_id_only_the_bytes_count() -> None:
    one = incoming(message_id=None)
    assert identify_letter("it", one, "a") != identify_letter("it", one, "b")
    assert identify_letter("it", one, "a") == identify_letter("it", replace(one, reply="x"), "a")


def test_a_sighting_is_known_by_message_id_and_date() -> None:
    assert identify_sighting("a@b", "d", 1) == identify_sighting("a@b", "d", 2)
    assert identify_sighting("a@b", "d", 1) != identify_sighting("a@b", "e", 1)
    assert identify_sighting(None, "d", 1) != identify_sighting(None, "d", 2)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("电脑坏了", "zh-CN"),
        ("我的 Outlook 打不开 Excel 附件", "zh-CN"),
        ("The printer is jammed", "en"),
        ("ok", None),
        ("12345", None),
        ("プリンターが動きません", "ja"),
        ("프린터가 고장났어요", "ko"),
        ("VPN connection to 上海 office fails since this morning", "en"),
    ],
)
def test_the_language_is_told_by_the_script(text: str, language: str | None) -> None:
    assert detect(text) == language


def test_a_persons_own_language_comes_first_and_the_desks_last() -> None:
    assert choose("en", ("电脑坏了",), "zh-CN") == "en"
    assert choose(None, ("ok", "The printer is jammed"), "zh-CN") == "en"
    assert choose(None, ("ok",), "zh-CN") == "zh-CN"
