"""Human words go to those who should read them and have not, and nothing internal goes with them.

What is held instead is `test_journeys_held`; every client's form is `test_journeys_canary`.
"""

from __future__ import annotations

import logging
import re
from base64 import encodebytes
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from mimetypes import guess_type
from typing import Any

import pytest
from forging import OF_VENDOR, VENDOR, find_code
from thread import (
    CHEN,
    LIU,
    UNPROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.mail.proof import ids

WORDS = "已在路上，十分钟到。\n"
COLLEAGUE = "li@corp.test"
LOGO = b"\x89PNG the company's logo"
PHOTO = b"\xff\xd8 a photo of the display"
MANUAL = b"%PDF-1.4 how to print"
Part = tuple[str, bytes, str]


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    return world


def with_files(raw: bytes, *files: Part) -> bytes:
    """A mail of one part, with files: (name, content, `inline` or `attachment`)."""
    head, _, body = raw.partition(b"Content-Type: text/plain")
    parts = [b"Content-Type: text/plain" + body]
    for name, data, kind in files:
        parts.append(
            f'Content-Type: {guess_type(name)[0]}; name="{name}"\r\n'
            f'Content-Disposition: {kind}; filename="{name}"\r\nContent-ID: <{name}>\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n".encode()
            + encodebytes(data).replace(b"\n", b"\r\n")
        )
    inner = b"".join(b"--cut\r\n" + part + b"\r\n" for part in parts)
    return (
        head + b'Content-Type: multipart/related; boundary="cut"\r\n\r\n' + inner + b"--cut--\r\n"
    )


def send_files(world: World, sender: str, answers: str, text: str, *files: Part) -> None:
    """`write` with files."""
    arrive = world.mailbox.arrive

    def pack(raw: bytes, internaldate: datetime | None = None) -> int:
        return arrive(with_files(raw, *files), internaldate)

    world.mailbox.arrive = pack  # type: ignore[method-assign]
    try:
        write(world, sender, text, answers=answers)
    finally:
        world.mailbox.arrive = arrive  # type: ignore[method-assign]


def names(letter: EmailMessage) -> list[str]:
    return [str(part.get_filename()) for part in letter.iter_attachments()]


# ── two kinds of letters ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["near", "missed", "transcript"])
def test_an_answer_to_an_internal_letter_is_a_note(kind: str, desk: World) -> None:
    if kind == "transcript":
        engineer_answers(desk, "dispatch", "#状态\n")
    else:
        desk.later(hours=5 if kind == "near" else 30)
    engineer_answers(desk, kind, "她自己拔过线。\n")
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert event_kinds(desk)[-1] == "note"
    assert ticket(desk)["responded_at"] is None


def test_a_name_as_his_address_spells_it_is_his_and_begins_his_signature(desk: World) -> None:
    engineer_answers(desk, "dispatch", f"{WORDS}\nBest regards,\nLiu\nIT Department, ext. 8005\n")
    letter = read(last_letter(desk, ZHANG))
    assert WORDS.strip() in letter
    assert "IT Department" not in letter


def test_the_log_names_who_wrote_also_a_member_of_staff(
    desk: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "maildesk"):
        engineer_answers(desk, "dispatch", WORDS)
    said = [record for record in caplog.records if record.getMessage() == "appended"]
    assert [getattr(record, "about", {})["sender"] for record in said] == [LIU.key]


@pytest.mark.parametrize("kind", ["dispatch", "answer"])
def test_an_answer_to_a_letter_about_the_requester_goes_to_her(kind: str, desk: World) -> None:
    if kind == "answer":
        requester_answers(desk, "ack", "是靠窗那台。\n")
    engineer_answers(desk, kind, WORDS)
    letter = last_letter(desk, ZHANG)
    assert WORDS.strip() in read(letter)
    assert letter["Auto-Submitted"] is None
    assert letter["From"].addresses[0].addr_spec == "desk@corp.test"
    assert [item.addr_spec for item in letter["To"].addresses] == [ZHANG.key]
    assert letter["Cc"] is None
    assert ticket(desk)["responded_at"] is not None


# ── who has it already, who is in Cc ──────────────────────────────────────────────────────────


def test_an_answer_to_all_is_logged_and_counts_but_is_not_sent_again(desk: World) -> None:
    engineer_answers(desk, "dispatch", WORDS, headers=(f"Cc: {ZHANG.key}",))
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert ticket(desk)["responded_at"] is not None
    assert "relayed" in event_kinds(desk)


def test_an_answer_to_all_that_solves_still_says_how_to_confirm(desk: World) -> None:
    text = f"#已解决\n{WORDS}"
    engineer_answers(desk, "dispatch", text, headers=(f"Cc: {ZHANG.key}",))
    assert kinds(desk, ZHANG.key) == ["ack", "solved"]
    letter = read(last_letter(desk, ZHANG))
    assert "好了" in letter
    assert WORDS.strip() not in letter
    assert ticket(desk)["state"] == "to_confirm"


def test_her_cc_reads_what_people_say_and_no_machine(make_world: Callable[..., World]) -> None:
    world = open_desk(make_world)
    open_ticket(world, headers=(f"Cc: 李四 <{COLLEAGUE}>",))
    assert kinds(world, COLLEAGUE) == []
    engineer_answers(world, "dispatch", WORDS)
    requester_answers(world, "ack", "怎么还没好？\n")
    engineer_answers(world, "dispatch", "#已解决\n已更换硒鼓，请再试一次。\n")
    assert kinds(world, COLLEAGUE) == ["progress", "solved"]
    assert kinds(world, ZHANG.key) == ["ack", "progress", "status", "solved"]
    for letter in world.transport.letters(COLLEAGUE):
        assert [item.addr_spec for item in letter["To"].addresses] == [COLLEAGUE]
        assert ZHANG.key not in letter.as_string()


# ── a vendor ──────────────────────────────────────────────────────────────────────────────────


def ask_vendor(world: World) -> None:
    engineer_answers(world, "dispatch", f"#转厂商 联想售后 {VENDOR}\n请报价：搓纸轮。\n")


def vendor_answers(world: World, text: str, **given: Any) -> None:
    answered = last_id(world, "vendor")
    values = {"border": OF_VENDOR, "subject": "Re: quote", **given}
    write(world, f"Support <{VENDOR}>", text, answers=answered, **values)


def test_words_to_a_vendor_and_back_stay_between_him_and_the_engineer(desk: World) -> None:
    ask_vendor(desk)
    assert kinds(desk, VENDOR) == ["vendor"]
    assert "搓纸轮" in read(last_letter(desk, VENDOR))
    assert kinds(desk, ZHANG.key) == ["ack"]
    vendor_answers(desk, "300 yuan, next week.\n")
    assert kinds(desk, LIU.key)[-1] == "answer"
    assert kinds(desk, ZHANG.key) == ["ack"]
    engineer_answers(desk, "answer", "好，请寄到前台。\n")
    assert kinds(desk, VENDOR) == ["vendor", "vendor"]
    assert "请寄到前台" in read(last_letter(desk, VENDOR))
    assert kinds(desk, ZHANG.key) == ["ack"]
    engineer_answers(desk, "dispatch", "配件下周到，请先用二楼打印机。\n")
    assert kinds(desk, ZHANG.key) == ["ack", "progress"]
    assert kinds(desk, VENDOR) == ["vendor", "vendor"]


def test_whom_a_vendor_copies_reads_nothing(desk: World) -> None:
    ask_vendor(desk)
    vendor_answers(desk, "300 yuan.\n", headers=("Cc: sales@vendor.test",))
    engineer_answers(desk, "dispatch", WORDS)
    requester_answers(desk, "progress", "谢谢\n")
    assert not desk.transport.letters("sales@vendor.test")


def test_an_answer_to_a_vendor_that_only_the_code_names_goes_to_nobody_else(desk: World) -> None:
    """A client that sends no References: the code knows that it was a vendor's letter."""
    ask_vendor(desk)
    vendor_answers(desk, "300 yuan.\n")
    code = find_code(desk, "answer")
    text = f"好，请寄到前台。\n\n≡≡≡ 请在此行以上回复 · Reply above this line ≡≡≡\n〔{code}〕\n"
    write(desk, LIU, text)
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert kinds(desk, VENDOR) == ["vendor", "vendor"]


def test_what_the_requester_must_read_goes_to_her_even_in_answer_to_a_vendor(desk: World) -> None:
    ask_vendor(desk)
    vendor_answers(desk, "The part was replaced.\n")
    engineer_answers(desk, "answer", "#已解决\n厂商已换搓纸轮，请再试一次。\n")
    assert kinds(desk, ZHANG.key) == ["ack", "solved"]
    assert kinds(desk, VENDOR) == ["vendor"]


# ── files ─────────────────────────────────────────────────────────────────────────────────────


def test_new_files_go_along_and_old_ones_and_logos_do_not(make_world: Callable[..., World]) -> None:
    world = open_desk(make_world)
    open_ticket(world, attachment=("photo.jpg", PHOTO))
    send_files(
        world,
        f"刘洋 <{LIU.key}>",
        last_id(world, "dispatch"),
        "请看说明。\n",
        ("image001.png", LOGO, "inline"),
        ("photo.jpg", PHOTO, "attachment"),
        ("manual.pdf", MANUAL, "attachment"),
    )
    letter = last_letter(world, ZHANG)
    assert names(letter) == ["manual.pdf"]
    assert "manual.pdf" in read(letter)
    assert "photo.jpg" not in letter.as_string()


def test_her_new_files_reach_the_engineer(desk: World) -> None:
    send_files(
        desk,
        f"张敏 <{ZHANG.key}>",
        last_id(desk, "ack"),
        "照片如下。\n",
        ("photo.jpg", PHOTO, "attachment"),
    )
    assert names(last_letter(desk, LIU)) == ["photo.jpg"]


def test_too_large_files_are_refused_with_a_word_and_nothing_leaves(desk: World) -> None:
    large = b"0123456789abcdef" * (11 * 1024 * 64)
    send_files(
        desk,
        f"刘洋 <{LIU.key}>",
        last_id(desk, "dispatch"),
        "#已解决\n请装这个驱动。\n",
        ("driver.zip", large, "attachment"),
    )
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert ticket(desk)["solved_at"] is None
    told = read(last_letter(desk, LIU))
    assert "10.0 MB" in told


# ── what must never stand in a letter to others ───────────────────────────────────────────────


def test_references_name_only_what_their_reader_has_seen(desk: World) -> None:
    """By reader: what he sent or got himself, and the ticket's anchor, which says nothing."""
    requester_answers(desk, "ack", "是靠窗那台。\n")
    engineer_answers(desk, "answer", WORDS)
    engineer_answers(desk, "dispatch", "#协办 陈晨\n")
    engineer_answers(desk, "dispatch", "请重启一次。\n", by=CHEN)
    ask_vendor(desk)
    vendor_answers(desk, "300 yuan.\n")
    engineer_answers(desk, "answer", "好。\n")
    requester_answers(desk, "progress", "好的，还是不行\n")
    anchor = ids.anchor(desk.press.secrets[0], 1, "corp.test")
    for reader in (ZHANG.key, LIU.key, CHEN.key, VENDOR):
        letters = desk.transport.letters(reader)
        assert letters
        query = f"SELECT message_id FROM letters WHERE sender = '{reader}'"
        own = {row[0] for row in desk.rows(query)}
        seen = {str(letter["Message-ID"]).strip("<>") for letter in letters} | own | {anchor}
        for letter in letters:
            named = f"{letter['References'] or ''} {letter['In-Reply-To'] or ''}"
            assert set(re.findall(r"<([^>]+)>", named)) <= seen, reader


def test_nothing_internal_stands_in_any_letter_to_others(desk: World) -> None:
    card = "-- \n刘洋\n电话：021-5555 8005\nliu@corp.test\n"
    engineer_answers(desk, "dispatch", "#等用户\n是哪一台？\n\n发自我的iPhone\n")
    requester_answers(desk, "question", "靠窗那台\n")
    engineer_answers(desk, "answer", f"#预计 17:00\n#优先级 低\n配件已订。\n\n{card}")
    engineer_answers(desk, "dispatch", "#内部\n她总是乱来。\n")
    engineer_answers(desk, "dispatch", "#转派 陈晨\n")
    engineer_answers(desk, "dispatch", "#已解决\n已更换硒鼓，请再试一次。\n", by=CHEN)
    requester_answers(desk, "solved", "还是不行\n")
    engineer_answers(desk, "answer", "#挂起 等备件，别告诉她\n备件下周一到。\n", by=CHEN)
    letters = desk.transport.letters(ZHANG.key)
    assert len(letters) == 5
    for letter in letters:
        shown = "\n".join(
            [f"{name}: {value}" for name, value in letter.items()]
            + [str(part.get_content()) for part in letter.walk() if not part.is_multipart()]
        )
        for sign in (
            LIU.key,
            CHEN.key,
            LEAD.key,
            "5555",
            "iPhone",
            "≡≡≡",
            "免登录",
            "乱来",
            "别告诉",
        ):
            assert sign not in shown, sign
        assert not re.search(r"^\s*[#＃]", read(letter), re.MULTILINE)
        assert not re.search(r"[rvn][0-9a-z]+-[0-9a-z]+-[a-z2-7]{12}", shown)
        assert letter["From"].addresses[0].addr_spec == "desk@corp.test"
    humans = [letter for letter in letters if letter["Auto-Submitted"] is None]
    assert len(humans) == 4


def test_a_machine_that_answers_for_the_engineer_says_nothing_to_others(desk: World) -> None:
    engineer_answers(
        desk, "dispatch", "我在休假，急事找王强。\n", headers=("Auto-Submitted: auto-replied",)
    )
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert ticket(desk)["responded_at"] is None


def test_an_unproved_answer_of_the_vendor_still_reaches_only_the_engineer(desk: World) -> None:
    ask_vendor(desk)
    desk.now += timedelta(hours=1)
    vendor_answers(desk, "300 yuan.\n", border=UNPROVED)
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert kinds(desk, LIU.key)[-1] == "answer"


def test_an_order_without_words_is_a_human_too_whom_no_brake_holds(desk: World) -> None:
    """Six promises within the hour are more than anybody may get from a machine."""
    for hour in range(9, 15):
        engineer_answers(desk, "dispatch", f"#预计 明天 {hour}:00\n")
    states = desk.rows("SELECT state FROM outbox WHERE letter = 'progress'")
    assert [state for (state,) in states] == ["accepted"] * 6
    assert last_letter(desk, ZHANG)["Auto-Submitted"] is None
