"""What of a mail, a letter or a page must be masked before anybody reads, judges or keeps it?

Masks are put on once, at the way in (`hide_in_facts`): whatever is decided, stored, written or
logged afterwards has never seen the secret; only the raw mail has. What leaves is looked at again
(`hide_in_values`), for words stored before there were masks. What a secret is, is `privacy`'s
question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass, replace
from typing import Any, TypeVar

from maildesk.desk.decision import Facts
from maildesk.desk.privacy.mask import Privacy, Secret, mask, may_hold
from maildesk.mail.message import Address, Attachment, Incoming

Value = TypeVar("Value")
Kinds = frozenset[Secret]

_TEXTS = ("subject", "text", "reply", "quoted", "signature")
_PEOPLE = ("to", "cc", "reply_to")
# Headers that hold what somebody wrote; rules may look at them.
_SPOKEN_HEADERS = frozenset(
    ("subject", "from", "to", "cc", "reply-to", "thread-topic", "comments", "keywords")
)
_LONGEST_ENDING = 5


def hide_in_facts(facts: Facts) -> Facts:
    """The same facts of a mail in which nobody can read a secret."""
    privacy = facts.desk.privacy
    if not privacy.hide:
        return facts
    mail, sender, passage = hide_in_mail(facts.mail, privacy.hide), facts.sender, facts.passage
    return replace(
        facts,
        mail=mail,
        sender=replace(sender, name=mask(sender.name, privacy.hide)) if sender else None,
        passage=replace(passage, words=mask(passage.words, privacy.hide)) if passage else None,
        forwarded_from=facts.forwarded_from and mask(facts.forwarded_from, privacy.hide),
        files=tuple(hide_in_file(item, privacy.hide) for item in facts.files),
        spoken=_list_spoken(facts, mail.reply, privacy),
    )


def hide_in_mail(mail: Incoming, kinds: Kinds) -> Incoming:
    """The mail with everything readable masked; its HTML is gone, nobody shows it by itself."""
    if not kinds:
        return mail
    changed: dict[str, Any] = {"html": None}
    for name in _TEXTS:
        changed[name] = mask(getattr(mail, name), kinds)
    for name in _PEOPLE:
        if people := getattr(mail, name):
            changed[name] = tuple(_hide_in_address(item, kinds) for item in people)
    if mail.sender is not None:
        changed["sender"] = _hide_in_address(mail.sender, kinds)
    if mail.attachments:
        changed["attachments"] = tuple(hide_in_file(item, kinds) for item in mail.attachments)
    changed["headers"] = tuple(
        (name, mask(value, kinds)) if name.lower() in _SPOKEN_HEADERS else (name, value)
        for name, value in mail.headers
    )
    return replace(mail, **changed)


def hide_in_file(file: Attachment, kinds: Kinds) -> Attachment:
    """The file under a masked name that keeps its ending; what is in it stays as it is."""
    stem, dot, ending = file.filename.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING or not ending.isalnum():
        stem, dot, ending = file.filename, "", ""
    name = f"{mask(stem, kinds)}{dot}{ending}"
    return file if name == file.filename else replace(file, filename=name)


def hide_in_values(values: Value, kinds: Kinds) -> Value:
    """A letter's or page's values, whatever their dataclass, with every text in them masked."""
    if not kinds or not may_hold("\n".join(_list_texts(values))):
        return values
    hidden: Value = _walk(values, kinds)
    return hidden


def say_openly(facts: Facts, words: str) -> str:
    """An engineer's words as the requester of his ticket may read them.

    Relaying "初始密码：Abc@123，首次登录请修改" is the very service that was asked for: masked, it
    would be given by telephone or by a mail around the desk. So a password stays readable in this
    one letter, if the desk allows it; in what is kept, in copies and pages it is masked like any
    other. ID numbers and cards have no such use.

    Lines are known again by what they look like masked; where two could be meant they stay so.
    """
    if not facts.spoken:
        return words
    said: dict[str, list[str]] = defaultdict(list)
    for hidden, line in facts.spoken:
        said[hidden.strip()].append(line.strip())
    lines = words.split("\n")
    times = Counter(line.strip() for line in lines)
    for place, line in enumerate(lines):
        key = line.strip()
        meant = said.get(key, [])
        if len(set(meant)) == 1:
            lines[place] = line.replace(key, meant[0])
        elif len(meant) == times[key]:  # all of them are there, so they are in their order
            lines[place] = line.replace(key, meant.pop(0))
            times[key] -= 1
    return "\n".join(lines)


def _list_spoken(facts: Facts, masked: str, privacy: Privacy) -> tuple[tuple[str, str], ...]:
    """(line masked, the same with what staff may send) of a staff member's new words."""
    allowed = privacy.hide & privacy.staff_may_send
    if not allowed or masked == facts.mail.reply or not (facts.sender and facts.sender.is_staff):
        return ()
    opened = mask(facts.mail.reply, privacy.hide - allowed)
    pairs = zip(masked.split("\n"), opened.split("\n"), strict=True)
    return tuple((hidden, line) for hidden, line in pairs if hidden != line)


def _hide_in_address(person: Address, kinds: Kinds) -> Address:
    name = mask(person.name, kinds)
    return person if name == person.name else replace(person, name=name)


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | Mapping):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _list_texts(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for name in value.__dataclass_fields__:
            yield from _list_texts(getattr(value, name))


def _walk(value: Any, kinds: Kinds) -> Any:
    if isinstance(value, str):
        return mask(value, kinds)
    if isinstance(value, tuple):
        make = getattr(value, "_make", tuple)  # a trace keeps its names
        return make(_walk(item, kinds) for item in value)
    if isinstance(value, Mapping):
        return {key: _walk(item, kinds) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        names = value.__dataclass_fields__
        return replace(value, **{name: _walk(getattr(value, name), kinds) for name in names})
    return value
