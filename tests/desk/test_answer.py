"""Requesters' own words, read as a person at the desk would: tables of what they really write."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from maildesk.desk.answers.answer import Answer, is_new_problem, read_answer
from maildesk.desk.answers.sense import Sense
from maildesk.desk.answers.words import list_words
from maildesk.desk.rules.fold import fold
from maildesk.desk.ticket import State


def _read_tables() -> dict[str, list[str]]:
    text = Path(__file__).with_name("answers.yaml").read_text(encoding="utf-8")
    return cast(dict[str, list[str]], YAML(typ="safe").load(text))


TABLES = _read_tables()
FRESH = cast(dict[str, list[str]], TABLES.pop("fresh"))
FRESH_REACHED = 47  # of 59; 45 at first sight
# What each table is read as: where we asked whether it is solved, and while it is worked on.
READ_AS: dict[str, tuple[Answer, tuple[Answer, ...]]] = {
    "confirms": (Answer.CONFIRMED, (Answer.CONFIRMED,)),
    "settles": (Answer.CONFIRMED, (Answer.WORDS,)),
    "thanks": (Answer.THANKS, (Answer.THANKS,)),
    "not_yet": (Answer.NOT_CONFIRMED, (Answer.WORDS, Answer.CHASING)),
    "asks": (Answer.CHASING, (Answer.CHASING,)),
    "undone": (Answer.NOT_CONFIRMED, (Answer.CHASING,)),
    "ambiguous": (Answer.AMBIGUOUS, (Answer.WORDS,)),
    "words": (Answer.WORDS, (Answer.WORDS,)),
}


def read(words: str, confirming: bool = True, thanks_confirms: bool = False) -> Answer:
    return read_answer(words, confirming=confirming, thanks_confirms=thanks_confirms).answer


def test_the_tables_are_large_enough_to_mean_something() -> None:
    phrases = [phrase for table in TABLES.values() for phrase in table]
    assert len(phrases) == len(set(phrases)) >= 250
    assert READ_AS.keys() == TABLES.keys()


@pytest.mark.parametrize(
    ("table", "words"), [(table, words) for table in TABLES for words in TABLES[table]]
)
def test_an_answer_is_read_as_a_person_would(table: str, words: str) -> None:
    asked, working = READ_AS[table]
    assert read(words) is asked
    assert read(words, confirming=False) in working


def test_answers_never_seen_before_are_mostly_read_right_and_never_close_a_ticket() -> None:
    right = 0
    for table, phrases in FRESH.items():
        asked, working = READ_AS[table]
        for words in phrases:
            right += read(words) is asked and read(words, confirming=False) in working
            if table != "confirms":
                assert read(words) is not Answer.CONFIRMED, words
                assert read(words, confirming=False) is not Answer.CONFIRMED, words
    assert right >= FRESH_REACHED


@pytest.mark.parametrize("words", TABLES["not_yet"] + TABLES["undone"])
def test_where_thanks_confirm_a_complaint_does_not(words: str) -> None:
    assert read(words, thanks_confirms=True) is Answer.NOT_CONFIRMED


@pytest.mark.parametrize("words", ["?", "？？？", "？"])
def test_a_lone_question_mark_asks_how_far_it_is_unless_we_asked_first(words: str) -> None:
    assert read(words) is Answer.AMBIGUOUS
    assert read(words, confirming=False) is Answer.CHASING


@pytest.mark.parametrize(
    ("words", "confirms"),
    [
        ("谢谢", True),
        ("好的，谢谢！", True),
        ("Thank you!", True),
        ("辛苦了", True),
        ("太好了，谢谢", True),
        ("收到", False),
        ("收到，谢谢", False),
        ("谢谢，我先试试", False),
        ("Noted with thanks", False),
        ("好的", False),
        ("ok", False),
        ("您好", False),
    ],
)
def test_thanks_confirm_only_where_the_profile_says_so(words: str, confirms: bool) -> None:
    assert (read(words, thanks_confirms=True) is Answer.CONFIRMED) is confirms
    assert read(words) is not Answer.CONFIRMED
    assert read(words, confirming=False, thanks_confirms=True) is not Answer.CONFIRMED


@pytest.mark.parametrize("words", ["", "  \n", "。", "好的", "谢谢", "?", "收到，谢谢"])
def test_an_attachment_is_always_looked_at(words: str) -> None:
    said = read_answer(words, confirming=True, thanks_confirms=True, has_attachment=True)
    assert said.answer is Answer.WORDS


def test_no_words_at_all_are_asked_about_where_we_asked() -> None:
    assert read("") is Answer.AMBIGUOUS
    assert read("", confirming=False) is Answer.WORDS


def test_names_and_the_tickets_subject_are_no_further_words() -> None:
    words = "刘洋，好了，谢谢\n张敏"
    assert read(words) is Answer.WORDS
    named = read_answer(words, confirming=True, names=("刘洋", "张敏"))
    assert named.answer is Answer.CONFIRMED
    for words in ("碎纸柜好了", "The plotter works now"):
        assert read(words) is Answer.WORDS
        known = read_answer(words, confirming=True, title="碎纸柜 plotter 坏了")
        assert known.answer is Answer.CONFIRMED
    assert read_answer("Bob works now", confirming=True, names=("Bobby",)).answer is Answer.WORDS


def test_of_a_long_text_only_a_plain_complaint_decides() -> None:
    story = "我们部门下周要搬到新的办公区，届时需要把座位上的设备一起搬过去，" * 5
    assert read(f"好了，谢谢。{story}") is Answer.WORDS
    assert read(f"{story}不过这是以后的事。") is Answer.WORDS
    assert read(f"{story}另外打印机还是不行。") is Answer.NOT_CONFIRMED


def test_an_explanation_names_the_words_it_rests_on() -> None:
    assert "不行" in read_answer("谢谢，但还是不行", confirming=True).why
    assert "好了" in read_answer("好了，谢谢", confirming=True).why
    assert "进度" in read_answer("进度？", confirming=False).why


@given(st.text(max_size=300), st.booleans(), st.booleans(), st.booleans())
def test_no_text_makes_reading_raise(
    words: str, confirming: bool, thanks: bool, attachment: bool
) -> None:
    said = read_answer(
        words, confirming=confirming, thanks_confirms=thanks, has_attachment=attachment, title=words
    )
    assert said.why


NEGATIONS = st.sampled_from(list_words(Sense.NOT, Sense.BAD, Sense.BUT))
SOLVED = st.sampled_from(list_words(Sense.SOLVED, Sense.SETTLED))
BETWEEN = st.sampled_from(["", " ", "，", "。\n", ", ", "\n"])


@given(NEGATIONS, SOLVED, BETWEEN, st.booleans(), st.booleans())
def test_a_negation_beside_a_success_never_confirms(
    negation: str, solved: str, between: str, before: bool, confirming: bool
) -> None:
    words = f"{negation}{between}{solved}" if before else f"{solved}{between}{negation}"
    if fold(words) in list_words(Sense.SOLVED, Sense.SETTLED):
        return  # 没 + 问题了: together they are a success
    assert read(words, confirming, thanks_confirms=True) is not Answer.CONFIRMED


@given(
    st.sampled_from(TABLES["confirms"] + TABLES["settles"]),
    st.sampled_from(["吗？", "？", "?", "吗"]),
)
def test_a_question_never_confirms(words: str, mark: str) -> None:
    for confirming in (True, False):
        assert read(words.rstrip("！!。.~") + mark, confirming) is not Answer.CONFIRMED


@given(st.lists(st.sampled_from(TABLES["confirms"] + TABLES["not_yet"]), min_size=2, max_size=4))
def test_one_complaint_outweighs_all_confirmations(parts: list[str]) -> None:
    if set(parts) & set(TABLES["not_yet"]):
        assert read("\n".join(parts)) is not Answer.CONFIRMED


@pytest.mark.parametrize(
    "piece", ["好了，", "不", "谢谢谢", "还没", "working ", "?", "a", "好", "é", "\u200b", "ﷺ"]
)
def test_reading_takes_no_longer_for_longer_mails(piece: str) -> None:
    read(piece)
    started = process_time()
    read(piece * 1_000_000)
    assert process_time() - started < 0.5


@pytest.mark.parametrize(
    ("state", "closed", "old", "new", "words", "opens"),
    [
        # Closed for longer than five working days: whatever is said.
        (State.CLOSED, 6, "hardware", "hardware", "打印机又卡纸了", True),
        (State.CLOSED, 6, "hardware", None, "麻烦看一下", True),
        (State.SOLVED, 30, "network", "network", "VPN 还是连不上", True),
        (State.CLOSED, 5, "hardware", "hardware", "打印机又卡纸了", False),
        # Lately closed or to confirm: another category, and nothing says "still".
        (State.TO_CONFIRM, None, "hardware", "network", "VPN 连不上了", True),
        (State.CLOSED, 2, "hardware", "network", "VPN 连不上了", True),
        (State.SOLVED, 0, "hardware", "account", "Please unlock my account", True),
        (State.TO_CONFIRM, None, "hardware", "network", "网络又断了", False),
        (State.TO_CONFIRM, None, "hardware", "network", "網路還是不通", False),
        (State.CLOSED, 2, "hardware", "network", "仍然连不上 VPN", False),
        (State.CLOSED, 2, "hardware", "network", "The VPN still does not connect", False),
        (State.CLOSED, 2, "hardware", "network", "VPN is down again", False),
        # Doubtful: stays.
        (State.TO_CONFIRM, None, "hardware", None, "有个事情想问一下", False),
        (State.TO_CONFIRM, None, None, "network", "VPN 连不上了", False),
        (State.TO_CONFIRM, None, "hardware", "hardware", "扫描也用不了", False),
        # Being worked on: always stays.
        (State.IN_PROGRESS, None, "hardware", "network", "VPN 连不上了", False),
        (State.WAITING_REQUESTER, None, "hardware", "network", "VPN 连不上了", False),
        # Thanks, confirmations and questions never open anything, however late.
        (State.CLOSED, 60, "hardware", None, "谢谢", False),
        (State.CLOSED, 60, "hardware", "network", "网络好了，谢谢", False),
        (State.CLOSED, 1, "hardware", "network", "进度？", False),
    ],
)
def test_a_new_problem_on_an_old_ticket_is_one_of_its_own(
    state: State, closed: int | None, old: str | None, new: str | None, words: str, opens: bool
) -> None:
    reading = read_answer(words, confirming=state is not State.IN_PROGRESS)
    found = is_new_problem(
        state=state,
        closed_days=closed,
        old_category=old,
        new_category=new,
        words=words,
        reading=reading,
    )
    assert found.new is opens
    assert found.why
