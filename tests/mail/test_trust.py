"""Whether a mail is from whom it says: what mail servers write, and what it proves."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from dialects import AMAVIS, DIALECTS, NAMES, judge, mail, result, tell

from maildesk.mail.message import Verdict
from maildesk.mail.proof.trust import Border

PASS, FAIL, NONE = Verdict.PASS, Verdict.FAIL, Verdict.NONE


@pytest.mark.parametrize(("raw", "border"), DIALECTS, ids=NAMES)
def test_a_true_mail_is_proved_in_every_dialect(raw: str, border: Border) -> None:
    found = judge(raw, border)
    assert found.verdict is PASS, tell(found)


@pytest.mark.parametrize(("raw", "border"), DIALECTS, ids=NAMES)
def test_the_same_mail_for_another_sender_is_not_proved(raw: str, border: Border) -> None:
    forged = re.sub(r"(?m)^(From: .*)<.*>$", r"\1<boss@other.example>", raw)
    found = judge(forged, border, "boss@other.example")
    assert forged != raw
    assert found.verdict is NONE, tell(found)


@pytest.mark.parametrize(("raw", "border"), DIALECTS, ids=NAMES)
def test_a_failure_is_a_failure_in_every_dialect(raw: str, border: Border) -> None:
    bad = raw.replace("=pass", "=fail").replace("dmarc=none", "dmarc=fail")
    found = judge(bad, border)
    expected = NONE if raw is AMAVIS else FAIL  # a bad signature alone proves nothing
    assert found.verdict is expected, tell(found)


@pytest.mark.parametrize(("raw", "border"), DIALECTS, ids=NAMES)
def test_nothing_is_believed_without_a_border_or_with_anothers(raw: str, border: Border) -> None:
    assert judge(raw, None).verdict is NONE
    assert judge(raw, None).clues[0].why == "no trust is configured for this mailbox"
    assert judge(raw, replace(border, authserv_ids=("mx.else.example",))).verdict is NONE
    assert judge(raw, replace(border, trusted_hosts=("mx.else.example",))).verdict is NONE


RESULTS = [
    ("dmarc=pass header.from=corp.example", PASS),
    ("dmarc=pass", PASS),
    ("DMARC=PASS HEADER.FROM=CORP.EXAMPLE", PASS),
    ("dmarc = pass header.from = corp.example", PASS),
    ("dmarc=pass (p=none dis=none) header.from=mail.corp.example", PASS),
    ("dmarc=pass header.from=other.example", NONE),
    ("dmarc=bestguesspass action=none header.from=corp.example", NONE),
    ("dmarc=none; spf=pass smtp.mailfrom=zhang@corp.example", PASS),
    ("dmarc=fail (p=none) header.from=corp.example", FAIL),
    ("dmarc=fail; dkim=pass header.d=corp.example; spf=pass smtp.mailfrom=corp.example", FAIL),
    ("dmarc=pass header.from=corp.example; dmarc=none", NONE),
    ("dmarc=temperror", NONE),
    ("compauth=fail reason=001; dkim=pass header.d=corp.example", FAIL),
    ("compauth=pass reason=100", NONE),
    ("spf=pass smtp.mailfrom=bounce@news.corp.example", PASS),
    ('spf=pass smtp.mailfrom="a b"@corp.example', PASS),
    ("spf=pass smtp.mailfrom=<zhang@corp.example>", PASS),
    ("spf=pass smtp.mailfrom=", NONE),
    ("spf=pass smtp.helo=corp.example", NONE),
    ("spf=pass smtp.mailfrom=a@evil.example smtp.mailfrom=a@corp.example", NONE),
    ("spf=pass smtp.mailfrom=a@corp.example smtp.mailfrom=a@evil.example", NONE),
    ("spf=pass smtp.mailfrom=a@corp.example .evil.example", NONE),
    ('spf=pass smtp.mailfrom="a@corp.example"@evil.example', NONE),
    ("spf=pass smtp.mailfrom=dmarc=pass@evil.example", NONE),
    ("spf=pass smtp.mailfrom=a@notcorp.example", NONE),
    ("spf=pass smtp.mailfrom=a@example", NONE),
    ("spf=fail smtp.mailfrom=zhang@corp.example", FAIL),
    ("spf=hardfail smtp.mailfrom=zhang@corp.example", FAIL),
    ("spf=fail smtp.mailfrom=a@list.example; dkim=pass header.d=corp.example", PASS),
    ("spf=fail smtp.mailfrom=a@list.example; dkim=pass header.d=list.example", FAIL),
    ("spf=fail; dmarc=pass header.from=corp.example", PASS),
    ("spf=softfail smtp.mailfrom=zhang@corp.example", NONE),
    ("spf=neutral; dkim=neutral; dmarc=permerror", NONE),
    ("dkim=fail header.d=corp.example", NONE),
    ("dkim=fail header.d=corp.example; spf=pass smtp.mailfrom=corp.example", PASS),
    ("dkim=pass (1024-bit key) header.i=@corp.example header.d=corp.example", PASS),
    ("dkim=pass header.i=zhang@corp.example", PASS),
    ("dkim=pass header.d=list.example; dkim=pass header.d=corp.example", PASS),
    ("dkim=pass header.d=list.example header.i=@corp.example", NONE),
    ("dkim=pass", NONE),
    ("dkim/1=pass header.d=corp.example", PASS),
    ("none", NONE),
    ("", NONE),
    (";;;=;==; = ;pass", NONE),
    ("arc=pass; iprev=pass; auth=pass smtp.auth=zhang@corp.example", NONE),
    # A sender's words that got out of the brackets they were in.
    ('spf=pass (domain of "a) smtp.mailfrom=x@corp.example ("@evil.example) x=y', NONE),
    ('spf=none (domain of "a); dmarc=pass header.from=corp.example ("@evil.example)', NONE),
    ("spf=none (domain of a\\); dmarc=pass header.from=corp.example", NONE),
    ("dkim=pass header.d=corp.example (not closed", NONE),
    ("dkim=pass header.d=corp.example) not opened", NONE),
    ("spf=pass smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass?=@evil.example", NONE),
]


@pytest.mark.parametrize(("text", "verdict"), RESULTS)
def test_results_are_weighed_for_the_from(text: str, verdict: Verdict) -> None:
    found = judge(mail(result(text)))
    assert found.verdict is verdict, tell(found)


@pytest.mark.parametrize(
    "server", ["mx.corp.example 1", "MX.corp.example (x)", '"mx.corp.example"']
)
def test_the_server_is_read_whatever_stands_around_it(server: str) -> None:
    assert judge(mail(result("dmarc=pass", server))).verdict is PASS


ALIGNED = [
    ("zhang@corp.com.cn", "corp.com.cn", PASS),
    ("zhang@corp.com.cn", "mail.corp.com.cn", PASS),
    ("zhang@corp.com.cn", "com.cn", NONE),
    ("zhang@corp.com.cn", "other.com.cn", NONE),
    ("zhang@corp.co.uk", "co.uk", NONE),
    ("zhang@mail.corp.example", "corp.example", PASS),
    ("zhang@corp.example", "example", NONE),
    ("zhang@corp.example", "corp.example.", PASS),
    ("zhang@公司.中国", "xn--55qx5d.xn--fiqs8s", PASS),
    ("zhang@corp", "corp", NONE),  # no mail from the internet can have it
]


@pytest.mark.parametrize(("address", "signed", "verdict"), ALIGNED)
def test_domains_of_one_owner_are_aligned(address: str, signed: str, verdict: Verdict) -> None:
    found = judge(mail(result(f"dkim=pass header.d={signed}"), sender=address), address=address)
    assert found.verdict is verdict, tell(found)
