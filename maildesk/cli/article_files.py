"""Articles that come back as files: read with all their faults, compared, and kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import hider_of

if TYPE_CHECKING:
    from maildesk.config.article_file import Written
    from maildesk.config.faults import Fault
    from maildesk.desk.charter import DeskConfig
    from maildesk.desk.knowledge.article import Article, ArticleKind
    from maildesk.memory import Memory
    from maildesk.store.engine import Connection

_TEXTS = ("title", "category", "language", "symptom", "cause", "solution", "prevention")


def read_files(files: Iterable[Path], desk: DeskConfig) -> tuple[dict[Path, Written], list[Fault]]:
    """What each file says, and everything that is wrong with any of them."""
    from maildesk.config.article_file import read_article

    categories = [item.key for item in desk.profile.categories]
    found: dict[Path, Written] = {}
    faults: list[Fault] = []
    for file in files:
        written, wrong = read_article(file, file.name, categories, desk.language)
        faults += wrong
        if written is not None:
            found[file] = written
    return found, faults


def find_doubles(db: Connection, desk: str, found: Mapping[Path, Written]) -> list[Fault]:
    """Files that are one article twice, or a new one whose title is known: taken in again, they
    would stand there twice."""
    from maildesk.config.faults import Fault
    from maildesk.store.articles import list_all

    known = {item.title: item.number for item in list_all(db, desk, ("draft", "published"))}
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for file, written in found.items():
        name = written.number or written.title
        if name in seen:
            problem = f"is the same article as {seen[name]}"
            faults.append(Fault(file.name, None, "", problem, "Keep one of the files"))
        seen[name] = file.name
        if not written.number and written.title in known:
            number = known[written.title]
            remedy = f"Write number: {number} to change that one, or choose another title"
            faults.append(Fault(file.name, 2, "title", f"is {number}'s as well", remedy))
    return faults


def change_by_hand(text: str, number: str, desk: DeskConfig) -> Written | None:
    """The text as it came back from the editor; None: nothing was changed. What cannot be read is
    kept in a file, so that nobody types it twice."""
    with tempfile.TemporaryDirectory() as folder:
        changed = click.edit(text, extension=".md")
        if changed is None or changed == text:
            return None
        file = Path(folder) / f"{number}.md"
        file.write_bytes(changed.encode("utf-8"))
        found, faults = read_files([file], desk)
        if not faults:
            return found[file]
    kept = Path(f"{number}.md")
    kept.write_bytes(changed.encode("utf-8"))
    end = explain(faults)
    click.echo(f"your text: {kept}; then maildesk knowledge edit {number} --from {kept}", err=True)
    raise end


def apply_file(
    db: Connection, memory: Memory, desk: str, written: Written, there: Article | None
) -> str:
    """Make the article what the file says; in one sentence what was done."""
    from maildesk.store import articles
    from maildesk.store.articles import Content

    hide, now = hider_of(memory.config, desk), memory.store.now()
    values = {key: hide(getattr(written, key)) for key in _TEXTS}
    done = []
    if there is None:
        content = Content(**{item.name: values[item.name] for item in fields(Content)})
        kind: ArticleKind = "lesson" if written.kind == "lesson" else "article"
        there = articles.add(
            db,
            desk,
            content,
            written.category,
            written.language,
            now,
            number=written.number,
            kind=kind,
        )
        done.append(f"new, {there.number}")
    else:
        changed = {key: text for key, text in values.items() if text != getattr(there, key).strip()}
        if changed:
            articles.change(db, there.id, changed, now)
            done.append(f"{there.number} changed ({', '.join(changed)})")
    if written.state != there.state:
        if written.state == "published":
            articles.publish(db, there.id, now)
        elif written.state == "withdrawn":
            articles.withdraw(db, there.id, now)
        else:
            articles.withdraw(db, there.id, now, to="draft")
        done.append(written.state)
    return ", ".join(done) or f"{there.number} unchanged"


def explain(faults: Iterable[Fault]) -> SystemExit:
    """Prints them all; nothing was changed."""
    for fault in faults:
        click.echo(str(fault), err=True)
    return SystemExit(2)
