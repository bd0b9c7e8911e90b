"""Answers by the links of our letters: looking changes nothing, an answer counts once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from builders import NOW, SECRET
from thread import (
    CHEN,
    LIU,
    PEOPLE,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    read,
    requester_answers,
    ticket,
)
from worlds import LEAD, World

from maildesk.desk.pages import links
from maildesk.desk.pages.links import CONFIRM, Link
from maildesk.desk.person import Person
from maildesk.store.schema import metadata

MakeWorld = Callable[..., World]
SOLUTION = "#已解决\n已更换搓纸轮，请再打印一次。\n"
_URL = re.compile(r"(\S+)：https://desk\.corp\.test/t/([A-Za-z0-9_.-]+)(#broken)?")


def _read_links(world: World, to: Person) -> dict[str, Link]:
    """The links of the newest letter to somebody, by the words before them."""
    found = {}
    for label, token, _ in _URL.findall(read(last_letter(world, to))):
        link = links.read(SECRET, token, world.now)
        assert isinstance(link, Link), (label, link)
        found[label.removesuffix("，评价")] = link
    return found


def _dump(world: World) -> dict[str, list[str]]:
    with world.store.read() as db:
        return {
            table.name: sorted(repr(tuple(row)) for row in db.execute(table.select()))
            for table in metadata.sorted_tables
        }


def _open(make_world: MakeWorld, *, solved: bool = False) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    if solved:
        engineer_answers(world, "dispatch", SOLUTION)
    return world


def test_letters_carry_links_to_their_own_readers_ticket(make_world: MakeWorld) -> None:
    world = _open(make_world)
    actions = _read_links(world, LIU)
    assert {label: link.act for label, link in actions.items()} == {
        "接单": "start",
        "要信息": "ask",
        "已解决": "solved",
        "转派": "assign",
    }
    assert {(link.person, link.ticket, link.desk) for link in actions.values()} == {
        (LIU.key, 1, "it")
    }
    assert _read_links(world, ZHANG) == {}
    engineer_answers(world, "dispatch", SOLUTION)
    confirming = _read_links(world, ZHANG)
    assert set(confirming) == {"已解决", "还没好"}
    assert {link.act for link in confirming.values()} == {CONFIRM}
    assert {link.person for link in confirming.values()} == {ZHANG.key}


def test_looking_changes_nothing_at_all(make_world: MakeWorld) -> None:
    world = _open(make_world)
    everything = [*_read_links(world, LIU).values()]
    engineer_answers(world, "dispatch", SOLUTION)
    everything += _read_links(world, ZHANG).values()
    before, sent = _dump(world), len(world.transport.sent)
    for link in everything * 3:
        assert world.feedback.look(link) is not None
    world.run()
    after = _dump(world)
    for name in before:
        assert after[name] == before[name] or name in ("mailboxes", "health"), name
    assert len(world.transport.sent) == sent


def test_what_each_reader_sees(make_world: MakeWorld) -> None:
    world = _open(make_world)
    seen = world.feedback.look(_read_links(world, LIU)["接单"])
    assert seen is not None
    assert (seen.kind, seen.state, seen.handler) == ("action", "新建", "刘洋")
    assert "三楼的打印机又卡纸了" in seen.words
    assert seen.colleagues == ((LEAD.key, LEAD.name), (CHEN.key, CHEN.name))
    engineer_answers(world, "dispatch", "#内部 这台老坏\n")
    engineer_answers(world, "dispatch", SOLUTION)
    shown = world.feedback.look(_read_links(world, ZHANG)["已解决"])
    assert shown is not None
    assert (shown.kind, shown.state, shown.colleagues) == ("confirm", "待您确认", ())
    assert shown.words == "已更换搓纸轮，请再打印一次。"
    assert shown.choices == ("confirmed", "broken")


def test_confirmed_by_a_tap_and_tapped_again(make_world: MakeWorld) -> None:
    world = _open(make_world, solved=True)
    link = _read_links(world, ZHANG)["已解决"]
    done = world.feedback.answer(link, "confirmed", "", "")
    assert (done.ok, done.said) == (True, "confirmed")
    assert done.sight is not None
    assert "已解决" in (done.sight.answered or "")
    before = _dump(world)
    again = world.feedback.answer(link, "confirmed", "", "")
    assert (again.ok, again.said) == (True, "confirmed")
    assert _dump(world) == before
    world.run()
    assert ticket(world)["state"] == "solved"
    assert event_kinds(world).count("confirmed") == 1
    assert kinds(world, LIU.key) == ["dispatch"]


def test_still_broken_with_words_reaches_the_engineer_once(make_world: MakeWorld) -> None:
    world = _open(make_world, solved=True)
    link = _read_links(world, ZHANG)["还没好"]
    for _ in range(2):
        done = world.feedback.answer(link, "broken", "还是卡纸，声音更大了", "")
        assert (done.ok, done.said) == (True, "reopened")
    world.run()
    row = ticket(world)
    assert (row["state"], row["solved_at"]) == ("in_progress", None)
    assert kinds(world, LIU.key) == ["dispatch", "answer"]
    letter = last_letter(world, LIU)
    assert "【仍未解决】" in str(letter["Subject"])
    assert "还是卡纸，声音更大了" in read(letter)
    engineer_answers(world, "answer", SOLUTION)
    world.feedback.answer(_read_links(world, ZHANG)["已解决"], "confirmed", "", "")
    assert ticket(world)["state"] == "solved"


def test_an_older_letters_link_answers_the_ticket_as_it_is_now(make_world: MakeWorld) -> None:
    world = _open(make_world, solved=True)
    old = _read_links(world, ZHANG)["已解决"]
    requester_answers(world, "solved", "还没好\n")
    engineer_answers(world, "answer", SOLUTION)
    assert world.feedback.answer(old, "confirmed", "", "").ok
    assert ticket(world)["state"] == "solved"


ACTIONS = (
    ("接单", "start", "", "", "taken", "in_progress", ()),
    ("要信息", "ask", "请问是哪一台？", "", "asked", "waiting_requester", ("question",)),
    ("已解决", "solved", "已更换搓纸轮。", "", "solved", "to_confirm", ("solved",)),
    ("转派", "assign", "", CHEN.key, "assigned", "new", ()),
)


@pytest.mark.parametrize(
    ("label", "choice", "words", "argument", "said", "state", "letters"),
    ACTIONS,
    ids=[action[1] for action in ACTIONS],
)
def test_an_engineers_tap(
    make_world: MakeWorld,
    label: str,
    choice: str,
    words: str,
    argument: str,
    said: str,
    state: str,
    letters: tuple[str, ...],
) -> None:
    world = _open(make_world)
    link = _read_links(world, LIU)[label]
    done = world.feedback.answer(link, choice, words, argument)
    assert (done.ok, done.said) == (True, said)
    before = _dump(world)
    assert world.feedback.answer(link, choice, words, argument).said == said
    assert _dump(world) == before
    world.run()
    row = ticket(world)
    assert row["state"] == state
    assert kinds(world, ZHANG.key, after=1) == list(letters)
    assert kinds(world, LIU.key) == ["dispatch"]
    assert kinds(world, CHEN.key) == (["dispatch"] if argument else [])
    assert (row["responded_at"] is None) == (choice == "assign")
    if words:
        assert words in read(last_letter(world, ZHANG))


REFUSED = (
    ("solved", "", ""),
    ("solved", "#内部\n这人很烦", ""),
    ("solved", "好了\n#内布 看看\n", ""),
    ("assign", "", "nobody@corp.test"),
    ("assign", "", ZHANG.key),
    ("assign", "", ""),
)


@pytest.mark.parametrize(("choice", "words", "argument"), REFUSED)
def test_a_tap_that_cannot_be_meant_changes_nothing(
    make_world: MakeWorld, choice: str, words: str, argument: str
) -> None:
    world = _open(make_world)
    link = _read_links(world, LIU)["已解决"]
    before = _dump(world)
    done = world.feedback.answer(link, choice, words, argument)
    assert (done.ok, done.said) == (False, "refused")
    assert _dump(world) == before


@pytest.mark.parametrize(
    "link",
    [
        Link(CONFIRM, "it", 2, ZHANG.key, NOW),
        Link(CONFIRM, "it", 9, ZHANG.key, NOW),
        Link(CONFIRM, "it", 1, LIU.key, NOW),
        Link(CONFIRM, "it", 1, "nobody@corp.test", NOW),
        Link(CONFIRM, "hr", 1, ZHANG.key, NOW),
        Link("solved", "it", 1, ZHANG.key, NOW),
        Link("start", "it", 1, PEOPLE[3].key, NOW),
    ],
    ids=["other", "none", "engineer", "stranger", "desk", "requester", "auditor"],
)
def test_a_link_shows_nothing_to_whom_the_ticket_is_not_for(
    make_world: MakeWorld, link: Link
) -> None:
    world = _open(make_world, solved=True)
    open_ticket(world, sender="李明 <liming@corp.test>", message_id="other@corp.test")
    before = _dump(world)
    choice = "confirmed" if link.act == CONFIRM else link.act
    if link.person != PEOPLE[3].key:
        assert world.feedback.look(link) is None
    assert not world.feedback.answer(link, choice, "好了", "").ok
    assert _dump(world) == before


def test_who_is_no_longer_staff_has_no_more_links(make_world: MakeWorld) -> None:
    world = _open(make_world)
    link = _read_links(world, LIU)["已解决"]
    later = make_world(listed=(LEAD, CHEN, ZHANG))  # the same database, a shorter list
    before = _dump(later)
    assert later.feedback.look(link) is None
    assert not later.feedback.answer(link, "solved", "已更换搓纸轮。", "").ok
    assert _dump(later) == before


def test_an_ended_ticket_takes_no_more_answers(make_world: MakeWorld) -> None:
    world = _open(make_world)
    link = _read_links(world, LIU)["接单"]
    confirm = Link(CONFIRM, "it", 1, ZHANG.key, world.now)
    engineer_answers(world, "dispatch", "#不受理\n请联系行政部。\n")
    before = _dump(world)
    for given, choice in ((link, "start"), (link, "solved"), (confirm, "confirmed")):
        done = world.feedback.answer(given, choice, "好了", "")
        assert (done.ok, done.said) == (False, "stale")
        assert done.sight is not None
        assert done.sight.choices == ()
    assert _dump(world) == before


def test_a_damaged_link_is_no_link(make_world: MakeWorld) -> None:
    world = _open(make_world)
    [token] = {token for label, token, _ in _URL.findall(read(last_letter(world, LIU)))
               if label == "接单"}  # fmt: skip
    for broken in (token[:-1], "A" + token[1:], token.replace(".", ""), token + "x"):
        assert not isinstance(links.read(SECRET, broken, world.now), Link)


def test_links_an_engineer_mailed_to_others_act_no_more(make_world: MakeWorld) -> None:
    world = _open(make_world)
    found = _read_links(world, LIU)
    quoted = read(last_letter(world, LIU))
    world.now += timedelta(minutes=1)
    engineer_answers(
        world,
        "dispatch",
        "马上来看。\n\n> " + quoted.replace("\n", "\n> "),
        headers=(f"Cc: {ZHANG.addresses[0]}",),
    )
    assert "links_exposed" in event_kinds(world)
    before = ticket(world)
    for choice, words in (("solved", "已修好"), ("assign", "")):
        link = found["已解决" if choice == "solved" else "转派"]
        sight = world.feedback.look(link)
        assert sight is not None
        assert sight.choices == ()
        assert not world.feedback.answer(link, choice, words, "wang@corp.test").ok
    assert ticket(world) == before


def test_links_quoted_to_the_desk_alone_go_on_working(make_world: MakeWorld) -> None:
    world = _open(make_world)
    found = _read_links(world, LIU)
    quoted = read(last_letter(world, LIU))
    engineer_answers(world, "dispatch", "马上来看。\n\n> " + quoted.replace("\n", "\n> "))
    assert "links_exposed" not in event_kinds(world)
    assert world.feedback.answer(found["已解决"], "solved", "已修好", "").ok
