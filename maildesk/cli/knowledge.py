"""`maildesk knowledge`: what was learnt, to read, find, put right, publish, and keep as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import (
    choose_desk,
    config_option,
    hider_of,
    open_memory,
    say_moment,
)

if TYPE_CHECKING:
    from maildesk.config.article_file import Written
    from maildesk.desk.knowledge.article import Article
    from maildesk.store.engine import Connection

_STATES = ("draft", "published", "withdrawn")

desk_option = click.option(
    "--desk", "desk_id", metavar="NAME", help="The desk; else the first one."
)


@click.group()
def knowledge() -> None:
    """Articles: list, find, edit and publish them; as files, out and in.

    Engineers make them by mail: #知识库 (#kb) on a ticket makes a draft, #发布 (#publish) publishes
    it. Here is all the rest.

    \b
    Examples:
      maildesk knowledge list --state draft
      maildesk knowledge search 打印机 卡纸
      maildesk knowledge edit KB-0007
      maildesk knowledge publish KB-0007
      maildesk knowledge export articles
      maildesk knowledge import articles
    """


@knowledge.command("list")
@click.option(
    "--state", multiple=True, type=click.Choice(_STATES), help="Default: drafts and published."
)
@desk_option
@config_option
def list_(state: tuple[str, ...], desk_id: str | None, config_file: Path) -> None:
    """List articles, the oldest first.

    \b
    Examples:
      maildesk knowledge list
      maildesk knowledge list --state draft
    """
    from maildesk.store.articles import list_all

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    hide = hider_of(memory.config, desk.id)
    with memory.store.read() as db:
        found = list_all(db, desk.id, state or _STATES[:2])
    for item in found:
        at = say_moment(item.published or item.created, desk.zone)
        origin = ", ".join(filter(None, (item.author_name, item.ticket)))
        about = f"  ({origin})" if origin else ""
        click.echo(f"{item.number}  {item.state}  {at}  {hide(item.title)}{about}")
    if not found:
        click.echo("no articles")


@knowledge.command()
@click.argument("number")
@desk_option
@config_option
def show(number: str, desk_id: str | None, config_file: Path) -> None:
    """Print an article, as `export` writes it.

    \b
    Example:
      maildesk knowledge show KB-0007
    """
    from maildesk.config.article_file import write_article

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    with memory.store.read() as db:
        item = _find(db, desk.id, number)
    click.echo(hider_of(memory.config, desk.id)(write_article(item)), nl=False)


@knowledge.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--only", type=click.Choice(("articles", "tickets")), help="Else both.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@desk_option
@config_option
def search(
    words: tuple[str, ...], only: str | None, limit: int, desk_id: str | None, config_file: Path
) -> None:
    """Find articles and solved tickets that hold all the words, the best first.

    Chinese is found from two characters on; case, width and 繁體 make no difference.

    \b
    Examples:
      maildesk knowledge search 打印机 卡纸
      maildesk knowledge search vpn certificate --only articles
    """
    from maildesk.store.passages import Kind
    from maildesk.store.passages import search as search_passages

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    hide = hider_of(memory.config, desk.id)
    kinds: tuple[Kind, ...] = ("ticket", "article")
    if only is not None:
        kinds = ("article",) if only == "articles" else ("ticket",)
    with memory.store.read() as db:
        found = search_passages(db, desk.id, " ".join(words), kinds, limit)
    for item in found:
        first = next(iter(item.extract.strip().splitlines()), "")
        click.echo(f"{item.number}  {hide(item.title)}")
        if first:
            click.echo(f"    {hide(first)}")
    if not found:
        click.echo("nothing holds all of these words")
        raise SystemExit(1)


@knowledge.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER…")
@desk_option
@config_option
def publish(numbers: tuple[str, ...], desk_id: str | None, config_file: Path) -> None:
    """Let articles be read and offered from now on.

    \b
    Example:
      maildesk knowledge publish KB-0007 KB-0008
    """
    from maildesk.desk.knowledge.article import lacks
    from maildesk.store import articles

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    failed = False
    for number in numbers:
        with memory.store.write() as db:
            item = _find(db, desk.id, number)
            missing = lacks(item)
            if missing is None and item.state != "published":
                articles.publish(db, item.id, memory.store.now())
        if missing is not None:
            click.echo(f"{item.number}: it has no {missing} yet; maildesk knowledge edit", err=True)
            failed = True
            continue
        said = "was published before" if item.state == "published" else "published"
        click.echo(f"{item.number}: {said}")
    raise SystemExit(1 if failed else 0)


@knowledge.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER…")
@desk_option
@config_option
def withdraw(numbers: tuple[str, ...], desk_id: str | None, config_file: Path) -> None:
    """Take articles back: nobody is shown or offered them; `publish` brings them back.

    \b
    Example:
      maildesk knowledge withdraw KB-0007
    """
    from maildesk.store import articles

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    for number in numbers:
        with memory.store.write() as db:
            item = _find(db, desk.id, number)
            articles.withdraw(db, item.id, memory.store.now())
        click.echo(f"{item.number}: withdrawn")


@knowledge.command()
@click.argument("number")
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The new text; else your editor opens.",
)
@desk_option
@config_option
def edit(number: str, source: Path | None, desk_id: str | None, config_file: Path) -> None:
    """Change an article in your editor ($EDITOR), or to what a file says.

    \b
    Examples:
      maildesk knowledge edit KB-0007
      maildesk knowledge edit KB-0007 --from KB-0007.md
    """
    from maildesk.cli.article_files import apply_file, change_by_hand, explain, read_files
    from maildesk.config.article_file import write_article

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    with memory.store.read() as db:
        item = _find(db, desk.id, number)
    written: Written | None
    if source is not None:
        found, faults = read_files([source], desk)
        if faults:
            raise explain(faults)
        written = found[source]
    else:
        written = change_by_hand(write_article(item), item.number, desk)
        if written is None:
            click.echo("nothing changed")
            return
    if written.number not in ("", item.number):
        click.echo(f"the file is {written.number}, not {item.number}", err=True)
        raise SystemExit(2)
    with memory.store.write() as db:
        now = _find(db, desk.id, number)
        if now.updated != item.updated:
            click.echo(f"{item.number} was changed by somebody else meanwhile", err=True)
            raise SystemExit(1)
        said = apply_file(db, memory, desk.id, written, now)
    click.echo(f"{item.number}: {said}")


@knowledge.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--state", multiple=True, type=click.Choice(_STATES), help="Default: all.")
@desk_option
@config_option
def export(folder: Path, state: tuple[str, ...], desk_id: str | None, config_file: Path) -> None:
    """Write each article as a Markdown file with a YAML head; the same bytes every time.

    Files of other articles in the folder are left alone.

    \b
    Examples:
      maildesk knowledge export articles
      maildesk knowledge export site --state published
    """
    from maildesk.config.article_file import write_article
    from maildesk.store.articles import list_all

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    hide = hider_of(memory.config, desk.id)
    with memory.store.read() as db:
        found = list_all(db, desk.id, state or _STATES)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for item in found:
            file = folder / f"{item.number}.md"
            file.write_bytes(hide(write_article(item)).encode("utf-8"))
    except OSError as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(1) from fault
    click.echo(f"{len(found)} articles written into {folder}")


@knowledge.command("import")
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@desk_option
@config_option
def import_(folder: Path, desk_id: str | None, config_file: Path) -> None:
    """Take articles from Markdown files as `export` writes them: all of them, or none.

    A file whose number is known changes that article; one without a number is a new article, a
    draft unless it says `state: published`. Only `title` must stand in the head.

    \b
    Examples:
      maildesk knowledge import articles
    """
    from maildesk.cli.article_files import apply_file, explain, find_doubles, read_files
    from maildesk.store import articles

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    files = sorted(folder.glob("*.md"))
    if not files:
        click.echo(f"{folder}: there is no file *.md", err=True)
        raise SystemExit(1)
    found, faults = read_files(files, desk)
    said = []
    with memory.store.write() as db:
        faults += find_doubles(db, desk.id, found)
        if faults:
            raise explain(faults)
        for file, written in found.items():
            there = articles.find(db, desk.id, written.number) if written.number else None
            said.append(f"{file.name}: {apply_file(db, memory, desk.id, written, there)}")
    for line in said:
        click.echo(line)


def _find(db: Connection, desk: str, number: str) -> Article:
    from maildesk.store.articles import find

    item = find(db, desk, number)
    if item is None:
        click.echo(f"there is no article {number}", err=True)
        raise SystemExit(1)
    return item
