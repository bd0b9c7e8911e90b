"""What would a person read in this HTML? Markup to plain text with readable blocks.

A streaming reader without a tree: tree builders take minutes on a few thousand unclosed tags
(5,000 bare `<b>` already), this one is linear whatever comes. Quoted history is prefixed with
`> ` as in plain mail, so that `body` can tell it apart. Nothing here makes HTML safe to show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from maildesk.mail.cut.marks import Mark, Page, find_mark

# A quoted value may hold `>`, but not `<`: so an unclosed quote never makes a later tag rescan.
_TAG = re.compile(
    r"<(?:(/?)([a-zA-Z][a-zA-Z0-9:_-]*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)>|(!--)|[!?])"
)
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")
_ROW_END = re.compile(r"</tr|<table", re.IGNORECASE)
_CELL = re.compile(r"<t[dh][\s>]", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SKIPPED = frozenset({"script", "style", "title", "noscript", "template", "svg", "object"})
_RAW = frozenset({"script", "style", "title"})  # without an end, all the rest is theirs
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "pre"})
_SPACED = _PARAGRAPHS - {"p", "dl"}  # these are followed by an empty line, too
_BLOCKS = frozenset(
    {
        "div", "section", "article", "header", "footer", "main", "aside", "nav", "address",
        "center", "form", "fieldset", "figure", "figcaption", "tr", "li", "dt", "dd",
        "blockquote", "body", "html", "tbody", "thead", "tfoot", "caption",
    }
)  # fmt: skip
_VALUES = {
    name: re.compile(
        rf"(?:^|[\s\"'/]){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE
    )
    for name in ("href", "alt")
}
_BAR = re.compile(
    r"border-left(?:-width)?\s*:\s*(?:[a-z]+ )?(?:#[0-9a-f]{3,6} |rgb\([\d, ]{5,15}\) )?"
    r"(?:solid )?(?:thin|(?:0?\.\d+|1(?:\.\d+)?|2)p[xt])|"
    r"border-(?:left-)?style:\s*none none none solid"
)
_ROW_CHARS = 4000  # a longer table row is page layout, not data
_HIDE_SCANS = 20
_MARKS = 50  # marked elements of one document that are remembered
_ATTRIBUTES = 600  # characters of a tag in which marks are looked for
_QUOTE_DEPTH = 8


def read_text(html: str) -> str:
    """The text of an HTML document: lines joined by `\\n`, no markup, linear time, never raises."""
    return read_page(html).text


def read_page(html: str) -> Page:
    """The same, with what its client marked as history and as signature."""
    reader = _Reader(html)
    reader.read()
    return reader.finish()


@dataclass(slots=True)
class _Reader:
    html: str
    lines: list[str] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)
    quotes: list[bool] = field(default_factory=list)
    depth: int = 0  # how many of them are quotes
    lists: list[int] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    row_end: int = -1
    next_end: int = -1
    pre: int = 0
    hide_scans: int = 0
    comments: bool = True
    indents_quote: bool = False  # every blockquote is history, not only those that say so
    # Marked elements that are open: what they mark, their tag, how deep, and their first line.
    marked: list[tuple[Mark, str, int, int]] = field(default_factory=list)
    heads: list[tuple[int, int | None]] = field(default_factory=list)
    signatures: list[tuple[int, int]] = field(default_factory=list)

    def read(self) -> None:
        html = self.html
        position = 0
        end = len(html)
        while position < end:
            match = _TAG.search(html, position)
            start = match.start() if match else end
            if start > position:
                self._add_text(html[position:start])
            if match is None:
                return
            position = match.end()
            name = match[2]
            if name is None:
                position = self._pass_declaration(match, position)
            elif match[1]:
                self._close(name.lower())
            else:
                position = self._open(name.lower(), match[3], position)

    def finish(self) -> Page:
        self._end_line()
        while self.marked:
            self._end_mark()
        out: list[str] = []
        places: list[int] = []  # of each line in `lines`, where it or the next one stands in `out`
        for line in self.lines:
            places.append(len(out))
            if line or (out and out[-1]):
                out.append(line)
        while out and not out[-1]:
            out.pop()
        places.append(len(out))
        heads = [(places[start], end and places[end]) for start, end in self.heads]
        heads.sort(key=lambda head: (head[0], -(head[1] or len(out) + 1)))  # the outermost first
        first = heads[0][0] if heads else len(out)
        signatures = [
            "\n".join(out[places[start] : places[end]]).strip()
            for start, end in self.signatures
            if places[start] <= first
        ]
        return Page("\n".join(out), tuple(heads), tuple(filter(None, signatures)))

    def _begin_mark(self, mark: Mark, name: str) -> None:
        self._end_line()
        here = len(self.lines)
        if mark in (Mark.HEAD, Mark.PREFIX):
            self._end_signed()
            if self.quotes and mark is Mark.HEAD:  # Foxmail: the head of history stands inside it
                self.depth += not self.quotes[-1]
                self.quotes[-1] = self.indents_quote = True
            if len(self.heads) < _MARKS:
                self.heads.append((here, None))
        elif len(self.marked) < _MARKS:
            if mark is Mark.QUOTE:
                self._end_signed()
            self.marked.append((mark, name, 1, here))

    def _is_signature(self, mark: Mark) -> bool:
        """Whether a mark says of a signature's own parts that they are its."""
        return mark is Mark.SIGNATURE and any(open_[0] is mark for open_ in self.marked)

    def _pass_mark(self, name: str, step: int) -> None:
        """Count how deep the innermost marked element is; at 0 it ends."""
        mark, tag, depth, begun = self.marked[-1]
        if tag != name or mark is Mark.SIGNED:
            return
        if depth + step:
            self.marked[-1] = (mark, tag, depth + step, begun)
            return
        self._end_line()
        self._end_mark()

    def _end_mark(self) -> None:
        mark, _, _, begun = self.marked.pop()
        here = len(self.lines)
        if mark is Mark.QUOTE and here > begun:
            self.heads.append((begun, here))
        elif mark is not Mark.QUOTE and here > begun and len(self.signatures) < _MARKS:
            self.signatures.append((begun, here))

    def _end_signed(self) -> None:
        """A signature that only has a beginning ends where history begins."""
        while self.marked and self.marked[-1][0] is Mark.SIGNED:
            self._end_mark()

    def _pass_declaration(self, match: re.Match[str], position: int) -> int:
        """`<!-- … -->`, `<!doctype>`, `<![if …]>`, `<?xml?>`: nothing to read."""
        closing = "-->" if match[4] and self.comments else ">"
        found = self.html.find(closing, position)
        if found < 0 and closing == "-->":
            self.comments = False  # an open comment would hide the rest: read on instead
            found = self.html.find(">", position)
            return found + 1 if found >= 0 else position
        return found + len(closing) if found >= 0 else len(self.html)

    def _add_text(self, text: str) -> None:
        if "&" in text:
            text = unescape(text)
        if "\u00ad" in text:  # a hint where a word may be broken, and no letter
            text = text.replace("\u00ad", "")
        if self.pre:
            first, *more = text.replace("\r\n", "\n").split("\n")
            self.buffer.append(first)
            for line in more:
                self._break_line()
                self.buffer.append(line)
            return
        if "  " in text or not text.isprintable():
            text = _BLANKS.sub(" ", text)
        if text != " " or self.buffer:
            self.buffer.append(text)

    def _open(self, name: str, attributes: str, position: int) -> int:
        """See what a start tag marks, and act on it; answers where reading goes on."""
        inside = bool(self.marked)
        if attributes and position >= self.row_end:
            mark = find_mark(name, attributes[:_ATTRIBUTES])
            if mark is not None and not self._is_signature(mark):
                self._begin_mark(mark, name)
                inside = inside and mark in (Mark.HEAD, Mark.PREFIX)
        if inside and self.marked:
            self._pass_mark(name, 1)
        return self._act(name, attributes, position)

    def _act(self, name: str, attributes: str, position: int) -> int:
        if name == "br":
            self._break_line()
        elif name in _SKIPPED:
            return self._skip_element(name, position, nested=False)
        elif attributes and "display" in attributes and _HIDDEN.search(attributes):
            return self._skip_element(name, position, nested=True)
        elif name == "a":
            self._open_link(attributes)
        elif name in ("td", "th"):
            if position < self.row_end:
                if self.buffer:
                    self.buffer.append(" | ")
            else:
                self._end_line()
        elif name == "img":
            alt = unescape(_attribute(attributes, "alt")).strip()
            if alt:
                self.buffer.append(f"[{alt[:200]}]")
        elif name == "hr":
            self._end_line()
            self._push("-" * 20)
        elif name in _BLOCKS or name in _PARAGRAPHS:
            self._open_block(name, attributes, position)
        return position

    def _open_block(self, name: str, attributes: str, position: int) -> None:
        if position < self.row_end and name != "tr":
            self.buffer.append(" ")
            return
        self._end_line()
        if name == "blockquote":
            self.quotes.append(self.indents_quote or _is_quote(attributes))
            self.depth += self.quotes[-1]
        elif name in ("ul", "ol"):
            self.lists.append(0 if name == "ol" else -1)
        elif name == "li":
            self._start_item()
        elif name == "pre":
            self.pre += 1
        elif name == "tr":
            self._start_row(position)
        if name in _PARAGRAPHS and "MsoNormal" not in attributes and len(self.lists) < 2:
            self._blank()

    def _close(self, name: str) -> None:
        if self.marked:
            self._pass_mark(name, -1)
        if name == "a":
            if self.links:
                self._end_link(*self.links.pop())
            return
        if name == "p" and not self.buffer:
            return
        if name not in _BLOCKS and name not in _PARAGRAPHS:
            return
        if self.row_end > 0 and name != "tr":
            self.buffer.append(" ")
            return
        self._end_line()
        if name == "tr":
            self.row_end = -1
        elif name == "blockquote" and self.quotes:
            self.depth -= self.quotes.pop()
        elif name in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif name == "pre" and self.pre:
            self.pre -= 1
        if name in _SPACED and not self.lists:
            self._blank()

    def _start_row(self, position: int) -> None:
        """A row of several short cells without an inner table is data: one line, `a | b`."""
        self.row_end = -1
        if self.next_end >= position:
            return  # that end was already looked at from an earlier, unclosed row
        found = _ROW_END.search(self.html, position)
        self.next_end = found.start() if found else len(self.html)
        if (
            found is not None
            and found[0].lower() == "</tr"
            and self.next_end - position <= _ROW_CHARS
            and len(_CELL.findall(self.html, position, self.next_end)) > 1
        ):
            self.row_end = self.next_end

    def _start_item(self) -> None:
        indent = "  " * (min(len(self.lists), 8) - 1)
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            self.buffer.append(f"{indent}{self.lists[-1]}. ")
        else:
            self.buffer.append(f"{indent}- ")

    def _open_link(self, attributes: str) -> None:
        if self.links:  # links do not nest: the next one ends the last
            self._end_link(*self.links.pop())
        self.links.append((_attribute(attributes, "href"), len(self.buffer)))

    def _end_link(self, target: str, begun: int) -> None:
        target = unescape(target).strip()
        if not target.lower().startswith(("http://", "https://", "mailto:", "tel:")):
            return
        words = "".join(self.buffer[begun:]).strip()
        shown = target.partition("?")[0] if target.lower().startswith("mailto:") else target
        shown = shown[7:] if shown.lower().startswith("mailto:") else shown
        bare = shown.rstrip("/").removeprefix("http://").removeprefix("https://")
        if words and bare and bare not in words:
            self.buffer.append(f" <{shown[:2000]}>")

    def _skip_element(self, name: str, position: int, *, nested: bool) -> int:
        """Where the element ends; a hidden one that never ends is not skipped."""
        if nested:
            if name in ("img", "input", "meta", "link", "hr") or self.hide_scans >= _HIDE_SCANS:
                return position
            self.hide_scans += 1
        depth = 1
        tag = re.compile(rf"<(/?){re.escape(name[:40])}[\s>/]", re.IGNORECASE)
        for match in tag.finditer(self.html, position):
            if match[1]:
                depth -= 1
            elif nested:
                depth += 1
            if depth == 0:
                end = self.html.find(">", match.end() - 1)
                return end + 1 if end >= 0 else len(self.html)
        return len(self.html) if name in _RAW else position

    def _break_line(self) -> None:
        self._push(self._take())

    def _end_line(self) -> None:
        text = self._take()
        if text:
            self._push(text)

    def _take(self) -> str:
        if not self.buffer:
            return ""
        text = "".join(self.buffer)
        self.buffer.clear()
        self.links = [(target, 0) for target, _ in self.links[-4:]]
        if self.pre:
            return text.rstrip()
        words = text.strip(" ")
        if "  " in words:
            words = _BLANKS.sub(" ", words)
        if not self.lists:
            return words
        return text[: len(text) - len(text.lstrip(" "))] + words  # an item keeps its indent

    def _push(self, text: str) -> None:
        depth = min(self.depth, _QUOTE_DEPTH)
        self.lines.append(f"{'> ' * depth}{text}" if depth else text)

    def _blank(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self._push("")


def _is_quote(attributes: str) -> bool:
    """Whether a blockquote is mail history; authors also indent their own words with it."""
    low = attributes.lower()
    if "block-quote" in low or "pullquote" in low:
        return False  # an article's
    return (
        "cite" in low or "quote" in low or "isreplycontent" in low or _BAR.search(low) is not None
    )


def _attribute(attributes: str, name: str) -> str:
    match = _VALUES[name].search(attributes)
    return (match[1] or match[2] or match[3] or "") if match else ""
