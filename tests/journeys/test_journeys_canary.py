"""Engineers answer as every client writes: exactly their new words leave, and nothing internal.

How the cut is made is `tests/mail/test_mail_excerpt`; here whole mails go in and whole letters are
searched, headers, both bodies and files, encoded and decoded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from answers import ANSWERS, LETTER, Answer
from answers.form import HTML_LETTER, quote
from thread import (
    LIU,
    PROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    outcome,
    read,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.staff.marker import MARKER

CANARY = "CANARY"
ORDER = "#接单 CANARY-ORDER"
# Their cards bear a name the desk does not know: the author is asked, and nothing leaves.
ASKED = {"outlook-plain-en", "apple-mail-macos-en"}
# What a requester never reads, whatever an engineer's client quotes, signs or adds.
INTERNAL = (
    CANARY,
    LIU.key,
    LEAD.key,
    "021-5555",
    "5555 8005",
    MARKER[:6],
    "≡≡≡",
    "#接单",
    "免登录",
)


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    world = open_desk(make_world)
    open_ticket(world, text="三楼的打印机又卡纸了，麻烦看一下。CANARY-QUOTE\n")
    return world


def show(letter: EmailMessage) -> str:
    """Everything a letter holds, as sent and as its reader's client decodes it."""
    found = [letter.as_string()]
    for part in letter.walk():
        found += [f"{name}: {value}" for name, value in part.items()]
        if not part.is_multipart():
            content = part.get_content()
            found.append(content if isinstance(content, str) else bytes(content).decode("latin-1"))
    return "\n".join(found)


def reads_html(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    return str(body.get_content()) if body is not None else ""


def quote_really(answer: Answer, letter: EmailMessage) -> Answer:
    """The answer with our real letter in place of the sample, where the client keeps its form."""
    real, plain = read(letter).rstrip("\n"), answer.plain
    for mark in ("> ", ">", ""):
        plain = plain.replace(quote(LETTER, mark), quote(real, mark))
    inner = reads_html(letter).partition("<body")[2].partition(">")[2].partition("</body>")[0]
    html = answer.html.replace(HTML_LETTER, inner) if inner else answer.html
    # The real letter holds signs old codecs lack; clients then send UTF-8.
    return replace(answer, plain=plain, html=html, charset="utf-8", encoding="base64")


def order(answer: Answer) -> Answer:
    """The answer with an order on top, in each of its bodies."""
    start = answer.words[:3]
    return replace(
        answer,
        plain=answer.plain.replace(start, f"{ORDER}\n{start}", 1),
        html=answer.html.replace(start, f"{ORDER}<br>{start}", 1),
    )


def send(world: World, answer: Answer, answered: str, number: int) -> list[EmailMessage]:
    """Let it arrive as an answer to that letter; what left to the requester because of it."""
    world.now += timedelta(minutes=1)
    raw = answer.raw().replace(b"ours.1@corp.test", answered.encode())
    raw = raw.replace(b"answer.1@corp.test", f"{answer.name}.{number}@corp.test".encode())
    before = len(world.transport.letters(ZHANG.key))
    world.receive("\r\n".join((*PROVED, "")).encode() + raw)
    return world.transport.letters(ZHANG.key)[before:]


def fold(text: str) -> str:
    return "".join(text.split())


def find_faults(world: World, answers: tuple[Answer, ...], answered: str, number: int) -> list[str]:
    """Each answer leaves as one letter that holds its words, nothing internal, nothing quoted."""
    faults = []
    for answer in answers:
        left = send(world, answer, answered, number)
        if answer.name in ASKED and not left and "held" in outcome(world)[1]:
            continue
        if len(left) != 1:
            faults.append(f"{answer.name}: {len(left)} letters, {outcome(world)}")
            continue
        shown = show(left[0])
        faults += [f"{answer.name}: {sign}" for sign in INTERNAL if sign in shown]
        if fold(answer.words) not in fold(read(left[0])):
            faults.append(f"{answer.name}: other words: {read(left[0])}")
    return faults


def test_every_clients_answer_to_the_dispatch_leaves_and_no_canary_with_it(desk: World) -> None:
    assert not find_faults(desk, ANSWERS, last_id(desk, "dispatch"), 1)


def test_every_clients_quote_of_the_real_letter_stays_here(desk: World) -> None:
    letter = desk.transport.letters(LIU.key)[0]
    answers = tuple(quote_really(answer, letter) for answer in ANSWERS)
    real = [answer.name for answer in answers if "https://desk.corp.test/t/" in answer.plain]
    assert len({name.partition("-")[0] for name in real}) >= 20
    assert not find_faults(desk, answers, last_id(desk, "dispatch"), 2)


def test_every_clients_order_is_carried_out_and_stays_here(desk: World) -> None:
    assert not find_faults(desk, tuple(map(order, ANSWERS)), last_id(desk, "dispatch"), 3)
    assert ticket(desk)["state"] == "in_progress"
    assert event_kinds(desk).count("held") == len(ASKED)


def test_every_clients_answer_to_her_words_leaves_likewise(desk: World) -> None:
    write(desk, ZHANG, "还是卡，CANARY-QUOTE\n", answers=last_id(desk, "ack", ZHANG.key))
    letter = last_letter(desk, LIU)
    answers = tuple(quote_really(answer, letter) for answer in ANSWERS)
    assert not find_faults(desk, answers, last_id(desk, "answer"), 4)


@pytest.mark.parametrize("kind", ["near", "transcript"])
def test_no_clients_answer_to_an_internal_letter_leaves(kind: str, desk: World) -> None:
    if kind == "near":
        desk.later(hours=5)
    else:
        engineer_answers(desk, "dispatch", "#状态\n")
    assert kinds(desk, LIU.key)[-1] == kind
    letter, answered = last_letter(desk, LIU), last_id(desk, kind, LIU.key)
    for number, answer in enumerate(ANSWERS):
        changed = (answer, quote_really(answer, letter), order(answer))[number % 3]
        assert send(desk, changed, answered, 5) == [], answer.name
    # What was cut in doubt and speaks of orders is asked about; all others are notes.
    assert event_kinds(desk).count("note") >= len(ANSWERS) - 3
    assert set(kinds(desk, ZHANG.key)) == {"ack"}


def test_a_client_that_names_no_letter_is_asked_and_nothing_leaves(desk: World) -> None:
    """Some send no References; then the code in the quote says what is answered."""
    letter = desk.transport.letters(LIU.key)[0]
    for answer in ANSWERS:
        bare = quote_really(answer, letter)
        left = send(desk, bare, "lost@corp.test", 6)
        shown = "\n".join(map(show, left))
        assert not [sign for sign in INTERNAL if sign in shown], answer.name
