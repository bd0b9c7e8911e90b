"""Who joins a new ticket because a rule says so (`set: {watchers: [...]}`): in copy, nothing more.

Names are the people list's, or addresses. Whether they mean somebody `config.references` has
checked; who has left since is named in the trace and holds nothing up.
"""

from __future__ import annotations

from maildesk.desk.arrival.guard import is_desk_address
from maildesk.desk.decision import Facts, Finding
from maildesk.desk.ticket import Part
from maildesk.mail.message import address_key, is_usable


def find_watchers(
    facts: Facts, names: tuple[str, ...]
) -> tuple[tuple[tuple[str, str, Part], ...], tuple[Finding, ...]]:
    """Who joins, as `Decision.joins` has them, and what is to be said of each name."""
    joins: dict[str, str] = {}
    findings = []
    for name in names:
        match = facts.directory.find_exactly(name)
        if match.person is not None:
            joins.setdefault(match.person.addresses[0], match.person.name)
            findings.append(Finding("watcher", match.person.name, "a rule names them"))
        elif is_usable(key := address_key(name)) and not is_desk_address(facts.desk, key):
            joins.setdefault(key, "")
            findings.append(Finding("watcher", key, "a rule names this address"))
        else:
            findings.append(Finding("watcher", "nobody", match.why))
    mine = facts.sender.addresses | {facts.sender.address} if facts.sender else frozenset()
    kept = tuple((key, name, Part.CC) for key, name in joins.items() if key not in mine)
    return kept, tuple(findings)
