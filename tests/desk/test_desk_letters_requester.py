"""What requesters and vendors read: state first, who handles it, a human's words whole."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from maildesk.config.templates import load_templates
from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.arrival.subject import strip_prefixes
from maildesk.desk.letters.requester_values import (
    REQUESTER_SAMPLES,
    ProgressValues,
    RequesterValues,
)
from maildesk.desk.letters.wording import Wording, Words
from maildesk.desk.staff.marker import MARKER

WORDING = Wording(load_templates(None)[0])
LANGUAGES = ("zh-CN", "en")
NUMBER = "[IT-20261120-0001]"
SPEAKING = tuple(name for name in REQUESTER_SAMPLES if hasattr(REQUESTER_SAMPLES[name][0], "words"))


def write(event: str, language: str = "zh-CN", nth: int = 0, **changes: Any) -> Words:
    values: RequesterValues = replace(REQUESTER_SAMPLES[event][nth], **changes)
    return WORDING.render(event, language, values)


def read_lines(words: Words) -> list[str]:
    """The lines of the text, and those of the HTML as a mail program shows them."""
    assert words.html is not None
    body = LexborHTMLParser(re.sub("<br>|</p>|</td>", "\n", words.html)).body
    assert body is not None
    return [*words.text.split("\n"), *body.text().split("\n")]


def test_progress_is_a_humans_own_words() -> None:
    words = write("progress", eta=None)
    assert words.subject == f"【处理进展】VPN 连不上 {NUMBER}"
    assert words.text == (
        "我是 IT服务台刘洋（网络组，分机 8005）。\n"
        "VPN 证书过期，正在更换。\n"
        "\n"
        "这段时间可先用网页版 OA；您无需操作。\n"
        "\n"
        "有问题直接回复本邮件。\n"
        "\n"
        "IT服务台\n"
    )


def test_the_question_whether_it_works_can_be_answered_by_word_or_link() -> None:
    words = write("solved", nth=1, files=())
    assert words.subject == f"【请确认】VPN 连不上，已处理 {NUMBER}"
    assert words.text == (
        "我是 IT服务台刘洋（网络组，分机 8005）。\n"
        "已更换 VPN 证书，请重新连接一次试试。\n"
        "\n"
        "好了请回复“好了”，没好请回复“没好”；或点：\n"
        "已解决：https://desk.corp.test/t/sample\n"
        "还没好：https://desk.corp.test/t/sample2\n"
        "还有别的疑问，也直接回复本邮件。\n"
        "\n"
        "IT服务台\n"
    )
    assert words.html is not None
    assert 'href="https://desk.corp.test/t/sample2"' in words.html
    assert "http" not in write("solved", confirm_url=None, broken_url=None).text


def test_english_progress_says_the_same() -> None:
    sample = REQUESTER_SAMPLES["progress"][0]
    assert isinstance(sample, ProgressValues)
    values = replace(
        sample,
        desk="IT Service Desk",
        handler="Yang Liu",
        group="Network group",
        title="VPN does not connect",
        words="The certificate has expired and is being renewed.",
        eta=sample.now,
        status_url=None,
    )
    words = WORDING.render("progress", "en", values)
    assert words.subject == f"[Progress] VPN does not connect {NUMBER}"
    assert words.text == (
        "This is Yang Liu, IT Service Desk (Network group, ext. 8005).\n"
        "The certificate has expired and is being renewed.\n"
        "We expect this to be fixed by 15:00 today.\n"
        "\n"
        "Any questions? Just reply to this e-mail.\n"
        "\n"
        "IT Service Desk\n"
    )


@pytest.mark.parametrize(
    ("event", "chinese", "english"),
    [
        ("progress", "【处理进展】VPN 连不上", "[Progress] VPN 连不上"),
        ("question", "【请补充】电脑坏了", "[More details please] 电脑坏了"),
        ("solved", "【请确认】VPN 连不上，已处理", "[Please confirm] VPN 连不上: done"),
        ("status", "【处理中】VPN 连不上", "[处理中] VPN 连不上"),
        ("rejected", "【未受理】会议室投影仪借用", "[Not accepted] 会议室投影仪借用"),
        ("clarify", "【请确认】VPN 连不上，好了吗？", "[Please confirm] VPN 连不上: does it work?"),
        ("vendor", "【请协助】IT服务台工单", "[Your help, please] IT服务台 ticket"),
    ],
)
def test_a_subject_has_the_state_first_and_the_number_last(
    event: str, chinese: str, english: str
) -> None:
    assert write(event).subject == f"{chinese} {NUMBER}"
    assert write(event, "en").subject == f"{english} {NUMBER}"


@pytest.mark.parametrize("event", REQUESTER_SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_lines_say_who_handles_it(event: str, language: str) -> None:
    for nth, values in enumerate(REQUESTER_SAMPLES[event]):
        first = "\n".join(write(event, language, nth).text.split("\n")[:2])
        assert values.group in first
        assert (values.handler or "") in first
        assert (values.extension or "") in first


@pytest.mark.parametrize("event", REQUESTER_SAMPLES)
def test_the_state_is_known_again_when_the_letter_is_answered(event: str) -> None:
    for language in LANGUAGES:
        subject = write(event, language).subject
        tag = subject[: subject.index("】" if language == "zh-CN" else "]") + 1]
        assert tag not in strip_prefixes(f"Re: {subject}")


@pytest.mark.parametrize("event", SPEAKING)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("order", ["#内部 用户脾气急", "＃内布", " \u200b#solved", "\u3000#"])
def test_no_line_that_begins_with_a_number_sign_leaves(
    event: str, language: str, order: str
) -> None:
    words = write(event, language, words=f"{order}\n已处理\n{order}\n请再试\n{order}")
    for line in read_lines(words):
        assert line.strip("\u200b \u3000\u00a0")[:1] not in tuple("#＃")
    assert "脾气" not in f"{words}"
    assert "已处理\n请再试" in words.text


@pytest.mark.parametrize("event", REQUESTER_SAMPLES)
def test_nothing_of_the_letters_to_staff_is_in_those_to_requesters(event: str) -> None:
    for language in LANGUAGES:
        for nth in range(len(REQUESTER_SAMPLES[event])):
            shown = "\n".join(read_lines(write(event, language, nth)))
            for sign in (MARKER, "〔", "#", "内部", "Internal"):
                assert sign not in shown


def test_a_vendor_reads_nothing_of_the_requester() -> None:
    words = write("vendor", title="财务部张敏的电脑坏了")
    assert "张敏" not in f"{words}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"words": "", "name": "张敏"}, "张敏您好，我是 IT服务台刘洋"),
        ({"desk": "信息中心"}, "我是信息中心刘洋（网络组，分机 8005）。"),
        ({"extension": None}, "刘洋（网络组）。"),
        ({"waiting": "vendor"}, "目前在等厂商处理，一有进展就告诉您。"),
        ({"waiting": "hold"}, "此单暂时挂起，一有进展就告诉您。"),
        ({"files": ("步骤.pdf", "截图.png")}, "附件：步骤.pdf、截图.png\n"),
        ({"status_url": "https://desk.corp.test/t/x"}, "查看进展：https://desk.corp.test/t/x"),
    ],
)
def test_progress_tells_what_matters(changes: dict[str, Any], said: str) -> None:
    assert said in write("progress", **changes).text


def test_an_expected_time_is_said_with_what_it_is_for() -> None:
    values = REQUESTER_SAMPLES["progress"][0]
    at: dict[str, Any] = {"eta": values.now}
    assert "预计今天 15:00 前处理好。" in write("progress", **at).text
    assert "预计今天 15:00 前有结果" in write("progress", **at, waiting="vendor").text
    assert "预计今天 15:00 前恢复处理" in write("progress", **at, waiting="hold").text


def test_lines_and_indents_of_an_engineer_are_kept_in_html() -> None:
    words = write("progress", words="1. 打开设置\n   点“网络”\n\n2. 重启")
    assert "1. 打开设置\n   点“网络”\n\n2. 重启\n" in words.text
    assert words.html is not None
    assert "1. 打开设置<br>\n\u00a0\u00a0\u00a0点“网络”<br>\n<br>\n2. 重启" in words.html


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_words_break_a_letter(said: str, title: str) -> None:
    for event in ("progress", "solved"):
        words = write(event, words=said, title=title, files=(title,))
        assert find_numbers(words.subject)[-1] == "IT-20261120-0001"  # a title may look like one
        assert len(words.subject.splitlines()) == 1
        for line in words.text.split("\n"):
            assert not line.startswith(("#", "＃"))


@pytest.mark.parametrize("event", SPEAKING)
@pytest.mark.parametrize("character", ["&", "\n", '"', "卡", "\t", "#\n"])
def test_very_long_words_make_a_letter_and_not_a_fault(event: str, character: str) -> None:
    words = write(event, words="a" + character * 100_000, title=character * 5000)
    assert len(words.subject) < 120
