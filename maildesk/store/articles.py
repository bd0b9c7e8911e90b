"""Articles of the knowledge base, kept: drafts made of tickets, published, withdrawn (F8, M9, N6).

In the caller's transaction. What was published can be found (`passages`), a draft cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, or_, select, update

from maildesk.desk.knowledge.anonymity import leave_out_people
from maildesk.desk.knowledge.article import (
    Article,
    ArticleKind,
    ArticlePlan,
    ArticleState,
    NamedArticle,
    lacks,
)
from maildesk.desk.knowledge.drafts import Draft
from maildesk.desk.knowledge.learnt import Learnt
from maildesk.store import passages, sayings
from maildesk.store.engine import upsert
from maildesk.store.schema import articles, numbers, participants, people, texts, tickets

_LONGEST_TITLE = 200
_LONGEST = 20_000
_ALL = (
    select(articles, people.c.key, people.c.name, tickets.c.number.label("ticket"))
    .outerjoin(people, people.c.id == articles.c.author_id)
    .outerjoin(tickets, tickets.c.id == articles.c.ticket_id)
)
_REQUEST = (
    select(texts.c.reply)
    .where(texts.c.ticket_id == bindparam("ticket"))
    .order_by(texts.c.id)
    .limit(1)
)
_PEOPLE = (
    select(people.c.name)
    .join(participants, participants.c.person_id == people.c.id)
    .where(participants.c.ticket_id == bindparam("ticket"))
)
_DRAFTS = (
    _ALL.add_columns(tickets.c.solved_at)
    .where(
        articles.c.desk_id == bindparam("desk"),
        articles.c.state == "draft",
        articles.c.kind == "article",
        articles.c.created_at >= bindparam("since"),
        or_(articles.c.ticket_id.is_(None), tickets.c.solved_at.is_not(None)),
        articles.c.author_id.is_not(None),
    )
    .order_by(articles.c.id)
)
_TICKET = select(tickets).where(tickets.c.id == bindparam("ticket"))


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says; "" where nobody has said it yet."""

    title: str
    symptom: str
    cause: str
    solution: str
    prevention: str


def draft(
    db: Connection, desk_id: str, ticket: int, plan: ArticlePlan, author: int | None, now: datetime
) -> int:
    """Make the ticket's draft of that kind, or renew the one that is not published yet."""
    row, content = _gather(db, ticket)
    content = _place(_leave_out_people(db, ticket, content), plan)
    values = {
        "title": content.title,
        "symptom": content.symptom,
        "cause": content.cause,
        "solution": content.solution,
        "prevention": content.prevention,
        "updated_at": now,
    }
    mine = (articles.c.ticket_id == ticket) & (articles.c.kind == plan.kind)
    there = db.execute(select(articles.c.id).where(mine, articles.c.state == "draft")).scalar()
    if there is not None:
        db.execute(update(articles).where(articles.c.id == there).values(values))
        return int(there)
    values |= {
        "desk_id": desk_id,
        "number": _next_number(db, desk_id),
        "ticket_id": ticket,
        "kind": plan.kind,
        "state": "draft",
        "category": row.category,
        "language": row.language,
        "author_id": author,
        "created_at": now,
    }
    return int(db.execute(insert(articles).returning(articles.c.id), values).scalar_one())


def publish_drafts(db: Connection, ticket: int, now: datetime) -> None:
    """The ticket's drafts become articles, with what was recorded on it since they were made."""
    for item in _list(db, articles.c.ticket_id == ticket, articles.c.state == "draft"):
        _publish_fresh(db, item, ticket, now)


def publish_named(db: Connection, article: int, now: datetime) -> int | None:
    """The same for one draft, called by its number; the ticket it came from, if any."""
    item, ticket = _one(db, article), _find_ticket(db, article)
    if item.state == "draft":
        _publish_fresh(db, item, ticket, now)
    return ticket


def _publish_fresh(db: Connection, item: Article, ticket: int | None, now: datetime) -> None:
    fresh = _freshen(db, item, ticket)
    if fresh != item:
        told = {"cause": fresh.cause, "solution": fresh.solution, "prevention": fresh.prevention}
        change(db, item.id, told, now)
    if not lacks(fresh):  # solved without a word of how: its author is reminded
        publish(db, item.id, now)


def _freshen(db: Connection, item: Article, ticket: int | None) -> Article:
    """With what it lacks, as its ticket says it by now."""
    if ticket is None:
        return item
    content = _leave_out_people(db, ticket, _gather(db, ticket)[1])
    return replace(
        item,
        cause=item.cause.strip() or content.cause,
        solution=item.solution.strip() or content.solution,
        prevention=item.prevention.strip() or content.prevention,
    )


def _find_ticket(db: Connection, article: int) -> int | None:
    found: int | None = db.execute(
        select(articles.c.ticket_id).where(articles.c.id == article)
    ).scalar_one()
    return found


def find_named(db: Connection, desk_id: str, numbers: Sequence[str]) -> tuple[NamedArticle, ...]:
    """The desk's articles of these numbers, as somebody who wants to publish them must know."""
    found = []
    mine = (articles.c.desk_id == desk_id) & articles.c.number.in_(numbers)
    for item in _list(db, mine):
        ticket = _find_ticket(db, item.id)
        lacking = lacks(_freshen(db, item, ticket)) is not None
        found.append(NamedArticle(item.id, item.number, item.title, item.state, ticket, lacking))
    return tuple(found)


def publish(db: Connection, article: int, now: datetime) -> Article:
    """It can be read and found from now on."""
    values = {"state": "published", "published_at": now, "updated_at": now}
    db.execute(update(articles).where(articles.c.id == article).values(values))
    item = _one(db, article)
    _index(db, item, now)
    return item


def withdraw(db: Connection, article: int, now: datetime, to: ArticleState = "withdrawn") -> None:
    """It can be read no more; it stays in the database."""
    values = {"state": to, "updated_at": now}
    db.execute(update(articles).where(articles.c.id == article).values(values))
    passages.drop(db, "article", article)


def change(db: Connection, article: int, values: Mapping[str, str], now: datetime) -> None:
    """Other words in it; a published one is found by them at once."""
    db.execute(
        update(articles).where(articles.c.id == article).values({**values, "updated_at": now})
    )
    item = _one(db, article)
    if item.state == "published":
        _index(db, item, now)


def add(
    db: Connection,
    desk_id: str,
    content: Content,
    category: str,
    language: str,
    now: datetime,
    *,
    number: str = "",
    kind: ArticleKind = "article",
) -> Article:
    """An article that came from no ticket, as a draft; `number` is one that nobody has, or ""."""
    if number:
        _keep_number(db, desk_id, number)
    values = {
        "desk_id": desk_id,
        "number": number or _next_number(db, desk_id),
        "kind": kind,
        "state": "draft",
        "category": category,
        "language": language,
        "title": content.title[:_LONGEST_TITLE],
        "symptom": content.symptom,
        "cause": content.cause,
        "solution": content.solution,
        "prevention": content.prevention,
        "created_at": now,
        "updated_at": now,
    }
    made = int(db.execute(insert(articles).returning(articles.c.id), values).scalar_one())
    return _one(db, made)


def find(db: Connection, desk_id: str | None, number: str) -> Article | None:
    """By its number, KB-0001; None: there is none."""
    where = [articles.c.number == number.upper()]
    if desk_id is not None:
        where.append(articles.c.desk_id == desk_id)
    found = _list(db, *where)
    return found[0] if found else None


def find_published(db: Connection, desk_id: str, number: str) -> Article | None:
    """The same, where anybody may read it."""
    item = find(db, desk_id, number)
    return item if item is not None and item.state == "published" else None


def list_all(db: Connection, desk_id: str, states: Sequence[str]) -> list[Article]:
    """The desk's articles in these states, the oldest first."""
    return _list(db, articles.c.desk_id == desk_id, articles.c.state.in_(states))


def list_drafts(db: Connection, desk_id: str, since: datetime) -> list[Draft]:
    """Articles to be published of tickets that are solved, and made since then."""
    return [
        Draft(
            number=row.number,
            title=row.title,
            ticket=row.ticket or "",
            author=row.key or "",
            author_name=row.name or "",
            ready=max(row.created_at, row.solved_at or row.created_at),
            lacks=not row.solution.strip(),
        )
        for row in db.execute(_DRAFTS, {"desk": desk_id, "since": since})
    ]


def index_solved(db: Connection, desk_id: str, ticket: int, now: datetime) -> None:
    """Let a solved ticket be found by its request and its solution."""
    row, content = _gather(db, ticket)
    gist = Learnt(
        "ticket", ticket, row.number, row.title, row.category, content.symptom, content.solution
    )
    passages.put(db, desk_id, gist, content.cause, now)


def _index(db: Connection, item: Article, now: datetime) -> None:
    desk = db.execute(select(articles.c.desk_id).where(articles.c.id == item.id)).scalar_one()
    passages.put(db, desk, item.gist, "\n".join((item.cause, item.prevention)), now)


def _gather(db: Connection, ticket: int) -> tuple[Any, Content]:
    """The ticket's row, and what it says so far."""
    row = db.execute(_TICKET, {"ticket": ticket}).one()
    fields = row.fields or {}
    # What the requester was sent comes first: an article's solution is read by others like him.
    # What was recorded beside it was for colleagues, and stays in their part of it.
    sent, permanent = sayings.read_solution(db, ticket).strip(), fields.get("permanent", "")
    inside = (permanent if sent else "", fields.get("prevention", ""))
    request = db.execute(_REQUEST, {"ticket": ticket}).scalar() or ""
    return row, Content(
        title=row.title[:_LONGEST_TITLE],
        symptom=request.strip()[:_LONGEST],
        cause=fields.get("cause", ""),
        solution=(sent or permanent or fields.get("interim", "")).strip()[:_LONGEST],
        prevention="\n".join(filter(None, inside)),
    )


def _leave_out_people(db: Connection, ticket: int, content: Content) -> Content:
    """Others than those of the ticket will read it."""
    names = list(db.execute(_PEOPLE, {"ticket": ticket}).scalars())
    return replace(
        content,
        title=leave_out_people(content.title, names),
        symptom=leave_out_people(content.symptom, names),
        solution=leave_out_people(content.solution, names),
    )


def _place(content: Content, plan: ArticlePlan) -> Content:
    """What stood behind the order: a lesson is what is learnt, an article's a better title."""
    text = plan.text.strip()
    if not text:
        return content
    if plan.kind == "lesson":
        return Content(content.title, content.symptom, content.cause, text, content.prevention)
    first, _, rest = text.partition("\n")
    return Content(
        first[:_LONGEST_TITLE],
        content.symptom,
        content.cause,
        rest.strip() or content.solution,
        content.prevention,
    )


def _next_number(db: Connection, desk_id: str) -> str:
    key = {"desk_id": desk_id, "period": "knowledge"}
    query = upsert(db.dialect.name, numbers).values(**key, last=1)
    counted = query.on_conflict_do_update(
        index_elements=["desk_id", "period"], set_={"last": numbers.c.last + 1}
    ).returning(numbers.c.last)
    return f"KB-{db.execute(counted).scalar_one():04d}"


def _keep_number(db: Connection, desk_id: str, number: str) -> None:
    """Numbers given later come after this one."""
    key = {"desk_id": desk_id, "period": "knowledge"}
    last = int(number.rpartition("-")[2])
    query = upsert(db.dialect.name, numbers).values(**key, last=last)
    higher = case((numbers.c.last < last, last), else_=numbers.c.last)
    db.execute(
        query.on_conflict_do_update(index_elements=["desk_id", "period"], set_={"last": higher})
    )


def _one(db: Connection, article: int) -> Article:
    return _list(db, articles.c.id == article)[0]


def _list(db: Connection, *where: Any) -> list[Article]:
    rows = db.execute(_ALL.where(*where).order_by(articles.c.id))
    return [
        Article(
            id=row.id,
            number=row.number,
            kind=row.kind,
            state=row.state,
            title=row.title,
            category=row.category or "",
            language=row.language,
            symptom=row.symptom,
            cause=row.cause,
            solution=row.solution,
            prevention=row.prevention,
            author=row.key or "",
            author_name=row.name or "",
            ticket=row.ticket or "",
            created=row.created_at,
            updated=row.updated_at,
            published=row.published_at,
        )
        for row in rows
    ]
