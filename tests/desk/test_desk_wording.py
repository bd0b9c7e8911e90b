"""What our letters say, and that no template and no stranger's words can break them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.letters.letter_values import (
    SAMPLES,
    AckValues,
    DoorstepItem,
    DoorstepValues,
    LetterValues,
    LimitValues,
)
from maildesk.desk.letters.wording import LARGEST, Wording, Words
from maildesk.errors import ConfigFault

SHIPPED = Path(__file__).parents[2] / "templates"
TEMPLATES = {
    path.relative_to(SHIPPED).as_posix(): path.read_text("utf-8")
    for path in sorted(SHIPPED.rglob("letters/*/*"))
}
WORDING = Wording(TEMPLATES)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LANGUAGES = ("zh-CN", "en")
OUR_PAGE = re.compile(r"https://desk\.corp\.test/(?:t|k|service)/\w+")
OUR_LINK = re.compile(rf'href="{OUR_PAGE.pattern}"')


def sample(event: str) -> LetterValues:
    return SAMPLES[event][0]


def ack(**changes: object) -> AckValues:
    values = sample("ack")
    assert isinstance(values, AckValues)
    changed: AckValues = replace(values, **changes)  # type: ignore[arg-type]
    return changed


def english_ack(**changes: object) -> AckValues:
    return ack(
        **{
            "desk": "IT Service Desk",
            "name": "Min Zhang",
            "title": "Printer jam",
            "group": "Hardware group",
            "category": "Hardware",
            "priority": "Medium",
            "type": "Incident",
            **changes,
        }
    )


def limit(event: str, **changes: object) -> Words:
    values = sample(event)
    assert isinstance(values, LimitValues)
    changed = replace(values, **changes)  # type: ignore[arg-type]
    return WORDING.render(event, "zh-CN", changed)


def visible(words: Words) -> str:
    assert words.html is not None
    body = LexborHTMLParser(words.html).body
    assert body is not None
    return "".join(body.text().split())


def with_template(name: str, source: str) -> Wording:
    return Wording({**TEMPLATES, name: source})


def test_the_shipped_templates_are_without_fault() -> None:
    assert WORDING.check() == ()


def test_the_chinese_acknowledgement_reads_as_the_desk_would_write_it() -> None:
    words = WORDING.render("ack", "zh-CN", ack(scope="影响您本人"))
    assert words.subject == "【已受理】打印机卡纸 [IT-20261120-0001]"
    assert words.text == (
        "张敏您好，您的问题已受理。\n"
        "由硬件组（分机 8005）处理，预计今天 16:00 前联系您。\n"
        "\n"
        "单号：IT-20261120-0001\n"
        "已登记：硬件故障｜中｜故障申报｜影响您本人\n"
        "\n"
        "以上登记有误，或还有补充，直接回复本邮件即可。\n"
        "紧急请拨 8000。\n"
        "\n"
        "IT服务台\n"
    )


def test_the_english_acknowledgement_says_the_same() -> None:
    words = WORDING.render("ack", "en", english_ack())
    assert words.subject == "[Received] Printer jam [IT-20261120-0001]"
    assert words.text == (
        "Hello Min Zhang, we have received your request.\n"
        "Hardware group (ext. 8005) is handling it; we expect to contact you by 16:00 today.\n"
        "\n"
        "Ticket: IT-20261120-0001\n"
        "Recorded: Hardware | Medium | Incident\n"
        "\n"
        "If anything above is wrong, or you have something to add, simply reply to this e-mail.\n"
        "If it is urgent, please call 8000.\n"
        "\n"
        "IT Service Desk\n"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"handler": "刘洋"}, "处理人刘洋（硬件组，分机 8005），预计今天 16:00 前联系您。"),
        ({"extension": None}, "由硬件组处理，"),
        ({"due": None}, "会尽快联系您。"),
        ({"urgent": True}, "此事按紧急处理，请同时拨打服务热线 8000，我们马上跟进。"),
        ({"urgent": True, "hotline": None}, "请同时拨打分机 8005"),
        ({"attachments": 2}, "附件：收到 2 个"),
        ({"contact": "8123"}, "联系电话：8123"),
        ({"linked": "IT-20261101-0003"}, "您在信中提到 IT-20261101-0003，这次的内容已为您另开新单"),
        (
            {"resumes": datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)},
            "现在是非工作时间，我们周一（11月23日）9:00 上班后处理。",
        ),
        (
            {"resumes": datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI), "open_now": True},
            "今天下班前未处理完的，我们周一（11月23日）9:00 上班后继续处理。",
        ),
        ({"name": ""}, "您好，您的问题已受理。"),
    ],
)
def test_the_acknowledgement_tells_what_matters(changes: dict[str, object], said: str) -> None:
    words = WORDING.render("ack", "zh-CN", ack(**changes))
    assert said in words.text
    assert said.replace(" ", "").replace("：", "") in visible(words).replace("：", "")


def test_an_urgent_acknowledgement_names_the_hotline_once() -> None:
    assert WORDING.render("ack", "zh-CN", ack(urgent=True)).text.count("8000") == 1


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("", "【已受理】（无主题） [IT-20261120-0001]"),
        ("又坏了 [IT-20261101-0003]", "【已受理】又坏了 [IT-20261120-0001]"),
        ("it-20261101-3", "【已受理】（无主题） [IT-20261120-0001]"),
        ("打印机\r\nBcc: x", "【已受理】打印机 Bcc: x [IT-20261120-0001]"),
        ("卡" * 50, "【已受理】" + "卡" * 29 + "… [IT-20261120-0001]"),
        ("{{ number }} {% raw %}", "【已受理】{{ number }} {% raw %} [IT-20261120-0001]"),
    ],
)
def test_any_title_makes_one_line_with_one_number(title: str, subject: str) -> None:
    assert WORDING.render("ack", "zh-CN", ack(title=title)).subject == subject


def test_an_outsiders_own_words_are_not_sent_back() -> None:
    for language in LANGUAGES:
        words = WORDING.render("ack", language, ack(title="buy pills", echo_title=False))
        assert "pills" not in f"{words}"
    assert WORDING.render("ack", "zh-CN", ack(echo_title=False)).subject == (
        "【已受理】您的请求 [IT-20261120-0001]"
    )


@pytest.mark.parametrize(
    ("language", "folder"),
    [
        ("zh-CN", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("zh", "zh-CN"),
        ("ZH-hk", "zh-CN"),
        ("en", "en"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
    ],
)
def test_every_language_gets_a_letter(language: str, folder: str) -> None:
    values = ack()
    assert WORDING.render("ack", language, values) == WORDING.render("ack", folder, values)


def test_a_new_language_is_a_new_folder() -> None:
    wording = with_template(
        "letters/de/ack.txt", "Subject: Da! [{{ number }}]\n\nHeute {{ now|moment }}"
    )
    assert wording.check() == ()
    for language in ("de", "de-AT"):
        words = wording.render("ack", language, ack())
        assert words == Words("Da! [IT-20261120-0001]", "Heute 15:00 today\n", None)
    assert wording.render("missed", "de", sample("missed")).subject.startswith("[Overdue")


def test_the_lead_reads_in_the_subject_what_is_late_for_whom() -> None:
    assert limit("near").subject == (
        "【即将超时 剩30分】中｜打印机卡纸｜财务部张敏 [IT-20261120-0001]"
    )
    missed = limit("missed", minutes=125, outage=True)
    assert missed.subject.startswith("【已超时 2小时5分】中｜打印机卡纸｜财务部张敏")
    assert "系统曾中断" in missed.text
    assert "系统曾中断" not in limit("missed").text
    assert limit("near").text.startswith("〔内部通知：您的回复不会发给用户〕\n")


def test_the_lead_is_told_how_to_look_at_a_quarantined_mail() -> None:
    for language in LANGUAGES:
        words = WORDING.render("quarantine", language, sample("quarantine"))
        assert "maildesk quarantine show 3" in words.text
        assert "li@corp.test" in words.text


@pytest.mark.parametrize("event", SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_whole_in_text_and_html(event: str, language: str) -> None:
    for values in SAMPLES[event]:
        words = WORDING.render(event, language, values)
        number = getattr(values, "number", None)
        assert find_numbers(words.subject) == ((number,) if number else ())
        assert "\n" not in words.subject
        assert words.html is not None
        for text in (words.text, words.html):
            assert "{" not in text
            assert "None" not in text
            assert "2026-11-20" not in text
        assert not any(line != line.rstrip() for line in words.text.split("\n"))
        assert "\n\n\n" not in words.text
        # Nothing is fetched, and the only addresses are those of our own pages.
        for remote in ("http", "src=", "url(", "<link", "<script"):
            assert remote not in OUR_LINK.sub("", words.html)
        # Both say the same, up to layout.
        for line in words.text.split("\n"):
            said = "".join(OUR_PAGE.sub("", line).replace("▇", "").split())
            said = said.replace("：", "").replace(":", "").strip("，—")
            assert said in visible(words).replace("：", "").replace(":", "")


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_strangers_words_break_a_letter(title: str, name: str) -> None:
    for language in LANGUAGES:
        words = WORDING.render("ack", language, ack(title=title, name=name))
        assert words.subject.endswith("[IT-20261120-0001]")
        assert words.subject.count("IT-20261120-0001") == 1
        assert len(words.subject.splitlines()) == 1
        assert words.text.count("\n") == 10


def test_markup_in_a_name_or_subject_is_shown_not_run() -> None:
    values = sample("doorstep")
    assert isinstance(values, DoorstepValues)
    item = DoorstepItem(1, "<b>a@x.test", "<script>alert(1)</script>\nRe", values.now)
    words = WORDING.render("doorstep", "zh-CN", replace(values, items=(item,)))
    assert words.html is not None
    assert "<script" not in words.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Re" in words.html
    assert "<script>alert(1)</script> Re\n" in words.text


@pytest.mark.parametrize(
    ("name", "source", "line", "problem"),
    [
        ("en/ack.txt", "Subject: a [{{ number }}]\n\n{{ nubmer }}", 3, "nubmer is unknown"),
        ("en/ack.html", "<p>\n{% if x %}\n{{ y }}\n{% endif %}", 2, "x is unknown"),
        ("en/ack.txt", "Subject: a [{{ number }}]\n{% if due %}", 2, "Unexpected end"),
        ("en/ack.txt", "Subject: a [{{ number }}]\n\n{{ due | iso }}", 3, "iso"),
        ("en/ack.txt", "Subject: a [{{ number }}]\n\n{{ due.nothing }}", 3, "nothing"),
        ("en/ack.txt", "Subject: a [{{ number }}]\n\n{{ due.__class__ }}", 3, "unsafe"),
        ("en/ack.txt", "Subject: a [{{ number }}]\n\n{{ 'x' * 10**8 }}", 3, "whole numbers"),
        ("en/ack.txt", "Subject: a [{{ number }}]\n\n{{ 'x' | center(9) }}", 3, "center"),
        ("en/ack.txt", "Subject: a [{{ number }}]\n\n{{ title | moment }}", 3, "here is none"),
        (
            "en/ack.txt",
            "Subject: a [{{ number }}]\n{% for a in range(999) %}{% for b in range(999) %}\n"
            "{{ number }}{% endfor %}{% endfor %}",
            1,
            "longer than",
        ),
        ("en/ack.txt", "Subject:\n\nHello", 1, "the subject is empty"),
        ("en/ack.txt", "Subject: Hello\n\nHello", 1, "exactly one number"),
        ("en/ack.txt", "Subject: {{ number }} [{{ number }}]\n\nHello", 1, "exactly one number"),
        ("en/breaker.txt", "Subject: {{ about }} IT-20261120-0001\n", 1, "no ticket number"),
        ("en/ack.txt", "Hello [{{ number }}]", 1, "first line must be the subject"),
        ("en/akc.txt", "Subject: a\n", 1, "there is no letter akc"),
        ("de/ack.html", "<p>", 1, "needs its .txt"),
        ("en/ack.html", '{% extends "letters/en/_none.html" %}', 1, "_none.html"),
        ("en/_frame.html", "<p>\n{{ nothing }}{% block letter %}{% endblock %}", 2, "nothing"),
    ],
)
def test_a_fault_is_told_with_its_template_and_line(
    name: str, source: str, line: int, problem: str
) -> None:
    found = with_template(f"letters/{name}", source).check()
    assert [
        item for item in found if item[:2] == (f"letters/{name}", line) and problem in item[2]
    ], found


def test_all_faults_are_told_at_once() -> None:
    found = with_template("letters/en/ack.txt", "Subject: {{ a }}\n{{ b }}\n{{ c }}").check()
    assert [item[1] for item in found if item[0] == "letters/en/ack.txt"] == [1, 2, 3]


def test_a_missing_letter_is_a_fault() -> None:
    fewer: Mapping[str, str] = {k: v for k, v in TEMPLATES.items() if "near" not in k}
    wording = Wording(fewer)
    assert ("letters/en/near.txt", 1, "this letter is missing") in wording.check()
    with pytest.raises(ConfigFault, match="near"):
        wording.render("near", "en", sample("near"))


def test_a_template_that_fails_names_itself_and_the_line() -> None:
    wording = with_template("letters/en/ack.txt", "Subject: x\n\n{{ due.nothing }}")
    with pytest.raises(ConfigFault, match=r"letters/en/ack\.txt, line 3"):
        wording.render("ack", "en", ack())


def test_a_letter_cannot_grow_beyond_its_limit() -> None:
    source = "Subject: x\n{% for a in range(999) %}{% for b in range(999) %}{{ number }}" + (
        "{% endfor %}{% endfor %}"
    )
    with pytest.raises(ConfigFault, match=str(LARGEST)):
        with_template("letters/en/ack.txt", source).render("ack", "en", ack())


def test_templates_that_are_no_letters_are_left_alone() -> None:
    assert with_template("pages/en/status.html", "{{ what").check() == ()
