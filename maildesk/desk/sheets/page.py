"""A sheet as an HTML page to look at and to print: A4, no script, nothing loaded from anywhere.

The same sheet gives the same bytes: no time of printing stands on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from maildesk.desk.sheets.form import Block, Line, Sheet

_STYLE = """\
@page { size: A4; margin: 12mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 190mm; padding: 8mm 4mm; color: #1c2329; background: #fff;
  font: 10.5pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
  "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 16pt; text-align: center; margin: 0 0 2mm; }
.about { display: flex; justify-content: space-between; font-size: 9.5pt; margin-bottom: 2mm; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin-bottom: 4mm; }
caption { text-align: left; font-weight: bold; padding: 1mm 0; break-after: avoid; }
th, td { border: 0.3mm solid #8a949e; padding: 1.2mm 2mm; vertical-align: top; text-align: left;
  white-space: pre-wrap; overflow-wrap: anywhere; }
th { background: #eef2f5; font-weight: 600; }
col.label { width: 27mm; }
tr { break-inside: avoid; }
tr.long { break-inside: auto; }
footer { font-size: 8.5pt; color: #58636e; }
main + main { margin-top: 12mm; }
@media print { body { padding: 0; max-width: none; line-height: 1.4; }
  main + main { margin-top: 0; } th, td { padding: 0.8mm 2mm; } table { margin-bottom: 3mm; } }
/* A phone has no room for two entries side by side: each gets a line of its own. */
@media screen and (max-width: 600px) { table, tbody, caption { display: block; }
  tr { display: grid; grid-template-columns: 28vw 1fr; } th { overflow-wrap: break-word; } }
"""
# Named once: a table's first row, which may be a wide one, would else decide the widths.
_COLUMNS = '<colgroup><col class="label"><col><col class="label"><col></colgroup>\n'
_LONG = 900  # characters of a cell that may be broken over two pages


def write_head(title: str, language: str, style: str = _STYLE) -> str:
    """The beginning of a page of this room, up to its body."""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    )


def write_page(sheets: Iterable[Sheet]) -> Iterator[str]:
    """The sheets as one page, piece by piece; each begins a page of its own when printed."""
    first = True
    for sheet in sheets:
        if first:
            yield write_head(f"{sheet.number} {sheet.title}", sheet.language)
        yield from _write_sheet(sheet, again=not first)
        first = False
    if not first:
        yield "</body>\n</html>\n"


def _write_sheet(sheet: Sheet, *, again: bool) -> Iterator[str]:
    broken = ' style="break-before: page"' if again else ""
    yield f"<main{broken}>\n<h1>{escape(sheet.title)}</h1>\n"
    yield (
        f'<div class="about"><span>{escape(sheet.desk)}</span>'
        f"<span>{escape(sheet.number)}</span></div>\n"
    )
    for block in sheet.blocks:
        yield from _write_block(block)
    chinese = sheet.language.lower().startswith("zh")
    inside = (
        "内部资料：含内部备注，不外发。"
        if chinese
        else "Internal: it holds notes that are not for others."
    )
    yield f"<footer>{inside}</footer>\n</main>\n"


def _write_block(block: Block) -> Iterator[str]:
    """Two short entries a row, a wide one alone."""
    yield f"<table>\n<caption>{escape(block.title)}</caption>\n{_COLUMNS}"
    waiting: Line | None = None
    for line in block.lines:
        if line.wide:
            if waiting is not None:
                yield _write_row(waiting)
            waiting = None
            yield _write_row(line)
        elif waiting is None:
            waiting = line
        else:
            yield f"<tr>{_cell(waiting)}{_cell(line)}</tr>\n"
            waiting = None
    if waiting is not None:
        yield _write_row(waiting)
    yield "</table>\n"


def _write_row(line: Line) -> str:
    long = ' class="long"' if len(line.value) > _LONG else ""
    return f"<tr{long}>{_cell(line, 3)}</tr>\n"


def _cell(line: Line, span: int = 1) -> str:
    over = f' colspan="{span}"' if span > 1 else ""
    return f"<th>{escape(line.label)}</th><td{over}>{escape(line.value)}</td>"
