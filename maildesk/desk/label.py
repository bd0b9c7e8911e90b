"""A name people read, in both languages of the desk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """`zh` and `en` of one name; a profile gives both."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """`language` is a BCP 47 tag such as `zh-CN` or `en`."""
        return self.zh if language.startswith("zh") else self.en
