"""What of an engineer's answer may leave: in the form of every client, and nothing else of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from answers import ANSWERS, CANARIES, CARD, LETTER, TRACES, WORDS, Answer
from answers.form import FOOTER, FOOTER_EN, HTML_LETTER, WORDS_EN, quote
from builders import incoming
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.staff.marker import MARKER, SIGNS
from maildesk.mail.cut.excerpt import Doubt, Excerpt, Traces, excerpt
from maildesk.mail.cut.spelling import fold_key
from maildesk.mail.message import Address

ONLY_THE_MARKER = Traces(SIGNS)
ENGINEER = Address("", "liu@corp.test")
HEAD = "在 2026/11/20 10:00, IT服务台 写道:\n"


def cut(text: str, html: str | None = None, traces: Traces = TRACES) -> Excerpt:
    return excerpt(incoming(text=text, html=html, sender=ENGINEER), traces)


def is_safe(found: Excerpt) -> bool:
    return not found.certain or not any(canary in found.words for canary in CANARIES)


def named(answers: tuple[Answer, ...]) -> list[object]:
    return [pytest.param(answer, id=answer.name) for answer in answers]


def change(answer: Answer, edit: Callable[[str], str]) -> Answer:
    return replace(answer, plain=edit(answer.plain), html=edit(answer.html), charset="utf-8")


PLAIN = tuple(answer for answer in ANSWERS if answer.plain)
MARKED = tuple(answer for answer in PLAIN if f"\n> {MARKER}" in answer.plain)
OF_BOTH = tuple(answer for answer in PLAIN if answer.html)


@pytest.mark.parametrize("answer", named(ANSWERS))
def test_an_answer_leaves_exactly_and_no_canary_with_it(answer: Answer) -> None:
    found = excerpt(answer.read(), TRACES)
    assert is_safe(found)
    assert (found.words, found.doubts) == (answer.words, ())


@pytest.mark.parametrize("answer", named(ANSWERS))
def test_each_fixture_holds_the_canaries_it_is_tested_for(answer: Answer) -> None:
    mail = answer.read()
    assert "CANARY-QUOTE" in mail.text
    assert fold_key(answer.words) in fold_key(mail.text.replace("&nbsp;", ""))


def test_there_are_answers_of_more_than_twenty_clients() -> None:
    assert len({answer.name for answer in ANSWERS}) == len(ANSWERS) >= 50
    assert len({answer.name.partition("-")[0] for answer in ANSWERS}) >= 20
    assert {"gb2312", "gbk", "gb18030", "utf-8"} <= {answer.charset for answer in ANSWERS}
    assert {"base64", "quoted-printable", "8bit"} <= {answer.encoding for answer in ANSWERS}


@pytest.mark.parametrize("answer", named(OF_BOTH))
def test_either_half_of_a_mail_is_cut_as_well(answer: Answer) -> None:
    for half in (replace(answer, plain=""), replace(answer, html="")):
        found = excerpt(half.read(), TRACES)
        assert is_safe(found)
        assert found.certain
        assert fold_key(found.words.replace("&nbsp;", "")) == fold_key(answer.words)


@pytest.mark.parametrize("answer", named(ANSWERS))
def test_a_line_lost_or_broken_above_the_marker_lets_no_canary_out(answer: Answer) -> None:
    mail = answer.read()
    lines = mail.text.split("\n")
    upper = next(place for place, line in enumerate(lines) if SIGNS[0] in line)
    for place in range(upper):
        half = len(lines[place]) // 2
        broken = [lines[place][:half], lines[place][half:]]
        for instead in ([], broken):
            text = "\n".join((*lines[:place], *instead, *lines[place + 1 :]))
            assert is_safe(excerpt(replace(mail, text=text), TRACES)), text


@pytest.mark.parametrize("answer", named(ANSWERS))
def test_without_its_marker_no_answer_is_certain(answer: Answer) -> None:
    found = excerpt(change(answer, lambda text: text.replace(MARKER, "")).read(), TRACES)
    assert Doubt.NO_MARKER in found.doubts


@pytest.mark.parametrize("answer", named(ANSWERS))
def test_a_marker_in_traditional_characters_is_the_marker(answer: Answer) -> None:
    other = "≡≡≡ 請在此行以上回復"
    found = excerpt(change(answer, lambda text: text.replace(MARKER, other)).read(), TRACES)
    assert (found.words, found.certain) == (answer.words, True)


@pytest.mark.parametrize(
    "marker",
    [
        MARKER.upper(),
        "≡≡≡ 请在此\n行以上回复 · Reply above\nthis line ≡≡≡",
        "≡≡≡\n请在此行以上回复",
        "??? 请在此行以上回复 ? Reply above this line ???",
        "Ｒｅｐｌｙ　ａｂｏｖｅ　ｔｈｉｓ　ｌｉｎｅ",
        "| ≡≡≡ 请在此行以上回复 · Reply above this line ≡≡≡ |",
        "*Reply above\u200b this line*",
        "請在此行以上回覆",
    ],
)
@pytest.mark.parametrize("mark", ["", "> ", "> > ", "| ", ">"])
def test_a_marker_the_client_changed_is_still_the_marker(marker: str, mark: str) -> None:
    letter = quote(f"{marker}\n刘洋您好，请看 CANARY-QUOTE", mark)
    found = cut(f"{WORDS}\n\n{HEAD}{letter}", traces=ONLY_THE_MARKER)
    assert (found.words, found.doubts) == (WORDS, ())


def test_an_unquoted_rest_of_a_wrapped_marker_is_no_new_word() -> None:
    wrapped = quote(LETTER).replace("在此行以上", "在此\n行以上")
    assert cut(f"{WORDS}\n\n{HEAD}{wrapped}") == Excerpt(WORDS)


@pytest.mark.parametrize(
    ("text", "words", "doubts"),
    [
        (f"{HEAD}{quote(LETTER)}\n\n{WORDS}", "", {Doubt.BELOW_MARKER}),
        (f"{WORDS}\n\n{HEAD}{quote(LETTER)}\n\n另外请重启。", WORDS, {Doubt.BELOW_MARKER}),
        (
            f"{WORDS}\n{HEAD}" + quote(LETTER).replace("\n> 单号", "\n明天上午到。\n> 单号"),
            WORDS,
            {Doubt.BELOW_MARKER},
        ),
        (f"{HEAD}{quote(LETTER)}\n-- \n{CARD}\n\n请重启后再试。", "", {Doubt.BELOW_MARKER}),
        (f"{HEAD}{quote(LETTER)}", "", set()),
        (f"{HEAD}{quote(LETTER)}\n\n发自我的iPhone", "", set()),
        (f"发自我的iPhone\n\n{HEAD}{quote(LETTER)}", "", set()),
        (f"{CARD}\n\n{HEAD}{quote(LETTER)}", "", {Doubt.EMPTY}),
        (f"\n{LETTER}", "", {Doubt.EMPTY}),
        (f"收到 {LETTER}", "", {Doubt.BELOW_MARKER, Doubt.EMPTY}),
        ("", "", set()),
        (WORDS, WORDS, set()),
        (f"{WORDS}\n\n{CARD}", WORDS, set()),
        (f"{WORDS}\n> 三楼的打印机\n还有吗？", f"{WORDS}\n> 三楼的打印机\n还有吗？", None),
        (f"{WORDS}\n\n{LETTER.removeprefix(MARKER)}", None, None),
    ],
)
def test_words_below_the_marker_or_none_at_all(
    text: str, words: str | None, doubts: set[Doubt] | None
) -> None:
    found = cut(text)
    assert is_safe(found)
    if words is not None:
        assert found.words == words
    if doubts is None:
        assert not found.certain
    else:
        assert set(found.doubts) == doubts


@pytest.mark.parametrize("answer", named(MARKED))
def test_words_below_a_marked_quote_are_asked_about(answer: Answer) -> None:
    bottom = answer.plain.replace(answer.words, "") + "\n\n重装驱动后已恢复，请试打一页。"
    found = excerpt(replace(answer, plain=bottom, html="").read(), TRACES)
    assert Doubt.BELOW_MARKER in found.doubts


def test_words_below_the_block_that_quotes_us_in_html_are_asked_about() -> None:
    block = f'<blockquote style="margin:0">{HTML_LETTER}</blockquote>'
    above = Answer("foxmail", html=f"<div>好的</div>{block}").read()
    below = Answer("foxmail", html=f"<div>好的</div>{block}<div>请重启。</div>").read()
    assert excerpt(above, TRACES) == Excerpt("好的")
    assert excerpt(below, TRACES).doubts == (Doubt.BELOW_MARKER,)


@pytest.mark.parametrize("mark", ["", "> "])
def test_a_colleague_s_words_between_ours_and_the_letter_stay_here(mark: str) -> None:
    block = "发件人: 王强 <wang@corp.test>\n发送时间: 2026年11月20日 10:05\n主题: 转发\n"
    chain = quote(f"{block}\n用户脾气不好，小心。CANARY-QUOTE\n\n{HEAD}{quote(LETTER)}", mark)
    found = cut(f"{WORDS}\n\n{chain}")
    assert (found.words, found.doubts) == (WORDS, ())


@pytest.mark.parametrize(
    ("tail", "doubt"),
    [
        ("可联系 zhang@corp.test", Doubt.ADDRESS),
        ("可联系=====ZHANG+it@Corp.Test。", Doubt.ADDRESS),
        ("可联系 ｗａｎｇ＠ｃｏｒｐ．ｔｅｓｔ", Doubt.ADDRESS),
        ("抄给 a@wang@corp.test 了", Doubt.ADDRESS),
        ("见 it-20261120-0001", Doubt.OUR_TEXT),
        ("您说的是：\n三楼的打印机又卡纸了，麻烦看一下。CANARY-QUOTE", Doubt.OUR_TEXT),
        ("From: Zhang <z@far.test>\n好的", Doubt.HEADER_BLOCK),
        ("---------- Forwarded message ---------\n好的", Doubt.HEADER_BLOCK),
        ("> 又卡纸了\n已更换", Doubt.QUOTED),
        ("| 又卡纸了\n已更换", Doubt.QUOTED),
        ("某某\n技术支持部\nTel: 8005", Doubt.SIGNATURE),
        ("在 16:30 的日志里写到：\n错误 0x80070035\n请重启", Doubt.HEADER_BLOCK),
        ("--\n电话：8005\n\n另外，请您重启一次。", Doubt.SIGNATURE),
        ("刘洋\n#已解决\n电话 8005", Doubt.SIGNATURE),
        ("有问题请联系：\n刘洋\n电话：8005", Doubt.SIGNATURE),
        ("刘洋\n服务至上，用户第一。CANARY-SIGNATURE", Doubt.SIGNATURE),
        ("此邮件由系统发出 CANARY-FOOTER", Doubt.SIGNATURE),
    ],
)
def test_what_must_not_leave_and_is_still_there_holds_the_answer(tail: str, doubt: Doubt) -> None:
    assert cut(f"已更换硒鼓。\n\n{HEAD}{quote(LETTER)}").certain
    assert doubt in cut(f"已更换硒鼓。\n\n{tail}\n\n{HEAD}{quote(LETTER)}").doubts


@pytest.mark.parametrize(
    "words",
    [
        "已更换硒鼓。\n\n谢谢！",
        "厂商电话：400-800-1234，报修时请报序列号。",
        "请发到 support@vendor.test，抄送我。",
        "步骤如下：\n1. 打开控制面板\n2. 点“设备和打印机”\n3. 右键“删除”",
        "预计：\n时间：明天上午",
        "请重启。 #已解决",
        "#已解决\n驱动已重装，请再试。",
        "已处理。\n\n#已解决",
        "a | b\n1 | 2",
        "请看通知，发件人填“财务部”，主题写“报销”。",
        "请联系信息技术部",
        "密码已重置，首次登录请修改。\n有问题请拨 8000。",
        "Hello Zhang,\n\nthe VPN certificate was renewed.\n\nBest regards",
        "本邮件夹已扩容到 2 GB。",
        "从 Windows 更新里装一下 KB5031455",
        "来自QQ邮箱的邮件已放行",
        "下载Outlook后再登录一次",
        "您好，我是刘洋。明天上午到您那儿。",
        "👍",
        "刘洋，已更换硒鼓",
        "超过 20 MB 的请用网盘：\nhttps://pan.corp.test",
        "请打开\n网址：https://vpn.corp.test",
        "刘洋 已上门处理",
        "明天由刘洋（分机 8005）上门，请留意电话。",
    ],
)
def test_ordinary_words_stay_whole_and_certain(words: str) -> None:
    assert cut(f"{words}\n\n{HEAD}{quote(LETTER)}") == Excerpt(words)
    assert cut(f"{words}\n\n{LETTER}") == Excerpt(words)
    assert cut(words) == Excerpt(words)


@pytest.mark.parametrize(
    "end",
    [
        "发自我的iPhone",
        "发自我的手机",
        "Sent from my iPhone",
        "来自QQ邮箱手机版",
        "发自网易邮箱大师",
        "发自企业微信",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "从 Windows 版邮件发送",
        "发送自 Windows 10 版邮件应用",
        "通过我的 iPhone 发送",
        "-- \n刘洋\nCANARY-SIGNATURE",
        "刘洋 | 信息技术部 CANARY-SIGNATURE",
        "刘洋\n高级工程师 CANARY-SIGNATURE\n分机：8005",
        "——刘洋\n2026-11-20",
        "刘洋 信息技术部 电话 8005 CANARY-SIGNATURE",
        "刘洋\n\n信息技术部 CANARY-SIGNATURE\n\n电话：8005",
        "刘洋\n信息技术部 8005",
        "Liu Yang\nIT Department, ext. 8005",
        "Liu Yang, IT Support\nMobile: +86 138 0013 8000 CANARY-SIGNATURE",
        "liu@corp.test",
        f"{CARD}\n\n发自我的iPhone",
        f"{CARD}\n\n{'_' * 40}\n{FOOTER}",
        FOOTER_EN,
        "免责声明：CANARY-FOOTER 本公司不承担任何责任。",
        "Please consider the environment before printing. CANARY-FOOTER",
    ],
)
def test_signatures_and_small_print_are_taken_off(end: str) -> None:
    for text in (f"{WORDS_EN}\n\n{end}\n\n{HEAD}{quote(LETTER)}", f"{WORDS_EN}\n\n{end}"):
        found = cut(text)
        assert (found.words, found.doubts) == (WORDS_EN, ())
        assert found.cut


def test_a_gateway_s_warning_above_the_words_is_taken_off() -> None:
    banner = "CAUTION: This email came from outside the organization. CANARY-FOOTER"
    assert cut(f"{banner}\nDo not click links.\n\n{WORDS}").words == WORDS


@pytest.mark.parametrize(
    "element",
    [
        '<div class="gmail_signature">{}</div>',
        '<pre class="moz-signature" cols="72">{}</pre>',
        '<div id="Signature">{}</div>',
        '<div id="x_ms-outlook-mobile-signature">{}</div>',
        '<div id="AppleMailSignature" dir="ltr">{}</div>',
        '<div class="ntes_signature">{}</div>',
        '<div id="ntes-pcmail-signature"><div>{}</div></div>',
        '<div id="imail_signature">{}</div>',
        '<span id="spnEditorSign">{}</span>',
        '<div class="xmail-signature">{}</div>',
        '<div class="mail_sign">{}</div>',
        '<sign signid="1">{}</sign>',
        '<div class="lark-mail-signature">{}</div>',
        '<div class="protonmail_signature_block">{}</div>',
        '<div class="zmail_signature_below">{}</div>',
        '<div id="signContainer">{}</div>',
        '<p><a name="_MailAutoSig"></a>{}</p>',
        '<hr style="width: 210px; height: 1px;" color="#b5c4df"><div>{}</div>',
        '<hr id="FMSigSeperator"><div>{}</div>',
        '<div data-marker="__SIG_PRE__">{}</div>',
    ],
)
def test_a_signature_marked_in_the_html_needs_no_name(element: str) -> None:
    shown = element.format("小张<br>用心服务每一天<br>CANARY-SIGNATURE")
    html = f"<div>{WORDS_EN}</div>{shown}<blockquote type='cite'>{HTML_LETTER}</blockquote>"
    plain = f"{WORDS_EN}\n\n小张\n用心服务每一天\nCANARY-SIGNATURE\n\n{quote(LETTER)}"
    alone = Answer("x", html=html).read()
    for mail in (alone, incoming(text=plain, html=html, sender=ENGINEER)):
        found = excerpt(mail, ONLY_THE_MARKER)
        assert fold_key(found.words) == fold_key(WORDS_EN)
        assert found.certain


@pytest.mark.parametrize("answer", named(OF_BOTH))
def test_a_plain_text_without_any_quote_is_held_to_the_html(answer: Answer) -> None:
    same = excerpt(replace(answer, plain=f"{answer.words}\n").read(), TRACES)
    assert same == Excerpt(answer.words)
    other = excerpt(replace(answer, plain="别的话。CANARY-QUOTE").read(), TRACES)
    assert Doubt.NO_MARKER in other.doubts


def test_words_typed_into_a_marked_signature_are_not_lost_silently() -> None:
    html = f'<div id="ms-outlook-mobile-signature">{WORDS_EN}</div>{HTML_LETTER}'
    found = excerpt(Answer("outlook-ios", html=html).read(), TRACES)
    assert found.doubts == (Doubt.EMPTY,)


def test_a_marked_signature_that_the_plain_text_shows_otherwise_holds_the_answer() -> None:
    html = f'<p>好的</p><div id="Signature">用心服务<br>某某集团信息部</div>{HTML_LETTER}'
    text = f"好的\n\n某某集团信息部\n（下午不在）\n\n{LETTER}"
    assert Doubt.SIGNATURE in cut(text, html).doubts


def test_the_letter_s_text_is_known_even_when_its_quote_was_trimmed_by_hand() -> None:
    line = "三楼的打印机又卡纸了，麻烦看一下。CANARY-QUOTE"
    traces = replace(TRACES, letter=LETTER)
    assert cut(f"已修好。\n{line}", traces=traces).doubts == (Doubt.OUR_TEXT,)


LINES = st.sampled_from(
    [
        *CARD.split("\n"), *FOOTER.split("\n"), *HEAD.split("\n"), "-- ", "--", "", ">", "> 好的",
        "发件人: 王强 <wang@corp.test>", "发送时间: 2026年11月20日 10:00", "主题: 卡纸",
        "___________", "----- 原始邮件 -----", "发自我的iPhone", "#已解决", "好的。",
        "On Friday,", "x wrote:", "|", "…", "≡≡≡ 请在此", "行以上回复", "<b@c.test> 10:00 写道：",
        "---------- Forwarded message ---------",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=25).map("\n".join)
PIECES = st.sampled_from(
    ["<div id='Signature'>", "</div>", "<blockquote>", "</blockquote>", "<a name=_MailAutoSig>",
     "刘洋", "<hr style='width: 210px; height: 1px'>", MARKER, "<sign>", "<", ">", "&nbsp;", "<p>"]
)  # fmt: skip
HTML = st.lists(PIECES, max_size=15).map("".join)


@given(TEXTS, HTML)
def test_no_text_raises_and_nothing_is_invented(text: str, html: str) -> None:
    found = cut(text, html)
    assert set(fold_key(found.words)) <= set(fold_key(text.replace("&nbsp;", "")))


@given(TEXTS, TEXTS, st.sampled_from(["", "> ", ">> ", "| "]), HTML)
def test_what_stands_below_the_marker_is_never_in_the_words(
    above: str, below: str, mark: str, html: str
) -> None:
    text = f"{above}\n{mark}{MARKER}\n{below}\n{mark}CANARY-QUOTE\n{below}"
    assert "CANARY-QUOTE" not in cut(text, html).words


@given(TEXTS)
def test_what_has_a_doubtless_cut_names_no_address_of_ours(text: str) -> None:
    found = cut(text)
    assert not found.certain or "wang@corp.test" not in found.words


@pytest.mark.parametrize(
    "text",
    [
        "x\n" * 100_000, "> x\n" * 100_000, "\n" * 200_000, "a@" * 100_000, "-- \n" * 50_000,
        "发件人:\n" * 40_000, "请在此行以上回" * 30_000, "a" * 200_000, "写道：" * 50_000,
        "刘洋\n" * 50_000, "电话：8005\n" * 30_000, "<" * 200_000, "| \n" * 50_000,
        "原始邮件\n" * 40_000, "2026/11/20 10:00\n" * 20_000,
    ],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_a_long_text_is_cut_in_linear_time(text: str) -> None:
    begun = time.process_time()
    cut(text)
    cut(f"{text}\n{MARKER}\n{text}")
    cut("好的", text)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    "piece",
    [
        "<div id=signature>", "<div id='Signature'>x</div>", "<blockquote>", "</blockquote>",
        "<a name=_MailAutoSig>x", "<div id=" + "id=" * 80 + ">", "<div ", f"<p>{MARKER}",
    ],
)  # fmt: skip
def test_long_markup_is_searched_in_linear_time(piece: str) -> None:
    begun = time.process_time()
    cut(f"x\n{MARKER}", piece * (300_000 // len(piece)))
    assert time.process_time() - begun < 20
