"""May a mail's HTML be shown to staff in a browser, and what is left of it then?

Tags, attributes and style properties that are known to be harmless; pictures that came with the
mail, links that open apart. Nothing runs, nothing is loaded from anywhere, nobody learns that the
mail was opened. Our own pass brings the markup into a bounded, balanced shape; nh3, whose parser is
the browsers', is the guard behind it, and slow on what is left unclosed.

Computed from the kept raw mail when somebody looks, never at intake: most mails are never looked
at, and what is found dangerous tomorrow must not stand in the database as harmless.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import unquote

import nh3

from maildesk.mail.text.markup import End, Start, read_tokens

DEEPEST = 100
"""Elements within each other that are kept; below, only words."""

_ROOM = 4  # a table needs so many levels for its first cell
_LONGEST = 2_000  # characters of an attribute
_VOID = frozenset(("br", "hr", "img", "wbr", "col"))
_SECTIONS = frozenset(("thead", "tbody", "tfoot"))
_PARTS = _SECTIONS | {"caption", "colgroup", "col", "tr", "td", "th"}
_CELLS = frozenset(("table", "td", "th", "caption"))  # an end tag reaches no further out
_GAPS = _SECTIONS | {"table", "tr", "colgroup"}  # words here would be moved before the table
# What ends an open paragraph (WHATWG HTML §13.2.6.4.7).
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "center", "details", "dd", "div", "dl"),
        *("dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul"),
    }
)
TAGS = (
    _BLOCKS
    | _PARTS
    | _VOID
    | {
        *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "sup", "tt", "u", "var"),
    }
)
_EVERYWHERE = frozenset(("title", "dir", "lang", "align", "valign", "style"))
_SIZES = frozenset(("width", "height", "bgcolor"))
_OF_CELLS = _SIZES | {"colspan", "rowspan", "nowrap"}
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset(("href",)),
    "img": frozenset(("src", "alt", "width", "height")),
    "table": _SIZES | {"border", "cellpadding", "cellspacing"},
    "tr": _SIZES,
    "td": _OF_CELLS,
    "th": _OF_CELLS,
    "col": _SIZES | {"span"},
    "colgroup": _SIZES | {"span"},
    "font": frozenset(("color", "face", "size")),
    "ol": frozenset(("type", "start")),
    "ul": frozenset(("type",)),
    "li": frozenset(("type", "value")),
    "hr": frozenset(("width", "size", "color")),
    "details": frozenset(("open",)),
}
_FREE = frozenset(("title", "alt", "face"))  # words; every other value is a word or a measure
_PLAIN = re.compile(r"[#A-Za-z0-9.,%() +-]{0,60}")
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x20]", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]+")  # browsers skip some of them within a scheme
_LONGEST_LINK = 8_000
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]+")
_HOST = re.compile(r"(?:https?:)?[/\\]{2,}(?:[^/?#\\@]*+@)?([^/?#:\\@]{1,100})", re.IGNORECASE)

PROPERTIES = frozenset(
    {
        *("color", "background-color", "font", "font-family", "font-size", "font-style"),
        *("font-weight", "font-variant", "text-align", "text-decoration", "text-indent"),
        *("text-transform", "vertical-align", "white-space", "line-height", "letter-spacing"),
        *("word-break", "word-wrap", "overflow-wrap", "direction", "display", "width", "height"),
        *("max-width", "min-width", "max-height", "min-height", "list-style-type"),
        *("border-collapse", "border-spacing", "margin", "padding", "border", "border-color"),
        *("border-style", "border-width", "border-radius"),
        *(f"{kind}-{side}" for kind in ("margin", "padding", "border") for side in
          ("top", "right", "bottom", "left")),
    }
)  # fmt: skip
# Colours by function and nothing else that takes an argument; no escape, no comment, no block, and
# no negative measure, which could lay a mail's words over somebody else's page.
_VALUE = re.compile(
    r"(?:(?:rgba?|hsla?)\([0-9a-z.,%/ ]{1,60}\)|(?<![\d.])-(?=[a-z])|(?<=[a-z])-|"
    r"[\w #%.,!'\"+/]){1,400}+",
    re.IGNORECASE,
)
_LONGEST_STYLE = 4_000
_MOST_SIGNS = 500  # `&` of one piece of words: writing them out is quadratic in nh3


def sanitise(html: str, cids: Mapping[str, str]) -> str:
    """Harmless HTML for a page. `cids`: Content-ID (without `<>`) to where its picture is found.

    Other pictures become a note that names their host. Linear in the source; never raises.
    """
    wanted = frozenset(cids.values())

    def check(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if value in wanted else None
        if name == "href":
            return value if _LINK.match(value) else None
        return value

    schemes = {"http", "https", "mailto", "tel"}
    schemes |= {url.partition(":")[0].lower() for url in wanted if ":" in url}
    return nh3.clean(
        _balance(html, cids),
        tags=set(TAGS),
        clean_content_tags=set(),
        attributes={"*": set(_EVERYWHERE), **{tag: set(own) for tag, own in _ATTRIBUTES.items()}},
        attribute_filter=check,
        link_rel="noopener noreferrer nofollow",
        url_schemes=schemes,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        allowed_classes={"span": {"blocked-image"}},
        filter_style_properties=set(PROPERTIES),
    )


def _balance(html: str, cids: Mapping[str, str]) -> str:
    tree = _Tree(cids)
    source = html.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    for token in read_tokens(source):
        if isinstance(token, str):
            tree.write(token)
        elif isinstance(token, Start):
            tree.open(token)
        elif isinstance(token, End):
            tree.close(token.name)
    return tree.finish()


class _Tree:
    """The markup as it is written anew: what is open, and where words may stand."""

    def __init__(self, cids: Mapping[str, str]) -> None:
        self.cids = cids
        self.out: list[str] = []
        self.stack: list[str] = []
        self.tables: list[int] = []  # places in the stack
        self.cells: list[int] = []
        self.signs = 0  # of words, since they were last parted

    def write(self, words: str) -> None:
        if self._is_gap():
            if words.isspace():
                return
            self._open_cell()
        said = escape(unescape(words), quote=False)
        self.signs += said.count("&")
        if self.signs > _MOST_SIGNS:
            said, self.signs = _part(said), 0
        self.out.append(said)

    def open(self, tag: Start) -> None:
        name = tag.name
        if name not in TAGS:
            return
        if name in _PARTS:
            self._open_part(tag)
            return
        if self._is_gap():
            if name in ("br", "hr", "wbr"):
                return
            self._open_cell()
        if name in _BLOCKS:
            self._cut_at("p", self._floor())
        if name == "li":
            self._cut_within(("li",), ("ul", "ol"))
        elif name in ("dt", "dd"):
            self._cut_within(("dt", "dd"), ("dl",))
        elif name == "a":
            self._cut_at("a", self._floor())
            if not any(attribute == "href" for attribute, _ in tag.attributes):
                return
        if name == "img":
            self.out.append(self._show(tag))
        elif name in _VOID:
            self.out.append(f"<{name}{_keep(tag)}>")
        elif len(self.stack) < DEEPEST - (_ROOM if name == "table" else 0):
            self._push(name, _keep(tag))

    def close(self, name: str) -> None:
        if name == "table":
            if self.tables:
                self._cut(self.tables[-1])
        elif name in _PARTS:
            if self.tables:
                self._cut_at(name, self.tables[-1] + 1)
        elif name in TAGS:
            self._cut_at(name, self._floor())

    def finish(self) -> str:
        self._cut(0)
        return "".join(self.out)

    def _open_part(self, tag: Start) -> None:
        """A part of a table, where it belongs; outside a table browsers ignore it, too."""
        if not self.tables:
            return
        name, floor = tag.name, self.tables[-1] + 1
        if name == "col":
            if self.stack[-1] != "colgroup":
                self._cut(floor)
            self.out.append(f"<col{_keep(tag)}>")
            return
        if name in ("td", "th"):
            row = self.stack[floor : floor + 2]
            if "tr" in row:
                self._cut(floor + row.index("tr") + 1)
            else:
                self._cut(self._section(floor))
                self._push("tr", "")
        elif name == "tr":
            self._cut(self._section(floor))
        else:
            self._cut(floor)
        self._push(name, _keep(tag))

    def _section(self, floor: int) -> int:
        """Where a row stands: in the open section, or in the table itself."""
        return floor + (self.stack[floor : floor + 1] != [] and self.stack[floor] in _SECTIONS)

    def _is_gap(self) -> bool:
        return bool(self.stack) and self.stack[-1] in _GAPS

    def _open_cell(self) -> None:
        if self.stack[-1] == "colgroup":
            self._cut(self.tables[-1] + 1)
        if self.stack[-1] != "tr":
            self._push("tr", "")
        self._push("td", "")

    def _push(self, name: str, attributes: str) -> None:
        if name == "table":
            self.tables.append(len(self.stack))
        if name in _CELLS:
            self.cells.append(len(self.stack))
        self.stack.append(name)
        self.out.append(f"<{name}{attributes}>")

    def _floor(self) -> int:
        """No end tag reaches out of the cell it stands in."""
        return self.cells[-1] + 1 if self.cells else 0

    def _cut_within(self, names: tuple[str, ...], borders: tuple[str, ...]) -> None:
        """End the innermost of `names`, unless one of `borders` stands within it."""
        for place in range(len(self.stack) - 1, self._floor() - 1, -1):
            if self.stack[place] in names:
                self._cut(place)
            if place >= len(self.stack) or self.stack[place] in borders:
                return

    def _cut_at(self, name: str, floor: int) -> None:
        """End the innermost element of that name from `floor` on, and all within it."""
        above = self.stack[floor:]
        if name in above:
            self._cut(len(self.stack) - 1 - above[::-1].index(name))

    def _cut(self, place: int) -> None:
        while len(self.stack) > place:
            self.out.append(f"</{self.stack.pop()}>")
        for places in (self.tables, self.cells):
            while places and places[-1] >= place:
                places.pop()

    def _show(self, tag: Start) -> str:
        """A picture that came along; in another's place, whose server would have been asked."""
        given = dict(reversed(tag.attributes))
        source = _BLANKS.sub("", given.get("src", "")[:_LONGEST])
        found = None
        if source[:4].lower() == "cid:":
            key = source[4:].strip("<>")
            found = self.cids.get(key) or self.cids.get(unquote(key))
        if found:
            kept = [(name, value) for name, value in tag.attributes if name != "src"]
            return f'<img src="{escape(found)}"{_keep(Start("img", kept))}>'
        alt = " ".join(given.get("alt", "")[:200].split())
        host = escape(_name_host(source))
        return (
            f'<span class="blocked-image" title="{host}">[图片 image: {host}'
            f"{f': {escape(alt)}' if alt else ''}]</span>"
        )


def _part(words: str) -> str:
    """Words with many `&` in pieces of their own; the comments between them do not stay."""
    pieces = words.split("&")
    groups = (pieces[at : at + _MOST_SIGNS] for at in range(0, len(pieces), _MOST_SIGNS))
    return "<!---->&".join("&".join(group) for group in groups)


def _name_host(source: str) -> str:
    match = _HOST.match(source)
    if match is not None:
        return match[1].lower()
    scheme, colon, _ = source.partition(":")
    return f"{scheme[:20].lower()}:" if colon and scheme.isalnum() else "?"


def _keep(tag: Start) -> str:
    """The attributes that may stay, each once, as they are written anew."""
    if not tag.attributes:
        return ""
    allowed = _ATTRIBUTES.get(tag.name, frozenset())
    kept: dict[str, str] = {}
    for name, value in tag.attributes:
        if name in kept or not (name in allowed or name in _EVERYWHERE):
            continue
        clean = _clean(name, value)
        if clean is not None:
            kept[name] = clean
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _clean(name: str, value: str) -> str | None:
    """The value as far as it is harmless, or None."""
    if name == "style":
        return _clean_style(value) or None
    if name == "href":
        url = _UNSEEN.sub("", value).strip()
        return url if _LINK.match(url) and len(url) <= _LONGEST_LINK else None
    if name in _FREE:
        return value[:_LONGEST]
    value = value.strip()
    return value if _PLAIN.fullmatch(value) else None


def _clean_style(style: str) -> str:
    kept = []
    for declaration in style[:_LONGEST_STYLE].split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "background":  # only a colour is left of it
            name = "background-color"
        if name in PROPERTIES and _VALUE.fullmatch(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)
