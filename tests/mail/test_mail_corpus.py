"""Mails that are odd in one way each, beside what must be read in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import mailparser
import pytest

from maildesk.errors import Unreadable
from maildesk.mail.message import Address, Bounce, Incoming, Kind
from maildesk.mail.parse import Limits, parse, parse_source
from maildesk.mail.sink import DiscardingSink

CORPUS = Path(__file__).parent.parent / "corpus"
ZH = "打印机卡纸了，请尽快处理。"
OURS = Bounce("5.1.1", "failed", ("nobody@far.test",), "ours.1@desk.test")


@dataclass(frozen=True)
class Case:
    """What one mail of the corpus must yield; None means: not looked at."""

    text: str | None = None
    reply: str | None = None  # None: the whole text
    subject: str = "Printer"
    name: str | None = None
    files: tuple[tuple[str, int], ...] = ()
    defects: tuple[str, ...] = ()
    kind: Kind = Kind.ORDINARY
    signature: str = ""
    bounce: Bounce | None = None


CASES: dict[str, Case] = {
    "gb2312-label-with-gbk-bytes": Case(
        "朱镕基的電腦壞了，价格€5。",
        subject="朱镕基 €",
        defects=(
            "subject: charset: gb2312 label, decoded as gb18030",
            "charset: gb2312 label, decoded as gb18030",
        ),
    ),
    "gbk-bytes-labelled-utf-8": Case(ZH, defects=("charset: utf-8 label, decoded as gb18030",)),
    "gbk-bytes-without-label": Case(ZH, defects=("charset: no label, decoded as gb18030",)),
    "gbk-bytes-without-mime": Case(ZH, defects=("charset: no label, decoded as gb18030",)),
    "utf8-bytes-labelled-gb2312": Case(ZH, defects=("charset: gb2312 label, decoded as utf-8",)),
    "utf8-bytes-labelled-us-ascii": Case(
        ZH, defects=("charset: us-ascii label, decoded as utf-8",)
    ),
    "unknown-charset-label": Case(ZH, defects=("charset: x-foo-bar is unknown",)),
    "charset-label-is-a-codec-hex": Case("plain words", defects=("charset: hex is not a charset",)),
    "iso-8859-1-label-with-cp1252-bytes": Case(
        "The “printer” – it’s broken…",
        defects=("charset: iso-8859-1 label, decoded as cp1252",),
    ),
    "utf-7-body": Case("电脑坏了"),
    "hz-body": Case("电脑坏了"),
    "iso-2022-jp-body": Case("プリンターが故障しました"),
    "big5-body": Case("印表機卡紙了，請處理。"),
    "shift-jis-body-with-cp932-signs": Case("①プリンター㈱故障"),
    "euc-kr-body-with-cp949-syllables": Case("프린터가 고장났어요 뷁"),
    "utf-8-with-bom-and-nul": Case("hello world"),
    "raw-gbk-subject-and-from": Case(
        "body",
        subject="打印机坏了",
        name="张敏",
        defects=(
            "from: charset: no label, decoded as gb18030",
            "subject: charset: no label, decoded as gb18030",
        ),
    ),
    "raw-utf8-subject-and-from": Case("body", subject="打印机坏了", name="张敏"),
    "quoted-encoded-word-in-from": Case("body", name="张敏"),
    "encoded-words-split-inside-a-character": Case("body", subject="打印机 jam"),
    "encoded-words-split-inside-base64": Case("body", subject="网络打印机离线"),
    "gb2312-encoded-word-with-gbk-from": Case(
        "body", name="朱镕基", defects=("from: charset: gb2312 label, decoded as gb18030",)
    ),
    "several-from-addresses": Case(
        "body", name="", defects=("from: several senders, the first one taken",)
    ),
    "from-without-address": Case(
        "body", defects=("from: invalid-or-ambiguous-address", "from: no address")
    ),
    "folded-subject-with-tab": Case("body", subject="The printer on floor three is broken"),
    "date-without-zone": Case("body", defects=("date: no zone",)),
    "date-in-iso-form": Case("body", defects=("date: invalid-date-syntax",)),
    "two-to-headers": Case("body"),
    "references-with-duplicates-and-folds": Case("body"),
    "rfc2231-file-name-in-pieces": Case("see file", files=(("报价单.pdf", 2057),)),
    "rfc2047-file-name-in-gb2312": Case("see file", files=(("报价单.pdf", 2057),)),
    "raw-gbk-file-name": Case("see file", files=(("报价單.pdf", 2057),)),
    "file-name-with-path-and-direction-mark": Case("see file", files=(("invgpj.exe", 2057),)),
    "forwarded-mail-as-attachment": Case(
        "please look", subject="Fwd: network", files=(("网络故障.eml", 3097),)
    ),
    "nameless-binary-parts": Case(
        "two files", files=(("attachment-1.pdf", 2057), ("attachment-2.png", 264))
    ),
    "several-text-parts": Case("first words\n\n第二段\n\nthird words"),
    "alternative-with-both-forms": Case(ZH),
    "html-only-with-table-and-list": Case(
        "您好：\n\n资产编号 | PC-0042\n楼层 | 3\n\n- 重启过\n- 换过线\n\n"
        "见 说明 <https://wiki.corp.test/a>"
    ),
    "empty-plain-beside-full-html": Case("Screen is black"),
    "inline-image-in-related": Case("see", files=(("screen.png", 204), ("a.pdf", 2057))),
    "format-flowed-with-delsp": Case("日本語の文章です。\n\nsecondparagraph"),
    "base64-with-foreign-characters": Case(
        "file", files=(("d.bin", 9),), defects=("base64: foreign characters skipped",)
    ),
    "base64-cut-off": Case("file", files=(("d.bin", 8),), defects=("base64: cut off",)),
    "base64-glued-with-padding-inside": Case(
        "file", files=(("d.bin", 6),), defects=("base64: padding inside",)
    ),
    "end-boundary-missing": Case(
        "words", files=(("d.bin", 90),), defects=("structure: end boundary missing",)
    ),
    "boundary-never-found": Case(
        "only words here",
        defects=("structure: boundary never found", "structure: multipart without parts"),
    ),
    "plain-text-that-looks-like-base64": Case("\n".join(["QUJD" * 19] * 120)),
    "text-quoting-mime-headers": Case(
        "I got this source:\n\nContent-Type: message/rfc822\n"
        "Content-Transfer-Encoding: base64\n\n" + ("QUJD" * 19 + "\n") * 10 + "what is it?"
    ),
    "cr-only-line-ends": Case("first line\nsecond line", subject="CR"),
    "lf-only-line-ends": Case("first\nsecond"),
    "starts-with-empty-lines": Case(
        "words", subject="late", defects=("header: something stands before it",)
    ),
    "truncated-in-attachment": Case(
        "words before the cut",
        files=(("d.bin", 2490),),
        defects=("structure: end boundary missing", "base64: cut off"),
    ),
    "nul-bytes-in-header-and-body": Case("ab\nlinetwo", subject="nul here"),
    "uuencoded-transfer": Case("file", files=(("d.txt", 5),)),
    "calendar-invitation": Case("Meeting at ten", files=(("attachment-1.ics", 48),)),
    "winmail-dat": Case("see file", files=(("winmail.dat", 54),)),
    "reply-gmail-zh": Case(reply="已经重启过，还是不行。", subject="Re: 电脑坏了"),
    "reply-outlook-en": Case(reply="It still fails.", subject="RE: Printer"),
    "reply-foxmail-header-block": Case(
        reply="还是打不开。\n\n\n\nzhangmin@corp.test", subject="回复: VPN 连不上"
    ),
    "reply-qq": Case(reply="好了，谢谢", subject="回复：【请确认】VPN"),
    "reply-163": Case(reply="没好", subject="Re:请确认"),
    "reply-iphone-zh": Case(reply="屏幕还是黑的", signature="发自我的iPhone", subject="Re: 黑屏"),
    "reply-with-answers-between-quotes": Case(
        "On Fri, Nov 20, 2026 at 9:00 AM IT Desk <desk@desk.test> wrote:\n"
        "> What does the screen show?\nIt shows error 42.\n"
        "> Is it only yours?\nNo, the whole floor.",
        subject="Re: screen",
    ),
    "reply-below-the-quote": Case(reply="Yes, twice.", subject="Re: screen"),
    "reply-html-only-outlook": Case(reply="Works now.", subject="RE: Printer"),
    "forward-with-nothing-above": Case(
        "-----Original Message-----\nFrom: Li Na <lina@corp.test>\n"
        "Sent: Friday, November 20, 2026 9:00 AM\nTo: Zhang Min\nSubject: VPN\n\n"
        "My VPN is down.",
        subject="FW: VPN",
    ),
    "forward-zh-with-words-above": Case(
        "请帮他看看\n\n---------- 转发的邮件 ----------\n发件人: 李娜 <lina@corp.test>\n"
        "日期: 2026年11月20日\n主题: 断网\n收件人: 张敏\n\n三楼全部断网",
        subject="转发：断网",
    ),
    "own-words-that-look-like-a-header-block": Case(
        "Trip booking fails:\nFrom: Shanghai\nTo: Beijing\nDate: 2026-12-01\n"
        "Please fix the travel tool.",
        subject="Re: travel",
    ),
    "signature-after-dashes": Case(
        reply="The mouse is broken.", signature="--\nZhang Min\nFinance, ext. 8005"
    ),
    "bounce-postfix-dsn": Case(
        "This is the mail system. I could not deliver.",
        subject="Undelivered Mail Returned to Sender",
        kind=Kind.BOUNCE,
        bounce=OURS,
        files=(("attachment-1.txt", 150), ("hello.eml", 78)),
    ),
    "delay-notice-dsn": Case(
        subject="Delayed Mail (still being retried)",
        kind=Kind.REPORT,
        bounce=Bounce("4.4.1", "delayed", OURS.recipients, OURS.original_message_id),
        files=(("attachment-1.txt", 151), ("hello.eml", 78)),
    ),
    "success-notice-dsn": Case(
        subject="Successful Mail Delivery Report",
        kind=Kind.REPORT,
        bounce=Bounce("2.0.0", "delivered", OURS.recipients, OURS.original_message_id),
        files=(("attachment-1.txt", 153), ("hello.eml", 78)),
    ),
    "bounce-qmail-text": Case(
        subject="failure notice",
        kind=Kind.BOUNCE,
        bounce=Bounce("5.1.1", "failed", ("nobody@far.test",), "ours.2@desk.test"),
    ),
    "bounce-qq-html": Case(
        subject="来自qq.com的退信",
        kind=Kind.BOUNCE,
        bounce=Bounce("5.0.0", "failed", ("nobody@qq.com",)),
    ),
    "bounce-forwarded-by-a-person": Case(
        "Why did I get this?",
        subject="Fwd: Undelivered Mail Returned to Sender",
        files=(("Undelivered Mail.eml", 274),),
    ),
    "read-receipt-mdn": Case(
        subject="Read: Printer", kind=Kind.REPORT, files=(("attachment-1.txt", 102),)
    ),
    "abuse-report-arf": Case(
        subject="Abuse",
        kind=Kind.REPORT,
        files=(("attachment-1.txt", 34), ("attachment-2.eml", 21)),
    ),
    "auto-reply-exchange": Case(subject="Automatic reply: Printer", kind=Kind.AUTO_REPLY),
    "auto-reply-zh-subject-only": Case(subject="自动回复：打印机", kind=Kind.AUTO_REPLY),
    "question-about-auto-replies": Case(subject="自动回复设置不了"),
    "suppress-header-from-a-person": Case("hello"),
    "monitoring-auto-generated": Case(subject="PROBLEM: disk"),
    "mailing-list-post": Case(kind=Kind.LIST),
}
REFUSED = {
    "empty": "the file is empty",
    "only-blanks": "the file is empty",
    "no-mail-but-a-picture": "this is no mail: it has none of a mail's headers",
}


def read(name: str) -> Incoming:
    return parse(CORPUS / f"{name}.eml", DiscardingSink())


def test_every_mail_of_the_corpus_has_its_expectation() -> None:
    assert {path.stem for path in CORPUS.glob("*.eml")} >= CASES.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", CASES)
def test_an_odd_mail_is_read_as_a_person_would(name: str) -> None:
    case, mail = CASES[name], read(name)
    if case.text is not None:
        assert mail.text == case.text
    assert mail.reply == (mail.text if case.reply is None else case.reply)
    assert mail.signature == case.signature
    assert mail.subject == case.subject
    if case.name is not None:
        assert mail.sender is not None
        assert mail.sender.name == case.name
    assert tuple((file.filename, file.size) for file in mail.attachments) == case.files
    assert mail.kind is case.kind
    assert mail.bounce == case.bounce
    assert mail.defects == case.defects


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_mail_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(name)
    assert str(refusal.value) == REFUSED[name]


def test_no_word_is_in_neither_reply_nor_history_nor_signature() -> None:
    for name in CASES:
        mail = read(name)
        parts = "\n".join((mail.reply, mail.quoted, mail.signature))
        assert sorted(mail.text.split()) == sorted(parts.split()), name


def test_history_is_kept_beside_the_reply() -> None:
    assert read("reply-gmail-zh").quoted.endswith("> 请重启电脑试试。\n> 谢谢")
    assert read("reply-below-the-quote").quoted.endswith("> Did you restart?")


def test_the_date_keeps_the_sender_s_offset() -> None:
    zone = timezone(timedelta(hours=8))
    date = read("lf-only-line-ends").date
    assert date == datetime(2026, 11, 20, 10, tzinfo=zone)
    assert date is not None
    assert date.utcoffset() == timedelta(hours=8)
    assert read("date-without-zone").date is None


@pytest.mark.parametrize(
    ("zone", "minutes"), [("+0545", 345), ("-0330", -210), ("+0000", 0), ("GMT", 0), ("+9900", 0)]
)
def test_any_offset_is_kept_and_an_impossible_one_harms_nobody(zone: str, minutes: int) -> None:
    raw = f"From: a@b.test\nDate: Fri, 20 Nov 2026 10:00:00 {zone}\n\nhi\n".encode()
    date = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits()).date
    assert date is not None
    assert date.utcoffset() == timedelta(minutes=minutes)


def test_broken_base64_in_a_name_costs_no_address() -> None:
    raw = b"From: =?utf-8?B?5omTa?= <a@b.test>\nTo: =?utf-8?B?Y?= <c@d.test>\n\nhi\n"
    mail = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())
    assert mail.sender == Address("打", "a@b.test")
    assert [person.email for person in mail.to] == ["c@d.test"]
    assert "address: a name could not be decoded" in mail.defects


def test_an_image_the_html_points_at_is_inline_and_a_file_is_not() -> None:
    picture, file = read("inline-image-in-related").attachments
    assert (picture.inline, picture.content_id) == (True, "img1@x")
    assert (file.inline, file.content_id) == (False, None)


def test_all_to_headers_count_and_each_reference_once() -> None:
    assert [person.email for person in read("two-to-headers").to] == ["a@desk.test", "b@desk.test"]
    mail = read("references-with-duplicates-and-folds")
    assert mail.references == ("a@x", "b@x")
    assert mail.in_reply_to == ("b@x",)
    assert mail.message_id == "m1@corp.test"


def test_monitoring_is_ordinary_but_marked_as_generated() -> None:
    assert read("monitoring-auto-generated").auto_generated
    assert not read("suppress-header-from-a-person").auto_generated


def test_a_forwarded_mail_keeps_its_exact_bytes() -> None:
    raw = (CORPUS / "forwarded-mail-as-attachment.eml").read_bytes()
    start = raw.index(b"From: Li Na")
    inner = raw[start : raw.index(b"\r\n--b1--")]

    (file,) = read("forwarded-mail-as-attachment").attachments
    assert file.sha256 == hashlib.sha256(inner).hexdigest()
    assert file.content_type == "message/rfc822"


def test_headers_are_given_decoded_in_order_and_found_in_any_case() -> None:
    mail = read("gb2312-label-with-gbk-bytes")
    assert mail.header("SUBJECT") == "朱镕基 €"
    assert mail.headers[0][0] == "From"
    assert mail.header("content-type") == "text/plain; charset=gb2312"


@pytest.mark.parametrize("name", CASES)
def test_addresses_and_dates_are_those_of_the_parser_of_record(name: str) -> None:
    full = mailparser.parse_from_file(str(CORPUS / f"{name}.eml"))
    mail = read(name)
    if not name.startswith(("raw-", "two-to", "starts-with")):
        assert [person.email for person in mail.to] == [address for _, address in full.to]
        people = [address for _, address in full.from_]
        assert ([mail.sender.email] if mail.sender else []) == people[:1]
    if not name.startswith("starts-with"):
        assert (mail.date is None) == (full.date is None)
        assert mail.date is None or mail.date == full.date
