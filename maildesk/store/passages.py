"""Articles and solved tickets, found by their words; in Chinese from two characters on (N6, M11).

Both databases index the same terms (`desk.knowledge.grams`). In the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from maildesk.desk.knowledge.grams import spell, spell_query
from maildesk.desk.knowledge.learnt import Learnt
from maildesk.desk.request.similar import list_telling
from maildesk.store.schema import SEARCH_INDEX, passages
from maildesk.store.statement import Statement

Kind = Literal["ticket", "article"]

_EXTRACT = 300
_MOST_TERMS = 6
_SHORTEST_BEGINNING = 4
_MOST_CANDIDATES = 25
_LOOK_BACK = 20_000  # rows: what was solved long ago is a worse guide, and costs as much to look at
_ARTICLE = "kindofarticle"  # a term of every article, to find the few among many tickets
# Built once: building a statement costs several times what running it does.
_OLD = select(passages.c.id, passages.c.terms).where(
    passages.c.kind == bindparam("which"), passages.c.ref_id == bindparam("ref")
)
_NEW = insert(passages).returning(passages.c.id)
_SHOWN = "p.kind, p.ref_id, p.number, p.title, p.category, p.symptom, p.extract"
_FIND = {
    "sqlite": text(
        f"SELECT {_SHOWN} FROM {SEARCH_INDEX} JOIN passages p ON p.id = {SEARCH_INDEX}.rowid"
        f" WHERE {SEARCH_INDEX} MATCH :query AND p.desk_id = :desk AND p.kind IN (:a, :b)"
        f" ORDER BY bm25({SEARCH_INDEX}), p.id DESC LIMIT :most"
    ),
    "postgresql": text(
        f"SELECT {_SHOWN} FROM {SEARCH_INDEX} t JOIN passages p ON p.id = t.id,"
        " to_tsquery('simple', :query) q"
        " WHERE t.terms @@ q AND p.desk_id = :desk AND p.kind IN (:a, :b)"
        " ORDER BY ts_rank_cd(t.terms, q, 1) DESC, p.id DESC LIMIT :most"
    ),
}
_LIKE_SQLITE = (
    f"SELECT * FROM (SELECT {_SHOWN} FROM {SEARCH_INDEX} CROSS JOIN passages p"
    f" WHERE p.id = {SEARCH_INDEX}.rowid AND {SEARCH_INDEX} MATCH {{query}}"
    " AND p.desk_id = :desk AND p.kind = '{kind}'"
    f" AND {SEARCH_INDEX}.rowid > (SELECT coalesce(max(id), 0) FROM passages) - {{back}}"
    f" ORDER BY {SEARCH_INDEX}.rowid DESC LIMIT :most)"
)
_LIKE_POSTGRES = (
    f"(SELECT {_SHOWN} FROM {SEARCH_INDEX} t JOIN passages p ON p.id = t.id"
    " WHERE t.terms @@ to_tsquery('simple', {query}) AND p.desk_id = :desk AND p.kind = '{kind}'"
    " AND t.id > (SELECT coalesce(max(id), 0) FROM passages) - {back}"
    " ORDER BY t.id DESC LIMIT :most)"
)
_LIKE = {
    dialect: Statement(
        text(
            f"{one.format(query=':tickets', kind='ticket', back=':back')} UNION ALL"
            f" {one.format(query=':articles', kind='article', back='2000000000')}"
        )
    )
    for dialect, one in (("sqlite", _LIKE_SQLITE), ("postgresql", _LIKE_POSTGRES))
}


def put(db: Connection, desk_id: str, item: Learnt, more: str, at: datetime) -> None:
    """Let it be found by its title, its symptom, its solution and `more`; anew if it was there."""
    drop(db, item.kind, item.id)
    values = {
        "desk_id": desk_id,
        "kind": item.kind,
        "ref_id": item.id,
        "number": item.number,
        "title": item.title,
        "category": item.category,
        "symptom": item.symptom[:_EXTRACT],
        "extract": item.extract[:_EXTRACT],
        "terms": " ".join(
            (
                *((_ARTICLE,) if item.kind == "article" else ()),
                spell("\n".join((item.title, item.symptom, item.extract, more))),
            )
        ),
        "at": at,
    }
    row = int(db.execute(_NEW, values).scalar_one())
    _index(db, row, values["terms"])


def drop(db: Connection, kind: str, ref: int) -> None:
    """Let it be found no more."""
    row = db.execute(_OLD, {"which": kind, "ref": ref}).first()
    if row is None:
        return
    if db.dialect.name == "sqlite":
        db.execute(
            text(
                f"INSERT INTO {SEARCH_INDEX} ({SEARCH_INDEX}, rowid, terms)"
                " VALUES ('delete', :id, :terms)"
            ),
            {"id": row.id, "terms": row.terms},
        )
    db.execute(delete(passages).where(passages.c.id == row.id))


def search(
    db: Connection,
    desk_id: str,
    words: str,
    kinds: Sequence[Kind] = ("ticket", "article"),
    most: int = 20,
) -> tuple[Learnt, ...]:
    """What holds all of these words, the best first. A single Han character finds what begins a
    pair with it."""
    phrases = spell_query(words)
    if not phrases:
        return ()
    if db.dialect.name == "sqlite":
        query = " AND ".join(_phrase_sqlite(phrase) for phrase in phrases)
    else:
        query = " & ".join(_phrase_postgres(phrase) for phrase in phrases)
    return _find(db, desk_id, query, kinds, most)


def find_like(db: Connection, desk_id: str, title: str, words: str) -> tuple[Learnt, ...]:
    """Candidates that share two telling words with a request, the newest tickets and articles; how
    well they fit `desk.knowledge.learnt` says. Looks at no more rows the more there are."""
    telling = list_telling(title, words, _MOST_TERMS)
    if not telling:
        return ()
    spell_term = _term_sqlite if db.dialect.name == "sqlite" else _term_postgres
    both, either = ("AND", "OR") if db.dialect.name == "sqlite" else ("&", "|")
    query = _pair_up([spell_term(term) for term in telling], both, either)
    about = {
        "desk": desk_id,
        "tickets": query,
        "articles": f"{spell_term(_ARTICLE)} {both} ({query})",
        "most": _MOST_CANDIDATES,
        "back": _LOOK_BACK,
    }
    return tuple(Learnt(*row) for row in _LIKE[db.dialect.name].ask(db, about))


def rebuild(db: Connection) -> None:
    """Make the index anew from the rows: after they were copied from elsewhere."""
    if db.dialect.name == "sqlite":
        db.execute(text(f"INSERT INTO {SEARCH_INDEX} ({SEARCH_INDEX}) VALUES ('rebuild')"))
        return
    db.execute(text(f"DELETE FROM {SEARCH_INDEX}"))
    db.execute(
        text(f"INSERT INTO {SEARCH_INDEX} SELECT id, to_tsvector('simple', terms) FROM passages")
    )


def _index(db: Connection, row: int, terms: Any) -> None:
    if db.dialect.name == "sqlite":
        statement = f"INSERT INTO {SEARCH_INDEX} (rowid, terms) VALUES (:id, :terms)"
    else:
        statement = f"INSERT INTO {SEARCH_INDEX} VALUES (:id, to_tsvector('simple', :terms))"
    db.execute(text(statement), {"id": row, "terms": terms})


def _find(
    db: Connection,
    desk_id: str,
    query: str,
    kinds: Sequence[Kind],
    most: int,
) -> tuple[Learnt, ...]:
    about = {"query": query, "desk": desk_id, "a": kinds[0], "b": kinds[-1], "most": most}
    return tuple(Learnt(*row) for row in db.execute(_FIND[db.dialect.name], about))


# Terms hold nothing but folded letters, digits and Han characters: nothing of a query's grammar.
def _phrase_sqlite(terms: Sequence[str]) -> str:
    if len(terms) == 1 and len(terms[0]) == 1 and terms[0] > "\x80":
        return f'"{terms[0]}"*'
    return f'"{" ".join(terms)}"'


def _phrase_postgres(terms: Sequence[str]) -> str:
    if len(terms) == 1 and len(terms[0]) == 1 and terms[0] > "\x80":
        return f"'{terms[0]}':*"
    return "(" + " <-> ".join(f"'{term}'" for term in terms) + ")"


def _term_sqlite(term: str) -> str:
    """A Latin word also as the beginning of one: `desk.request.similar` takes its ending off."""
    return f'"{term}"*' if _may_go_on(term) else f'"{term}"'


def _term_postgres(term: str) -> str:
    return f"'{term}':*" if _may_go_on(term) else f"'{term}'"


def _may_go_on(term: str) -> bool:
    return term < "\x80" and len(term) >= _SHORTEST_BEGINNING


def _pair_up(terms: Sequence[str], both: str, either: str) -> str:
    """At least two of them; a single one must do alone."""
    if len(terms) == 1:
        return terms[0]
    alternatives = []
    for at, term in enumerate(terms[:-1], 1):
        others = f" {either} ".join(terms[at:])
        alternatives.append(f"({term} {both} ({others}))")
    return f" {either} ".join(alternatives)
