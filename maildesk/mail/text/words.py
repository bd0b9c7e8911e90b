"""A body's words: every segment decoded, HTML read as a person would, in reading order.

Plain text is preferred; HTML speaks where there is no plain text or an empty one. What is new in
these words and what is history is `body`'s question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from maildesk.mail.characters.charset import decode
from maildesk.mail.cut.marks import Page
from maildesk.mail.cut.spelling import fold_key
from maildesk.mail.defects import Defects
from maildesk.mail.limits import Limits
from maildesk.mail.parts.content import join_flowed
from maildesk.mail.parts.structure import Leaf, Segment
from maildesk.mail.parts.uuencoded import take_out
from maildesk.mail.text.html import read_page

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[a-zA-Z!/]")
# What programs write into the plain form when only the HTML tells something.
_POINTER = re.compile(
    r"(?:html|richtext)[ -]?(?:e-?mail|message|format|compatible|version|capable|view|enabled)|"
    r"(?:support|display|view|read|show)[^\n]{0,40}html|html[^\n]{0,40}(?:support|display|viewer)|"
    r"html[^\n]{0,20}(?:anzeig|format|fähig)|"
    r"(?:不支持|支持|查看|使用|切换)[^\n]{0,20}html|html ?(?:格式|邮件)",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")


@dataclass(slots=True)
class Words:
    """What `read` found: the text, the HTML source, and parts too long to be held as text.

    `has_plain`: at least some of `text` was written as plain text; else `page` is what all of it
    was read from, if that was one document.
    """

    prior: str
    limits: Limits
    defects: Defects
    text: str = ""
    html: str | None = None
    has_plain: bool = False
    page: Page | None = None
    cut: list[Leaf] = field(default_factory=list)

    def read(self, segments: tuple[Segment, ...]) -> None:
        texts: list[str] = []
        sources: list[str] = []
        pages: list[Page] = []
        for segment in segments:
            plain = "\n\n".join(filter(None, map(self._read_plain, segment.plain)))
            html = [self._read_leaf(leaf) for leaf in segment.html]
            sources += html
            if "&nbsp;" in plain and html and "</" not in plain:
                # QQ Mail's plain form is its HTML without the tags.
                plain = unescape(plain).replace("\u00a0", " ")
            elsewhere = bool(html) and _points_at_html(plain)
            if plain.strip() and not elsewhere:
                self.has_plain = True
                texts.append(plain)
                continue
            for source in html:
                page = self._read_page(source)
                if elsewhere and not page.text:
                    page = Page(plain)
                if texts and fold_key(page.text) == fold_key(texts[-1]):
                    continue  # both forms of the same words, not said to be alternatives
                pages.append(page)
                texts.append(_tidy(page.text))
        self.text = "\n\n".join(text for text in texts if text)
        self.html = "\n".join(sources) if sources else None
        if len(pages) == 1 and not self.has_plain:
            self.page = pages[0]

    def _read_page(self, source: str) -> Page:
        if len(source) > self.limits.html_bytes:
            self.defects.add("html: too long, its text is cut")
        if not _ANY_TAG.search(source):
            return Page(unescape(source))  # plain words under a wrong label
        return read_page(source[: self.limits.html_bytes])

    def _read_plain(self, leaf: Leaf) -> str:
        text, files = take_out(self._read_leaf(leaf))
        self.cut += files
        if leaf.parameters.get("format", "").lower() == "flowed":
            text = join_flowed(text, delsp=leaf.parameters.get("delsp", "").lower() == "yes")
        return _tidy(text)

    def _read_leaf(self, leaf: Leaf) -> str:
        data, complete = leaf.read(self.limits.text_bytes)
        if not complete:
            self.defects.add("text: too long, cut here and kept whole as an attachment")
            self.cut.append(leaf)
        label = leaf.parameters.get("charset")
        if label is None and leaf.content_type == "text/html":
            meta = _META_CHARSET.search(data, 0, 4096)
            label = meta[1].decode("ascii") if meta else None
        found = decode(data, label, prior=self.prior)
        self.defects.add(found.defect)
        for defect in leaf.defects:
            self.defects.add(defect)
        text = found.text
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _points_at_html(plain: str) -> bool:
    return len(plain) <= 400 and plain.count("\n") <= 4 and _POINTER.search(plain) is not None


def _tidy(text: str) -> str:
    """Readable lines: no control characters, no empty lines around, no blanks at the end."""
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    return "\n".join(map(str.rstrip, text.split("\n"))).strip("\n")
