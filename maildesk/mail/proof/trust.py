"""Is a mail really from the address in its From (DESIGN §7 a and b)?

Judges what servers wrote on the way in: their Authentication-Results, and the mailbox's own
evidence that a mail comes from inside. Only what our own servers wrote counts; `trail` says where
that is. Who the person is and what they may do is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from maildesk.mail.header.fields import Shape, split
from maildesk.mail.message import Authenticity, Clue, Verdict
from maildesk.mail.proof.domains import fold_domain, is_aligned
from maildesk.mail.proof.results import Report, Result, read_report
from maildesk.mail.proof.trail import Trail, follow, matches

AUTHENTICATED = "authenticated"
"""Internal evidence: the person logged in to a trusted host to send the mail."""

MICROSOFT365 = "microsoft365"
"""Stands for the authserv-id that Microsoft 365 leaves out."""

_RESULTS = "authentication-results"
_ARC = "arc-authentication-results"
_MOST_CLUES = 60
_FAILURES = ("fail", "hardfail")
_CHECKED = {
    "dmarc": ("header.from",),
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "smtp.from"),
    "dkim": ("header.d", "header.i"),
}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"?')
# Begins where a word does: tried at each letter, a megabyte without @ would take minutes.
_ADDRESS = re.compile(r"(?<![^\s<>,;:@])[^\s<>,;:@]+@[^\s<>,;:@]+\.[^\s<>,;:@]+")


@dataclass(frozen=True, slots=True)
class Border:
    """What the mailbox's administrator says about its servers, in lower case.

    `authserv_ids`: whose results are believed. `trusted_hosts`: the servers a mail comes through,
    as names, `.suffixes`, names with one `*`, addresses and networks. `internal`: AUTHENTICATED, or
    whole header lines that only a mail from inside can have.
    """

    authserv_ids: tuple[str, ...]
    trusted_hosts: tuple[str, ...]
    internal: tuple[str, ...]


def judge_sender(
    headers: Sequence[tuple[str, str]], address: str, border: Border | None
) -> Authenticity:
    """The verdict about `address`, the mail's From, with every clue. Never raises; linear.

    `headers` are all of the mail's, unfolded, in their order. A failure outweighs everything.
    """
    if border is None:
        clue = Clue("trust", Verdict.NONE, "no trust is configured for this mailbox")
        return Authenticity(Verdict.NONE, (clue,))
    marks = [_read_mark(entry) for entry in border.internal if entry != AUTHENTICATED]
    wanted = {_RESULTS, _ARC, *(name for name, _ in marks)}
    trail = follow(headers, wanted, border.trusted_hosts)
    domain = fold_domain(address.rpartition("@")[2])
    clues = [*_judge_results(trail, domain, border)]
    for mark in dict.fromkeys(marks):
        clues += _judge_mark(trail, *mark)
    if AUTHENTICATED in border.internal:
        clues.append(_judge_login(trail, address))
    said = {clue.says for clue in clues}
    doubt = _doubt_from(headers, address)
    if doubt is not None:
        clues.insert(0, Clue("From", Verdict.NONE, doubt))
    verdict = Verdict.NONE
    if Verdict.FAIL in said:
        verdict = Verdict.FAIL
    elif Verdict.PASS in said and doubt is None:
        verdict = Verdict.PASS
    if len(clues) > _MOST_CLUES:  # if some must be left out, then those that decide nothing
        clues.sort(key=lambda clue: clue.says is Verdict.NONE)
    return Authenticity(verdict, tuple(clues[:_MOST_CLUES]))


def _judge_results(trail: Trail, domain: str, border: Border) -> list[Clue]:
    """(a): SPF, DKIM and DMARC as our own servers saw them."""
    clues: list[Clue] = []
    believed: list[tuple[str, str, Report]] = []
    for line in trail.lines:
        if line.name == _ARC:
            clues.append(_disbelieve("ARC-Authentication-Results", "it proves nothing by itself"))
        if line.name != _RESULTS:
            continue
        report = read_report(line.value)
        server = report.authserv_id[:80] or MICROSOFT365
        source = f"Authentication-Results of {server}"
        if not any(matches(known, server) for known in border.authserv_ids):
            clues.append(_disbelieve(source, f"{server} is not among the authserv_ids"))
        elif line.doubt:
            clues.append(_disbelieve(source, line.doubt))
        elif not report.authserv_id and line.edge:
            clues.append(_disbelieve(source, f"it names no server, and {line.edge}"))
        else:
            believed.append((source, line.edge, report))
    # Where our server wrote above the line with which the mail came in, it did not write below.
    guarded = any(not edge for _, edge, _ in believed)
    weighed: list[_Weighed] = []
    for number, (source, edge, report) in enumerate(believed):
        weighed += _weigh(number, source, report, domain, edge if guarded else "")
    return [*_compare(weighed), *clues]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One result and what it says about this From. `report` is the number of its header; what is
    not `heard` may only bring bad news."""

    report: int
    result: Result
    clue: Clue
    heard: bool


def _weigh(number: int, source: str, report: Report, domain: str, edge: str) -> Iterator[_Weighed]:
    for result in report.results:
        says, why = _weigh_result(result, domain)
        if says is Verdict.PASS and edge:
            says, why = Verdict.NONE, f"{why}, not believed: another stands higher up, and {edge}"
        elif says is Verdict.PASS and not report.sound:
            says, why = Verdict.NONE, f"{why}, not believed: the header is not well formed"
        yield _Weighed(number, result, Clue(source, says, why), not edge)


def _weigh_result(result: Result, domain: str) -> tuple[Verdict, str]:
    shown = f"{result.method}={result.says}"[:80]
    if result.method in ("dmarc", "compauth") and result.says in _FAILURES:
        return Verdict.FAIL, f"{shown} for {domain}"
    if result.says != "pass" or result.method not in _CHECKED:
        return Verdict.NONE, shown
    checked = result.domain(*_CHECKED[result.method])
    if checked is None and result.method == "dmarc":
        checked = domain  # DMARC is about the From and nothing else
    if not checked:
        return Verdict.NONE, f"{shown}, but it does not say clearly for whom"
    if not is_aligned(fold_domain(checked), domain):
        return Verdict.NONE, f"{shown}, but for {checked[:80]} and not for {domain}"
    return Verdict.PASS, f"{shown} for {checked[:80]}"


def _compare(weighed: list[_Weighed]) -> list[Clue]:
    """The clues, after results that contradict each other have lost their say."""
    passing, speaking, refusing = set(), set(), set()
    decided = False
    for one in weighed:
        method = one.result.method
        if one.heard:
            speaking.add((one.report, method))
            if one.clue.says is Verdict.PASS:
                passing.add((one.report, method))
            elif method == "dmarc":  # a header may hold many signatures, but one DMARC
                refusing.add(method)
            decided = decided or (method == "dmarc" and one.result.says in ("pass", *_FAILURES))
    disputed = refusing | {method for _, method in speaking - passing}
    signed = any(method == "dkim" for _, method in passing) and "dkim" not in disputed
    clues = []
    for one in weighed:
        clue, method = one.clue, one.result.method
        if clue.says is Verdict.PASS and method in disputed:
            why = f"{clue.why}, not believed: another result for {method} contradicts it"
            clue = replace(clue, says=Verdict.NONE, why=why)
        elif method == "spf" and one.result.says in _FAILURES and not decided and not signed:
            why = f"{clue.why}, and neither DMARC nor a signature speaks for the sender"
            clue = replace(clue, says=Verdict.FAIL, why=why)
        clues.append(clue)
    return clues


def _judge_mark(trail: Trail, name: str, value: str) -> Iterator[Clue]:
    """(b): a header line that our border strips from what comes in from outside."""
    found = [line for line in trail.lines if line.name == name]
    inside = {_fold(line.value) for line in found if not line.doubt and not line.edge}
    for line in found:
        source = f"{name}: {value}"
        if _fold(line.value) != value:
            continue
        if line.doubt or line.edge:
            yield _disbelieve(source, line.doubt or line.edge)
        elif inside != {value}:
            yield _disbelieve(source, "the header stands there again with another value")
        else:
            yield Clue(source, Verdict.PASS, "the mail comes from inside")


def _judge_login(trail: Trail, address: str) -> Clue:
    """(b): the oldest Received line believed says that the sender logged in, and nobody else
    had the mail before."""
    if not trail.hops:
        why = "no Received line of a trusted host shows how the mail was sent"
        return Clue(AUTHENTICATED, Verdict.NONE, why)
    hop = trail.hops[-1]
    source = f"Received of {hop.by}"
    if not hop.authenticated:
        return Clue(source, Verdict.NONE, "the sender did not log in there")
    if trail.rest is not None:
        from_whom = trail.rest.by or "an unnamed host"
        return Clue(source, Verdict.NONE, f"it was a server that logged in: {from_whom} had it")
    if hop.login is None:
        return Clue(source, Verdict.PASS, "the sender logged in there")
    login, sender = hop.login.lower(), address.lower()
    if login in (sender, sender.rpartition("@")[0]):
        return Clue(source, Verdict.PASS, f"the sender logged in there as {login[:80]}")
    return Clue(source, Verdict.NONE, f"somebody else logged in there: {login[:80]}")


def _doubt_from(headers: Sequence[tuple[str, str]], address: str) -> str | None:
    """Why the From cannot be proved whatever servers say: it names more than one sender."""
    values = [value for name, value in headers if name.lower() == "from"]
    if len(values) != 1:
        return f"never proved: the mail has {len(values)} From headers"
    # Quoted names and comments are only for the eye; everything else could be taken for a sender.
    items = split(_QUOTED.sub(" ", values[0])).items
    text = " ".join(item.text for item in items if item.shape is not Shape.COMMENT)
    if {found.lower() for found in _ADDRESS.findall(text)} != {address.lower()}:
        return "never proved: From names another address, or more than one"
    return None


def _read_mark(entry: str) -> tuple[str, str]:
    name, _, value = entry.partition(":")
    return name.strip().lower(), _fold(value)


def _fold(text: str) -> str:
    return " ".join(text.lower().split())


def _disbelieve(source: str, reason: str) -> Clue:
    return Clue(source, Verdict.NONE, f"not believed: {reason}")
