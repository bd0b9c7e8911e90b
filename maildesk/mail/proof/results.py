"""What does one Authentication-Results header say (RFC 8601), in whatever dialect?

Microsoft 365 leaves out who is speaking and puts other things between the results; Coremail folds
inside an address; others repeat a method. Whether the header is believed is `trust`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from maildesk.mail.header.fields import Shape, split

_MOST = 100  # results of one header that are read


@dataclass(frozen=True, slots=True)
class Result:
    """One check: `dkim`, `pass`, and what it was made on, such as `header.d`. All lower case.

    A property given twice with different values is "": nobody knows which one was checked.
    """

    method: str
    says: str
    properties: Mapping[str, str]

    def domain(self, *names: str) -> str | None:
        """The domain of the first of these properties that is there; None when none is."""
        for name in names:
            if name in self.properties:
                return self.properties[name].strip("<>").rpartition("@")[2].rstrip(".")
        return None


@dataclass(frozen=True, slots=True)
class Report:
    """A header: who speaks ("" when it does not say), the results, and whether it is well formed.

    One that is not well formed may hold words of the sender's outside the brackets they were in.
    """

    authserv_id: str
    results: tuple[Result, ...]
    sound: bool


def read_report(value: str) -> Report:
    """The header's results in order. Never raises."""
    field = split(value)
    clauses: list[list[str]] = [[]]
    for item in field.items:
        if item.shape is Shape.END:
            clauses.append([])
        elif item.shape is Shape.WORD:
            clauses[-1].append(item.text.lower())
    authserv_id = ""
    if clauses[0] and not _is_result(clauses[0]):
        authserv_id = clauses.pop(0)[0]
    results = [_read_result(words) for words in clauses[:_MOST] if _is_result(words)]
    return Report(authserv_id, tuple(results), field.sound and len(clauses) <= _MOST)


def _is_result(words: list[str]) -> bool:
    """`dkim=pass`, also with blanks around the sign; a host name, a version or `none` is not."""
    return "=" in "".join(words[:2])


def _read_result(words: list[str]) -> Result:
    (name, says), *rest = _pair(words)
    properties: dict[str, str] = {}
    for key, value in rest:
        if properties.setdefault(key, value) != value:
            properties[key] = ""
    return Result(name.partition("/")[0], says, properties)


def _pair(words: list[str]) -> list[tuple[str, str]]:
    """The clause as `key=value`s. A word without a sign continues the value before it.

    A server that folds long addresses does so anywhere: the end of `x@corp.example` may be on the
    next line, and `.evil.example` must not get lost.
    """
    pairs: list[tuple[str, list[str]]] = []
    for place, word in enumerate(words):
        key, sign, value = word.partition("=")
        following = words[place + 1] if place + 1 < len(words) else ""
        if sign and key:
            pairs.append((key, [value]))
        elif not sign and following.startswith("="):
            pairs.append((word, []))
        elif pairs:
            pairs[-1][1].append(word if key else value)
    return [(key, "".join(pieces)) for key, pieces in pairs] or [("", "")]
