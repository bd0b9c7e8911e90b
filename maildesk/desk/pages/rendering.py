"""What a page looks like: its values to HTML, in the reader's language.

Templates are the desk's own files under `pages/<language>/`; a person's own words keep their lines
and lose their control characters. It knows nothing of HTTP, and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from maildesk.desk.letters.sandbox import Sandbox
from maildesk.desk.pages.page_values import PAGE_SAMPLES, PageValues
from maildesk.errors import ConfigFault

_REQUIRED = ("zh-CN", "en")
_FRAME = "_frame"
# Controls and marks that turn the direction of text, but not the line feed.
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+"
)


def clean(text: str) -> str:
    """A person's words without what could hide or turn them; lines are kept, as `\\n`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _CONTROLS.sub("", lines)


class Pages:
    """The pages of all languages. Keys of `templates` are like `pages/zh-CN/confirm.html`."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._sources = {name: text for name, text in templates.items() if _is_page(name)}
        self._sandbox = Sandbox(self._sources)

    def render(self, page: str, values: PageValues) -> str:
        """The page in the values' language, or zh-CN for any other Chinese and en for the rest.

        Raises ConfigFault, with template and line, when there is no such page or it fails.
        """
        folder = self._choose_folder(page, values.language)
        return self._write(f"pages/{folder}/{page}.html", values, folder)

    def choose_language(self, accepted: str) -> str:
        """The best of our languages for an Accept-Language header (RFC 9110 §12.5.4); "" if none.

        Browsers list what they want most first; weights are not worth reading.
        """
        ours = {name.split("/")[1] for name in self._sources}
        for item in accepted[:200].split(","):
            tag = item.partition(";")[0].strip()
            for language in sorted(ours):
                if tag and language.partition("-")[0] == tag.partition("-")[0].lower():
                    return language
        return ""

    def check(self, only: Collection[str] | None = None) -> tuple[tuple[str, int, str], ...]:
        """Every fault of the templates as (name, line, problem), sorted; empty when all is well.

        `only` those, by their names without the ending.
        """
        found: dict[tuple[str, int], str] = {}
        for name, line, problem in (*self._check_sources(only), *self._check_samples(only)):
            found.setdefault((name, line), problem)
        return tuple((name, line, problem) for (name, line), problem in sorted(found.items()))

    def _choose_folder(self, page: str, language: str) -> str:
        fallback = "zh-CN" if language.lower().startswith("zh") else "en"
        for folder in (language, language.partition("-")[0], fallback, "en"):
            if f"pages/{folder}/{page}.html" in self._sources:
                return folder
        raise ConfigFault(f"there is no page {page} in {language} or English")

    def _write(self, name: str, values: PageValues, folder: str) -> str:
        context = {field.name: _clean(getattr(values, field.name)) for field in fields(values)}
        context["language"] = folder
        return self._sandbox.write(name, context)

    def _check_sources(self, only: Collection[str] | None) -> Iterator[tuple[str, int, str]]:
        for language in _REQUIRED:
            for page in (_FRAME, *PAGE_SAMPLES):
                name = f"pages/{language}/{page}.html"
                if name not in self._sources:
                    yield name, 1, "this page is missing"
        for name in self._sources:
            if only is not None and name.rpartition(".")[0] not in only:
                continue
            page = _page_of(name)
            if fault := self._sandbox.compile(name):
                yield fault
            elif page in PAGE_SAMPLES:
                known = frozenset(PAGE_SAMPLES[page][0].__dataclass_fields__)
                yield from self._sandbox.find_strangers(name, known, "page")
            elif not page.startswith("_"):
                yield name, 1, f"there is no page {page}; there are {', '.join(PAGE_SAMPLES)}"

    def _check_samples(self, only: Collection[str] | None) -> Iterator[tuple[str, int, str]]:
        for name in self._sources:
            if only is not None and name.rpartition(".")[0] not in only:
                continue
            for values in PAGE_SAMPLES.get(_page_of(name), ()):
                try:
                    self._write(name, values, name.split("/")[1])
                except ConfigFault as fault:
                    yield self._sandbox.locate(fault, name)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _clean(getattr(value, f.name)) for f in fields(value)})
    return value


def _page_of(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".html")


def _is_page(name: str) -> bool:
    return name.startswith("pages/") and name.count("/") == 2 and name.endswith(".html")
