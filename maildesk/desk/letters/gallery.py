"""What every letter and page looks like: each rendered in both languages with its sample values.

For whoever edits templates and wants to see them before the desk sends them. Pure and always the
same for the same templates; where the result is written is the command line's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from maildesk.desk.letters.gallery_english import ENGLISH
from maildesk.desk.letters.letter_values import SAMPLES
from maildesk.desk.letters.wording import Wording
from maildesk.desk.pages.page_values import PAGE_SAMPLES
from maildesk.desk.pages.rendering import Pages


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One letter or page as one reader gets it. `kind` is letters or pages; a page has no text.

    `place` is its path within the gallery without suffix, such as `zh-CN/letters/ack-1`.
    """

    kind: str
    name: str
    language: str
    place: str
    subject: str
    text: str | None
    html: str | None


def hang(templates: Mapping[str, str]) -> Iterator[Exhibit]:
    """Every letter, then every page, by name, language and sample.

    Languages are those of the templates' folders. Raises ConfigFault where a template fails.
    """
    yield from _hang_letters(templates)
    yield from _hang_pages(templates)


def _hang_letters(templates: Mapping[str, str]) -> Iterator[Exhibit]:
    wording = Wording(templates)
    for name in sorted(SAMPLES):
        for language in _list_languages(templates, f"letters/{{}}/{name}.txt"):
            for at, sample in enumerate(SAMPLES[name], 1):
                words = wording.render(name, language, _speak(sample, language))
                place = f"{language}/letters/{name}-{at}"
                yield Exhibit(
                    "letters", name, language, place, words.subject, words.text, words.html
                )


def _hang_pages(templates: Mapping[str, str]) -> Iterator[Exhibit]:
    pages = Pages(templates)
    for name in sorted(PAGE_SAMPLES):
        for language in _list_languages(templates, f"pages/{{}}/{name}.html"):
            for at, sample in enumerate(PAGE_SAMPLES[name], 1):
                html = pages.render(name, _speak(sample, language))
                place = f"{language}/pages/{name}-{at}"
                yield Exhibit("pages", name, language, place, "", None, html)


def _list_languages(templates: Mapping[str, str], where: str) -> tuple[str, ...]:
    """The languages in which this template stands, Chinese first since its samples are Chinese."""
    folders = {name.split("/")[1] for name in templates if name.count("/") == 2}
    there = [folder for folder in sorted(folders) if where.format(folder) in templates]
    return tuple(sorted(there, key=lambda folder: not folder.startswith("zh")))


def _speak(values: Any, language: str) -> Any:
    """The sample in the reader's language: a Chinese reader's, or for all others the English."""
    spoken = values if language.startswith("zh") else _translate(values)
    return replace(spoken, language=language)


def _translate(value: Any) -> Any:
    if isinstance(value, str):
        return ENGLISH.get(value, value)
    if isinstance(value, tuple):
        return tuple(map(_translate, value))
    if is_dataclass(value) and not isinstance(value, type):
        names = value.__dataclass_fields__
        return replace(value, **{name: _translate(getattr(value, name)) for name in names})
    return value
