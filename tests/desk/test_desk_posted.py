"""How an archive tells of our letters: in its reader's words, whatever keys are kept."""

from __future__ import annotations

import re

import pytest
from builders import NOW, profile
from papers import STEPS, dossier

from maildesk.delivery_staleness import _LOST as LOST
from maildesk.desk.arrival.unreached import Unreached, withhold
from maildesk.desk.letters.letter_values import SAMPLES
from maildesk.desk.letters.requester_notices import brake_address, brake_ticket
from maildesk.desk.sheets.dossier import Step
from maildesk.desk.sheets.form import Reader
from maildesk.desk.sheets.posted import LETTERS, STATES, say_reason
from maildesk.desk.sheets.timeline import SentLetter, write_timeline
from maildesk.store import outbox

REASONS = [
    brake_address(5, 5) or "",
    brake_ticket(20, 20) or "",
    withhold(Unreached(NOW, NOW, "550 5.1.1 no such user"), dossier(profile()).desk.zone_info),
    *(why for _, why in LOST.values() if why),
    "it is too old to be of use",
    "taken back by its author",
    "its reader is no longer staff",
    "answered meanwhile: IT-20261120-0001, IT-20261120-0002; 2 others are told anew",
    "answered meanwhile: IT-20261120-0001",
    "answered meanwhile: all it names",
    "given up after five days. rcpt: 451 4.7.1 try later",
    "the process that was sending it ended",
    "reminded 2 times already: more letters would change nothing",
    "letters to zhang@corp.test come back",
    "nothing shows who wrote it",
]


def test_every_letter_and_every_state_has_a_name() -> None:
    assert set(LETTERS) == set(SAMPLES)
    assert set(outbox.STATES) <= set(STATES)


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_of_ours_is_said_in_both_languages(reason: str) -> None:
    said = say_reason(reason)
    assert said.en == reason
    assert re.search("[\u4e00-\u9fff]", said.zh)
    rest = re.sub(r"\S+@\S+|IT-\S+|\d{3} [45]\.\d.*|rcpt:", "", said.zh)
    assert not re.search("[a-z]{3}", rest), said.zh


def test_a_servers_words_stay_as_they_came() -> None:
    said = say_reason("rcpt: 550 5.1.1 no such user")
    assert (said.zh, said.en) == ("rcpt: 550 5.1.1 no such user",) * 2


@pytest.mark.parametrize(
    ("language", "letter", "event"),
    [
        (
            "zh-CN",
            "邮件（即将超时提醒）致 liu@corp.test，已作废：【即将超时】（已解决，或在等待）",
            "未提醒：提醒次数已满",
        ),
        (
            "en",
            "letter (limit near) to liu@corp.test, superseded: 【即将超时】 "
            "[it is solved, or waits]",
            "not reminded: reminded 2 times already: more letters would change nothing",
        ),
    ],
)
def test_the_archives_page_speaks_its_readers_language(
    language: str, letter: str, event: str
) -> None:
    why = "reminded 2 times already: more letters would change nothing"
    step = Step(NOW, "not_reminded", "", {"what": "confirm", "why": why})
    whole = dossier(profile(), steps=(*STEPS, step))
    sent = SentLetter(
        NOW, "near", "liu@corp.test", "【即将超时】", "superseded", "it is solved, or waits"
    )
    page = "".join(write_timeline(Reader(whole, language, NOW), [sent]))
    assert letter in page
    assert event in page
