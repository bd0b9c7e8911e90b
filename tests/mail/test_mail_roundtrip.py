"""What we write we read back: parse(compose(x)) gives x."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import assume, given
from hypothesis import strategies as st

from maildesk.mail.compose import Outgoing, compose
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Address, Incoming
from maildesk.mail.parse import parse_source

HAN = "打印机卡纸了请尽快处理谢谢资产编号服务台电脑黑屏網路斷線"
ZONES = st.integers(-48, 56).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=ZONES)  # noqa: DTZ001
# What people and templates write: any printable character, no lone surrogates, no line separators.
LETTERS = st.one_of(
    st.sampled_from(HAN),
    st.characters(codec="utf-8", exclude_categories=("C", "Z", "M")),
    st.just(" "),
)
LINES = st.text(LETTERS, max_size=120).map(lambda line: " ".join(line.split()))
WORDS = LINES.filter(bool)
IDS = st.from_regex(r"[a-z0-9]{1,20}(\.[a-z0-9]{1,20}){0,3}@[a-z]{1,10}\.test", fullmatch=True)
EMAILS = st.from_regex(r"[a-z][a-z0-9._]{0,20}[a-z0-9]@[a-z]{1,12}\.test", fullmatch=True).filter(
    lambda email: ".." not in email
)


def read(letter: Outgoing) -> Incoming:
    return parse_source(compose(letter), DiscardingSink(), prior="gb18030", limits=Limits())


@given(subject=WORDS, body=st.lists(LINES, min_size=1, max_size=12), day=MOMENTS)
def test_subject_words_and_date_come_back(subject: str, body: list[str], day: datetime) -> None:
    text = "\n".join(body).strip("\n")
    assume(text)
    mail = read(letter(subject=subject, text=text, date=day))
    assert mail.subject == subject
    assert mail.text == collapse(text)
    assert mail.date == day.replace(microsecond=0)
    assert mail.date is not None
    assert mail.date.utcoffset() == day.utcoffset()
    assert mail.defects == ()


@given(name=WORDS, email=EMAILS, to=st.tuples(WORDS, EMAILS))
def test_people_come_back(name: str, email: str, to: tuple[str, str]) -> None:
    mail = read(letter(from_=Address(name, email), to=Address(*to)))
    assert mail.sender == Address(name, email)
    assert mail.to == (Address(*to),)


@given(own=IDS, answered=IDS, seen=st.lists(IDS, max_size=12, unique=True))
def test_ids_come_back(own: str, answered: str, seen: list[str]) -> None:
    mail = read(letter(message_id=own, in_reply_to=answered, references=tuple(seen)))
    assert mail.message_id == own
    assert mail.in_reply_to == (answered,)
    assert mail.references == tuple(seen)


def letter(**given: object) -> Outgoing:
    values: dict[str, object] = {
        "message_id": "a.1@desk.test",
        "from_": Address("IT服务台", "desk@desk.test"),
        "to": Address("张敏", "zhang@corp.test"),
        "subject": "打印机卡纸",
        "text": "已受理。",
        "mark": "desk",
        "date": datetime(2026, 11, 20, 10, tzinfo=UTC),
    }
    return Outgoing(**{**values, **given})  # type: ignore[arg-type]


def collapse(text: str) -> str:
    """Lines as reading leaves them: without blanks at their ends."""
    return "\n".join(map(str.rstrip, text.split("\n"))).strip("\n")
