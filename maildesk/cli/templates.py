"""`maildesk templates …`: see what letters and pages look like before anybody gets one.

Writes a folder to open in a browser. What is shown is `desk.letters.gallery`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import config_option

if TYPE_CHECKING:
    from maildesk.desk.letters.gallery import Exhibit

_HEAD = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>maildesk: letters and pages</title>
<style>
body { font-family: sans-serif; margin: 1rem; line-height: 1.5; }
td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
td { border-top: 1px solid #ccc; }
</style></head><body>
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def templates() -> None:
    """Letters and pages: see what they look like."""


@templates.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@config_option
@click.option(
    "--templates",
    "own",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The templates to show; what is missing there is the shipped one.",
)
def preview(folder: Path, config_file: Path, own: Path | None) -> None:
    """Write every letter and page, in each language, from sample values into DIR.

    Open DIR/index.html. Each letter is there as .html and, with its subject, as .txt. Shown are
    the templates of --templates, else of the configuration, else, where there is none, the
    shipped ones. No mail is sent and no database read; the same templates give the same files.

    Exit codes: 0 written; 2 a template is wrong, and nothing was written.

    \b
    Examples:
      maildesk templates preview preview
      maildesk templates preview /tmp/letters --templates templates
    """
    from maildesk.desk.letters.gallery import hang
    from maildesk.errors import ConfigFault

    sources, which = _choose(config_file, own)
    click.echo(f"looking at {which}", err=True)
    try:
        shown = list(hang(sources))
    except ConfigFault as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(2) from fault
    try:
        _write(folder, shown)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    letters = sum(item.kind == "letters" for item in shown)
    click.echo(f"{letters} letters and {len(shown) - letters} pages: {folder / 'index.html'}")


def _choose(config_file: Path, own: Path | None) -> tuple[Mapping[str, str], str]:
    """The templates' sources, and in words whose they are; faults end with exit code 2."""
    from maildesk.cli.setting import read_config
    from maildesk.config.templates import check_templates, load_templates

    if own is None and config_file.exists():
        return read_config(config_file, patient=True).templates, f"the templates of {config_file}"
    sources, faults = load_templates(own)
    faults = (*faults, *check_templates(sources, own))
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        raise SystemExit(2)
    return sources, f"the templates in {own}" if own else "the shipped templates"


def _write(folder: Path, shown: Sequence[Exhibit]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for item in shown:
        (folder / item.place).parent.mkdir(parents=True, exist_ok=True)
        for suffix, content in _list_files(item):
            (folder / f"{item.place}{suffix}").write_text(content, encoding="utf-8", newline="\n")
    index = folder / "index.html"
    index.write_text(_HEAD + "".join(_list(shown)) + "</body></html>\n", encoding="utf-8")


def _list_files(item: Exhibit) -> list[tuple[str, str]]:
    """(suffix, content) of what is there of it."""
    files = []
    if item.text is not None:
        files.append((".txt", f"Subject: {item.subject}\n\n{item.text}"))
    if item.html is not None:
        files.append((".html", item.html))
    return files


def _list(shown: Sequence[Exhibit]) -> list[str]:
    """The index: a table each for letters and pages, a row for each sample in each language."""
    lines = []
    for kind, items in groupby(shown, lambda item: item.kind):
        lines.append(f"<h1>{kind}</h1>\n<table>\n")
        for name, group in groupby(items, lambda item: item.name):
            for at, item in enumerate(group):
                title = f"<b>{name}</b>" if at == 0 else ""
                links = " ".join(
                    f'<a href="{item.place}{suffix}">{suffix[1:]}</a>'
                    for suffix, _ in _list_files(item)
                )
                said = escape(item.subject or item.place.rpartition("/")[2])
                row = f"<td>{title}</td><td>{item.language}</td><td>{links}</td><td>{said}</td>"
                lines.append(f"<tr>{row}</tr>\n")
        lines.append("</table>\n")
    return lines
