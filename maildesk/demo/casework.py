"""The tour's steps about a ticket in work: an engineer answers mail, a requester closes the loop.

One ticket goes the whole way by mail and is shown as its readers see it; another is confirmed by
its link. Somebody outside tries the same order in an engineer's name. Every step is proved.
"""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from maildesk.demo import answers
from maildesk.demo.answers import CHINESE, ENGLISH, Case
from maildesk.demo.observer import Letter
from maildesk.demo.site import STAFF, Staff
from maildesk.desk.profile import Label
from maildesk.desk.staff.marker import MARKER
from maildesk.desk.ticket import DESK_SHOWS, State

if TYPE_CHECKING:
    from maildesk.demo.tour import Tour

_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_LINK = re.compile(r"http://\S+/t/[\w.-]+")
_SECONDS = 10


def show_work(tour: Tour) -> None:
    """From the dispatch to the requester's yes, all by mail."""
    case = CHINESE if tour.screen.language.startswith("zh") else ENGLISH
    requester, engineer = case.requester, case.engineer
    tour.screen.open_section(
        Label(
            f"四、{engineer.name}回信办单，{requester.name}只管收信",
            f"4. {engineer.name} works by answering mail",
        ),
        Label(
            "派单邮件直接回复即可：话转给用户，# 开头的行是命令，签名和引文不转。",
            "Words above the marker reach the requester; # lines are orders and stay inside.",
        ),
    )
    dispatch = _read_letter(tour, case, engineer, "dispatch")
    if not tour.expect(dispatch, f"{engineer.name} got no dispatch"):
        return
    assert dispatch is not None
    _quote(tour, engineer, dispatch)
    tour.screen.pause(1.5)
    _show_progress(tour, case, dispatch)
    _show_note(tour, case, dispatch)
    solved = _solve(tour, case, dispatch)
    if solved is not None:
        _confirm_by_mail(tour, case, solved)
    _confirm_by_link(tour, ENGLISH if case is CHINESE else CHINESE)


def show_forgery(tour: Tour) -> None:
    """The order that solved a ticket a minute ago, now from outside: nothing happens."""
    requester, engineer = STAFF["wufang"], STAFF["chenjing"]
    number = tour.number_of(requester.local)
    before = tour.observer.state_of(number), tour.observer.letters_to(requester.address)
    forged = answers.forge(engineer, number)
    story = tour.bring(forged, engineer, outside=True, words=answers.FORGED)
    if story is None:
        return
    tour.teller.tell_outcome(story)
    tour.teller.tell_evidence(story)
    warning = tour.observer.await_letter(forged, number, "unproved")
    tour.teller.tell_letter(story, warning)
    warned = warning is not None and warning.address == engineer.address
    tour.expect(warned, "nobody was warned of the forgery")
    tour.explain(
        Label(
            f"发件人写的是{engineer.name}，但没有登录，信里自带的“验证通过”也不算数："
            "状态不变，用户什么也收不到，只提醒本人一次。",
            f"It says {engineer.name}, but nobody logged in, and the proof it brings along counts "
            "for nothing: no change, nothing to the requester, one warning.",
        )
    )
    after = tour.observer.state_of(number), tour.observer.letters_to(requester.address)
    tour.expect(story.outcome == "noted" and after == before, "a forged order did something")
    tour.screen.pause(1.2)


def _show_progress(tour: Tour, case: Case, dispatch: bytes) -> None:
    before = tour.observer.letters_to(case.requester.address)
    letter = _answer(tour, case, case.engineer, case.progress, dispatch, "progress")
    if not tour.expect(letter, "the engineer's words did not leave"):
        return
    told = _read_letter(tour, case, case.requester, "progress")
    if not tour.expect(told, "the engineer's words did not arrive"):
        return
    assert told is not None
    _quote(tour, case.requester, told)
    text = _read_text(told)
    tour.expect(all(line in text for line in case.progress.splitlines()), "words were lost")
    inside = (MARKER, case.engineer.address, "原始邮件", "Original Message")
    tour.expect(not any(words in text for words in inside), "what must stay inside got out")
    one = tour.observer.letters_to(case.requester.address) == before + 1
    tour.expect(one, "the engineer's words left more than once")
    tour.screen.pause(1.2)


def _show_note(tour: Tour, case: Case, dispatch: bytes) -> None:
    before = tour.observer.letters_to(case.requester.address)
    _answer(tour, case, case.engineer, case.note, dispatch)
    tour.explain(
        Label(
            "内部备注只记在单上，用户看不到。",
            "A note stays on the ticket; nobody outside sees it.",
        )
    )
    tour.expect("note" in tour.observer.events_of(_number(tour, case)), "the note was not kept")
    silent = tour.observer.letters_to(case.requester.address) == before
    tour.expect(silent, "an internal note reached the requester")
    tour.screen.pause(1.2)


def _solve(tour: Tour, case: Case, dispatch: bytes) -> bytes | None:
    """The letter that asks the requester to confirm, out of his mailbox."""
    _answer(tour, case, case.engineer, case.solved, dispatch, "solved")
    waiting = tour.observer.state_of(_number(tour, case)) is State.TO_CONFIRM
    tour.expect(waiting, "the ticket does not wait for its requester")
    asked = _read_letter(tour, case, case.requester, "solved")
    tour.expect(asked, "nobody asked the requester to confirm")
    tour.screen.pause(1.2)
    return asked


def _confirm_by_mail(tour: Tour, case: Case, solved: bytes) -> None:
    number = _number(tour, case)
    before = len(tour.observer.letters_of(number))
    _answer(tour, case, case.requester, case.thanks, solved)
    _show_state(tour, number)
    tour.explain(
        Label(
            "一句“好了”就结了；谁也不再收信。", "That closes the loop; nobody gets another letter."
        )
    )
    tour.expect(tour.observer.state_of(number) is State.SOLVED, "a confirmation was not taken")
    tour.expect(len(tour.observer.letters_of(number)) == before, "a confirmation made a letter")
    tour.screen.pause(1.2)


def _confirm_by_link(tour: Tour, case: Case) -> None:
    """Opening the link changes nothing, however often; sending its form does."""
    dispatch = _read_letter(tour, case, case.engineer, "dispatch")
    if not tour.expect(dispatch, f"{case.engineer.name} got no dispatch"):
        return
    assert dispatch is not None
    solved = _solve(tour, case, dispatch)
    link = _LINK.search(_read_text(solved)) if solved else None
    if not tour.expect(link, "the letter has no link to confirm by"):
        return
    assert link is not None
    number = _number(tour, case)
    tour.screen.write(f"  {link[0]}")
    shown = ""
    for _ in range(3):
        shown = _open(link[0])
    _show_state(tour, number, Label("打开三次（GET）", "opened three times (GET)"))
    still = tour.observer.state_of(number) is State.TO_CONFIRM
    tour.expect(still, "opening the link changed the ticket")
    token = _TOKEN.search(shown)
    if not tour.expect(token, "the page has no form"):
        return
    assert token is not None
    _open(link[0], {"token": token[1], "choice": "confirmed"})
    _show_state(tour, number, Label("点“已解决”（POST）", "“Solved” pressed (POST)"))
    tour.expect(tour.observer.state_of(number) is State.SOLVED, "the page's answer was not taken")
    tour.screen.pause(1.2)


def _answer(
    tour: Tour, case: Case, sender: Staff, words: str, letter: bytes, causes: str | None = None
) -> Letter | None:
    """Send an answer and show what came of it. Returns the letter of kind `causes` it led to."""
    number = _number(tour, case)
    mail = answers.answer(sender, words, letter)
    story = tour.bring(mail, sender, words=words)
    if story is None:
        return None
    joined = story.outcome == "appended" and story.ticket == number
    tour.expect(joined, f"an answer of {sender.name} did not join its ticket")
    caused = tour.observer.await_letter(mail, number, causes) if causes else None
    tour.teller.tell_outcome(story)
    tour.teller.tell_letter(story, caused)
    return caused


def _show_state(tour: Tour, number: str, after: Label | None = None) -> None:
    state = tour.observer.state_of(number)
    said = tour.screen.choose(DESK_SHOWS[state]) if state else "?"
    how = f"  {tour.screen.choose(after)}" if after else ""
    tour.screen.show_fact(Label("状态", "state"), said + how, "green")


def _read_letter(tour: Tour, case: Case, reader: Staff, kind: str) -> bytes | None:
    """The newest letter of that kind out of its reader's own mailbox."""
    rows = [row for row in tour.observer.letters_of(_number(tour, case)) if row.letter == kind]
    if not rows:
        return None
    return tour.observer.read_mailbox(reader.address, rows[-1].message_id.strip("<>"))


def _quote(tour: Tour, reader: Staff, letter: bytes) -> None:
    """A letter as it is read, as far as its first link."""
    screen = tour.screen
    text, link, _ = _read_text(letter).partition("http://")
    lines = text.splitlines()
    if link:
        lines[-1] += "…"
    said = Label(f"{reader.name}读到：", f"{reader.name} reads:")
    screen.write()
    screen.say(screen.choose(said), style="dim")
    subject = message_from_bytes(letter, policy=policy.default)["Subject"]
    screen.quote("\n".join([str(subject), "", *lines]))


def _number(tour: Tour, case: Case) -> str:
    return tour.number_of(case.requester.local)


def _read_text(raw: bytes | None) -> str:
    body = message_from_bytes(raw or b"", policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _open(link: str, form: dict[str, str] | None = None) -> str:
    """The page behind a link. Raises OSError."""
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(link, data, _SECONDS) as page:
        return str(page.read().decode())
