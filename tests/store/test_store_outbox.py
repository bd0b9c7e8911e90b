"""What an outbox row keeps of a letter, and what is asked about letters that left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from builders import NOW
from sqlalchemy import text

from maildesk.mail.message import Attachment
from maildesk.store import outbox
from maildesk.store.engine import Store
from maildesk.store.migration import prepare
from maildesk.store.outbox import NewLetter
from maildesk.store.sent import SentLetter, find_sent, last_seen_ids, states_of

FILES = (
    Attachment("报错.png", "image/png", 3, "a" * 64, True, "x@corp.test"),
    Attachment("log.txt", "text/plain", 0, "b" * 64, False),
)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database, lambda: NOW)
    prepare(made)
    with made.write() as db:
        for row in (
            "INSERT INTO people (key, name, listed, role, skills)"
            " VALUES ('zhang@corp.test', '张敏', true, 'requester', '[]')",
            "INSERT INTO tickets (desk_id, number, title, state, category, priority, type,"
            " waiting, requester_id, reporter_id, language, opened_at, updated_at) VALUES ('it',"
            " 'IT-1', '', 'in_progress', '', '', '', 'none', 1, 1, 'zh-CN', 1, 1)",
        ):
            db.execute(text(row))
    yield made
    made.close()


def letter(name: str, **given: Any) -> NewLetter:
    values: dict[str, Any] = {
        "desk_id": "it",
        "ticket": 1,
        "cause": "letter:1",
        "letter": "dispatch",
        "address": "liu@corp.test",
        "mailbox": "Liu@corp.test",
        "automatic": True,
        "message_id": f"{name}@corp.test",
        "subject": name,
        "data": b"x",
    }
    return NewLetter(**{**values, **given})


def enqueue(store: Store, *letters: NewLetter) -> None:
    with store.write() as db:
        outbox.enqueue(db, letters, NOW)


def claim(store: Store, after: timedelta = timedelta()) -> list[outbox.Claimed]:
    with store.write() as db:
        return outbox.claim(db, "me", NOW + after, timedelta(minutes=3), 10)


def test_a_letters_files_come_back_as_they_were_and_none_are_null(store: Store) -> None:
    enqueue(store, letter("with", files=FILES), letter("without", address="b@corp.test"))
    assert [item.files for item in claim(store)] == [FILES, ()]
    with store.read() as db:
        nulls = db.execute(text("SELECT count(*) FROM outbox WHERE files IS NULL")).scalar_one()
    assert nulls == 1


def test_a_letter_of_the_quiet_hours_leaves_when_they_end(store: Store) -> None:
    enqueue(
        store,
        letter("night", not_before=NOW + timedelta(hours=8)),
        letter("past", address="b@corp.test", not_before=NOW - timedelta(hours=8)),
    )
    assert [item.message_id for item in claim(store)] == ["past@corp.test"]
    assert [item.message_id for item in claim(store, timedelta(hours=8))] == ["night@corp.test"]


def test_an_answered_letter_says_where_the_answer_goes(store: Store) -> None:
    enqueue(
        store,
        letter("relayed", relay="requester", relay_to="zhang@corp.test"),
        letter("internal", letter="near", ticket=None),
        letter("held", letter="missed", withheld="the brake"),
        letter("foreign", letter="other", desk_id="hr"),
    )
    asked = [f"{name}@corp.test" for name in ("relayed", "internal", "held", "foreign", "unknown")]
    with store.read() as db:
        found = find_sent(db, "it", asked)
        assert find_sent(db, "it", []) == {}
    assert found == {
        "relayed@corp.test": SentLetter(
            "dispatch", "liu@corp.test", "requester", "zhang@corp.test", 1, NOW, "letter:1"
        ),
        "internal@corp.test": SentLetter(
            "near", "liu@corp.test", "internal", None, None, NOW, "letter:1"
        ),
    }


def test_only_what_still_waits_of_a_cause_is_taken_back(store: Store) -> None:
    enqueue(
        store,
        letter("left"),
        letter("waits", letter="ack", not_before=NOW + timedelta(hours=1)),
        letter("held", letter="near", withheld="the brake"),
        letter("other", cause="letter:2", not_before=NOW + timedelta(hours=1)),
    )
    [row] = claim(store)
    with store.write() as db:
        outbox.settle(db, row.id, "me", state="accepted", now=NOW)
        assert outbox.supersede(db, "letter:1", NOW, "undone by 刘洋") == 1
        assert outbox.supersede(db, "letter:1", NOW, "again") == 0
        assert states_of(db, "letter:1") == [
            ("dispatch", "liu@corp.test", "accepted"),
            ("ack", "liu@corp.test", "superseded"),
            ("near", "liu@corp.test", "withheld"),
        ]
        assert states_of(db, "letter:2") == [("dispatch", "liu@corp.test", "queued")]
        assert find_sent(db, "it", ["waits@corp.test"]) == {}
    assert claim(store, timedelta(hours=2))[0].message_id == "other@corp.test"


def test_a_person_has_seen_the_last_three_letters_sent_to_them(store: Store) -> None:
    enqueue(
        store,
        *(letter(f"{n}", cause=f"letter:{n}") for n in range(5)),
        letter("other", address="b@corp.test"),
        letter("held", cause="letter:9", withheld="the brake"),
    )
    with store.read() as db:
        assert last_seen_ids(db, 1, "liu@corp.test") == (
            *("2@corp.test", "3@corp.test", "4@corp.test"),
        )
        assert last_seen_ids(db, 1, "nobody@corp.test") == ()
