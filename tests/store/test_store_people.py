"""One person, many addresses: who writes, who is listed, and who became listed later."""

from __future__ import annotations

from collections.abc import Callable

from builders import raw_mail
from sqlalchemy import insert
from worlds import LEAD, World

from maildesk.desk.person import Person, Role
from maildesk.store import people
from maildesk.store import schema as table

ZHANG = Person(
    "张敏", ("zhang@corp.test", "z.min@corp.test"), staff_number="FN012", department="财务部"
)


def test_any_address_of_a_person_is_that_person(make_world: Callable[..., World]) -> None:
    world = make_world(listed=(LEAD, ZHANG))
    with world.store.read() as db:
        one = people.find_sender(db, "zhang@corp.test", "Z")
        two = people.find_sender(db, "z.min@corp.test", "")
    assert one.person == two.person
    assert (one.name, one.department) == ("张敏", "财务部")
    assert one.addresses == frozenset(ZHANG.addresses)


def test_somebody_who_wrote_before_being_listed_keeps_his_tickets(world: World) -> None:
    world.receive(raw_mail())
    with world.store.write() as db:
        people.sync_people(db, (LEAD, ZHANG))
    world.receive(
        raw_mail(
            sender="张敏 <z.min@corp.test>",
            message_id="other-address@corp.test",
            subject="答复: [IT-20261120-0001]",
        )
    )
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert world.value("SELECT count(*) FROM events WHERE kind='words'") == 1
    query = "SELECT p.name FROM tickets t JOIN people p ON p.id = t.requester_id"
    assert world.value(query) == "张敏"


def test_the_list_is_the_truth_at_each_start(world: World) -> None:
    moved = Person("李四", ("zhang@corp.test",), staff_number="FN013")
    with world.store.write() as db:
        people.sync_people(db, (LEAD, ZHANG))
    with world.store.write() as db:
        people.sync_people(db, (moved,))
        found = people.find_sender(db, "zhang@corp.test", "")
        lead = people.find_sender(db, "wang@corp.test", "")
    assert found.name == "李四"
    assert not lead.listed
    assert lead.role is Role.REQUESTER


def test_the_same_list_twice_changes_nothing(world: World) -> None:
    with world.store.write() as db:
        people.sync_people(db, (LEAD, ZHANG))
    before = world.rows("SELECT * FROM people ORDER BY id")
    with world.store.write() as db:
        people.sync_people(db, (LEAD, ZHANG))
    assert world.rows("SELECT * FROM people ORDER BY id") == before


def test_a_whole_company_may_leave_the_list_at_once(world: World) -> None:
    row = {"listed": True, "role": "requester", "skills": []}
    rows = [{**row, "key": f"S{at}", "name": f"员工{at}"} for at in range(70_000)]
    with world.store.write() as db:
        db.execute(insert(table.people), rows)
        people.sync_people(db, (LEAD,))
    assert world.value("SELECT count(*) FROM people WHERE listed") == 1
