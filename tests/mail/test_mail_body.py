"""New words, history, signature."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.cut.body import split
from maildesk.mail.cut.prefix import is_forward

HISTORY = {
    "gmail en": "On Fri, Nov 20, 2026 at 9:00 AM IT <d@x.test> wrote:\n> old\n> older",
    "gmail wrapped": "On Fri, Nov 20, 2026 at 9:00 AM IT Service Desk of the Company <\n"
    "desk@x.test> wrote:\n\n> old",
    "gmail zh": "张三 <z@x.test> 于2026年11月20日周五 09:00写道：\n\n> 旧",
    "gmail zh-TW": "張三 <z@x.test> 於 2026年11月20日 週五 上午9:00寫道：\n\n> 舊",
    "apple zh": "在 2026年11月20日，09:00，张三 <z@x.test> 写道：\n\n> 旧",
    "apple de": "Am 20.11.2026 um 09:00 schrieb Hans <h@x.test>:\n\n> alt",
    "apple fr": "Le 20 nov. 2026 à 09:00, Anne <a@x.test> a écrit :\n\n> vieux",
    "apple es": "El 20 nov 2026, a las 9:00, Ana <a@x.test> escribió:\n\n> viejo",
    "gmail ja": "2026年11月20日(金) 9:00 山田 <y@x.test>:\n\n> 古い",
    "163": '在 2026-11-20 09:00:00，"张三" <z@x.test> 写道：\n旧的内容\n没有记号',
    "163 en": 'At 2026-11-20 09:00:00, "Li" <l@x.test> wrote:\nold words\n',
    "netease": "---- 回复的原邮件 ----\n| 发件人 | 张三<z@x.test> |\n旧",
    "qq": "------------------ 原始邮件 ------------------\n发件人: 张三\n旧",
    "exmail": "------------------ Original ------------------\nFrom: \"x\"\nold",
    "outlook en": "From: IT <d@x.test>\nSent: Friday, November 20, 2026 9:00 AM\nTo: Li\n"
    "Subject: x\n\nold",
    "outlook rule": "________________________________\nFrom: IT <d@x.test>\nSent: today\nTo: Li\n"
    "Subject: x\n\nold",
    "outlook zh": "发件人: 张三 <z@x.test>\n发送时间: 2026年11月20日 9:00\n收件人: 李四\n"
    "主题: x\n\n旧",
    "outlook de": "Von: Hans <h@x.test>\nGesendet: Freitag\nAn: Li\nBetreff: x\n\nalt",
    "outlook fr": "De : Anne <a@x.test>\nEnvoyé : vendredi\nÀ : Li\nObjet : x\n\nvieux",
    "outlook ja": "差出人: 山田 <y@x.test>\n送信日時: 2026年11月20日\n宛先: Li\n件名: x\n\n古い",
    "outlook ko": "보낸 사람: 김 <k@x.test>\n보낸 날짜: 2026년\n받는 사람: Li\n제목: x\n\n옛",
    "foxmail": "发件人： 张三\n发送时间： 2026-11-20 09:00\n收件人： 李四\n主题： 打印机\n旧",
    "outlook express": "-----Original Message-----\nFrom: IT\nold",
    "bare quotes": "> old\n> older",
}  # fmt: skip
KEPT = {
    "an hour of prose": "He wrote:\nthe printer is broken",
    "journey": "From: Shanghai\nTo: Beijing\nDate: 2026-12-01",
    "error with a colon": "系统提示 2026-11-20 出错：\n请处理",
    "vendor said": "供应商在邮件里写道：\n需要更换",
    "shell prompt": "I typed:\n> dir\nand nothing happened",
    "dashes": "first\n-----\nsecond",
    "log with From": "Log:\nFrom: 10.0.0.1\nblocked",
    "dash list": "- one\n-- two\n- three",
}


@pytest.mark.parametrize("client", HISTORY)
def test_history_of_each_client_is_told_from_the_words_above(client: str) -> None:
    parts = split(f"还是不行，请再看看。\n\n{HISTORY[client]}")
    assert parts.reply == "还是不行，请再看看。"
    assert parts.quoted == HISTORY[client].strip()


@pytest.mark.parametrize("what", KEPT)
def test_a_person_s_own_words_are_never_cut(what: str) -> None:
    assert split(KEPT[what]).reply == KEPT[what]
    assert split(f"您好\n{KEPT[what]}\n谢谢").reply == f"您好\n{KEPT[what]}\n谢谢"


@pytest.mark.parametrize("client", [name for name in HISTORY if name != "bare quotes"])
def test_with_nothing_above_the_history_is_the_request(client: str) -> None:
    assert split(HISTORY[client]).reply == HISTORY[client].strip()


@pytest.mark.parametrize("client", HISTORY)
def test_a_forward_is_never_cut(client: str) -> None:
    text = f"请看下面\n\n{HISTORY[client].strip()}"
    assert split(text, forwarded=True).reply == text


@pytest.mark.parametrize(
    "mark",
    ["---------- Forwarded message ---------", "Begin forwarded message:", "---- 转发的邮件 ----"],
)
def test_a_forward_mark_in_the_body_keeps_everything(mark: str) -> None:
    text = f"see below\n\n{mark}\nFrom: Li <l@x.test>\nDate: today\nSubject: x\n\nwords"
    assert split(text).reply == text


def test_a_header_block_in_a_first_mail_was_pasted_by_its_author() -> None:
    text = f"Is this phishing?\n\n{HISTORY['outlook en']}\n\nPlease check."
    assert split(text, answer=False).reply == text


def test_answers_between_quotes_stay_and_the_rest_of_the_quote_goes() -> None:
    head = (
        "On Fri, Nov 20, 2026 at 9:00 AM IT <d@x.test> wrote:\n> which?\nThe left one.\n> when?\n"
    )
    parts = split(f"See below.\n\n{head}Today.\n> bye\n> IT desk")
    assert parts.reply == f"See below.\n\n{head}Today."
    assert parts.quoted == "> bye\n> IT desk"


@pytest.mark.parametrize(
    "line",
    ["发自我的iPhone", "发自我的华为手机", "Sent from my iPhone", "Get Outlook for Android",
     "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "iPhoneから送信", "来自 Outlook"],
)  # fmt: skip
def test_a_phone_s_line_is_signature(line: str) -> None:
    line = line.replace("来自 Outlook", "来自Outlook")
    parts = split(f"黑屏了\n\n{line}\n\n> 旧")
    assert (parts.reply, parts.signature, parts.quoted) == ("黑屏了", line, "> 旧")


def test_a_long_text_after_dashes_is_no_signature() -> None:
    text = "first\n--\n" + "\n".join(f"line {n} with words" for n in range(40))
    assert split(text).reply == text


def test_the_html_shows_where_unmarked_history_begins() -> None:
    text = "新的话\n\n旧的第一句话在这里\n旧的第二句"
    html = (
        '<p>新的话</p><div class="yahoo_quoted"><div>旧的第一句话在这里</div>'
        "<p>旧的第二句</p></div>"
    )
    parts = split(text, html)
    assert (parts.reply, parts.quoted) == ("新的话", "旧的第一句话在这里\n旧的第二句")


@pytest.mark.parametrize(
    ("subject", "forward"),
    [("Fwd: x", True), ("FW: x", True), ("转发：x", True), ("[EXT] WG: x", True),
     ("Re: Fwd: x", False), ("Forward planning", False), ("回复：转发：x", False), ("", False)],
)  # fmt: skip
def test_the_outermost_prefix_says_whether_it_is_a_forward(subject: str, forward: bool) -> None:
    assert is_forward(subject) is forward


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(["> q", "", "--", *"\n".join(HISTORY.values()).split("\n")]),
        ),
        max_size=25,
    ),
    st.booleans(),
)
def test_whatever_is_cut_no_word_is_lost(lines: list[str], answer: bool) -> None:
    text = "\n".join(line.replace("\r", "") for line in lines)
    parts = split(text, answer=answer)
    kept = "\n".join((parts.reply, parts.signature, parts.quoted))
    assert sorted(text.split()) == sorted(kept.split())


def test_two_hundred_thousand_quoted_lines_are_cut_in_one_pass() -> None:
    text = "new\n" + HISTORY["gmail en"] + "\n" + "> old\n" * 200_000
    assert split(text).reply == "new"


@pytest.mark.parametrize(
    "footer",
    [
        "_" * 47 + "\nusers mailing list\nusers@lists.test\nhttps://lists.test/users",
        '--\nYou received this message because you are subscribed to the Google Groups "x" group.\n'
        "To unsubscribe from this group, send an email to x+leave@groups.test.",
    ],
)
def test_a_list_s_footer_is_signature(footer: str) -> None:
    parts = split(f"How do I clear the queue?\n\nTom\n\n{footer}", answer=False)
    assert (parts.reply, parts.signature) == ("How do I clear the queue?\n\nTom", footer)
