"""Articles and solved tickets, found by their words; in Chinese from two characters on (N6, M11).

Both databases index the same terms (`desk.grams`). In the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from maildesk.desk.grams import spell, spell_query
from maildesk.desk.learnt import Learnt
from maildesk.store.schema import passages
from maildesk.store.schema_aftercare import SEARCH_INDEX

Kind = Literal["ticket", "article"]

_EXTRACT = 300
_MOST_TERMS = 24
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
        "terms": spell("\n".join((item.title, item.symptom, item.extract, more))),
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
    """Candidates that share words with a request; how well they fit `desk.learnt` says."""
    terms = list(dict.fromkeys(spell(f"{title}\n{words[:200]}").split()))
    telling = [term for term in terms if len(term) > 1 and not term.isdigit()][:_MOST_TERMS]
    if not telling:
        return ()
    if db.dialect.name == "sqlite":
        query = " OR ".join(f'"{term}"' for term in telling)
    else:
        query = " | ".join(f"'{term}'" for term in telling)
    return _find(db, desk_id, query, ("ticket", "article"), 40)


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
