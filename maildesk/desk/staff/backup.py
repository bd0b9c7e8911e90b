"""Do an engineer's words say what became of the backup (N9), and which line of them does?

备份：已做 / 不涉及 on a line of its own is for the record and taken out of the words; inside a
sentence it counts and stays. A question, a request or a negation says nothing. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from maildesk.desk.rules.fold import fold_characters


@dataclass(frozen=True, slots=True)
class Backup:
    """What was said of it, "" when nothing was, and the words without the line that says so."""

    said: str
    words: str


def read_backup(words: str) -> Backup:
    """The first thing said of the backup. Linear in the words, never raises."""
    lines = words.split("\n")
    for place, line in enumerate(lines):
        said = _read_line(line)
        if said:
            return Backup(said, "\n".join(lines[:place] + lines[place + 1 :]).strip("\n"))
    for line in lines:
        said = _find_inside(line)
        if said:
            return Backup(said, words)
    return Backup("", words)


_DONE = (
    r"已做(?:好|完)?|已经做(?:好|完)?了?|已完成|已经完成|完成了?|已备份|已经备份|做(?:好|完)?了|"
    r"done|made|taken|yes|completed?|backed up"
)
_NONE = (
    r"不涉及|未涉及|没有涉及|无需(?:备份)?|不需要(?:备份)?|不用(?:备份)?|不必(?:备份)?|不适用|"
    r"not (?:needed|required|applicable|involved)|none needed|n/a|na"
)
_VALUE = re.compile(rf"(?:(?P<done>{_DONE})|(?:{_NONE}))(?=$|[\s,.;()。、!].*$)", re.DOTALL)
_LABELLED = re.compile(r"\s*(?:数据)?备份(?:情况|状态|说明)?\s*:\s*|\s*(?:data )?backups?\s*:\s*")
_WHOLE = re.compile(
    r"(?:(?P<done>(?:数据)?已(?:经)?(?:做好?)?(?:了)?备份(?:数据|好|完成)?|(?:数据)?备份已(?:经)?"
    r"(?:做好?|完成)|(?:the )?(?:data )?(?:is |was )?backed up|(?:data )?backup (?:is |was )?"
    r"(?:done|made|taken))|(?:此单)?(?:无需|不需要?|不用|不涉及)(?:做)?(?:数据)?备份|备份不涉及|"
    r"no backup (?:is |was )?(?:needed|required)|backup (?:is |was )?not (?:needed|required))"
)
_SPEAKS_AGAINST = re.compile(
    r"(?:未|没|请|如果|若|是否|确认|您|你|要|需|再|等|待|能|会|吗|\b(?:not|never|if|whether|please|"
    r"you|will|can|must|should)\b|n't)[^,.;。!]{0,12}$"
)
_ASKS = re.compile(r"^[^,.;。!]{0,6}(?:吗|么|没有|了没|\?)")
_LONGEST = 500


def _read_line(line: str) -> str:
    """What a line says that holds nothing else, as it is written behind its label."""
    folded = fold_characters(line[:_LONGEST]).strip(" \t\u200b*·•-")
    label = _LABELLED.match(folded)
    if label is not None:
        value = folded[label.end() :].strip()
        if _VALUE.match(value) is None or _ASKS.search(value):
            return ""
        return re.split("[:：]", line, maxsplit=1)[1].strip(" \t.。;；,，!！")
    whole = _WHOLE.fullmatch(folded.rstrip(" .。;,!"))
    return _name(whole, folded) if whole is not None else ""


def _find_inside(line: str) -> str:
    """What part of a sentence says, unless the words around it ask, tell or deny."""
    folded = fold_characters(line[:_LONGEST])
    for found in _WHOLE.finditer(folded):
        before, after = folded[: found.start()], folded[found.end() :]
        if _SPEAKS_AGAINST.search(before) is None and _ASKS.match(after) is None:
            return _name(found, folded)
    return ""


def _name(found: re.Match[str], text: str) -> str:
    chinese = "备份" in text
    if found["done"] is not None:
        return "已做" if chinese else "done"
    return "不涉及" if chinese else "not needed"
