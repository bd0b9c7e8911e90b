"""Does the head of another mail begin here? Blocks of From, Sent, To, Subject above history.

The labels clients write in zh-CN, zh-TW, en, ja, ko, de, fr, es, pt, it, nl, pl, ru, sv, da, nb,
fi, cs, tr and some more, as plain lines, in bold, or as rows of a table. Each question is about a
line and its nearest neighbours; what is cut is `body`'s decision.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from maildesk.mail.cut.prefix import strip
from maildesk.mail.cut.spelling import fold_key

_LINES = 12  # a header block is looked for in so many lines

_LABELS = {
    "from": "מאת من از จาก từ dari dela no nuo od saatja feladó fra oddel from von de da van "
    "от från lähettäjä kimden gönderen mittente remitente expéditeur afzender nadawca "
    "отправитель avsändare afsender avsender odesílatel від από 发件人 寄件者 寄件人 差出人 "
    "送信者 보낸사람 보낸이 发送人 发信人 发件方 發件人 來自",
    "date": "נשלח תאריך أرسل تاريخالإرسال تمالإرسال التاريخ ارسالشده تاریخ ส่งเมื่อ วันที่ "
    "đãgửi ngày ngàygửi dikirim tanggal trimis nosūtīts išsiųsta poslano poslato poslané "
    "odoslané datums data saadetud изпратено enviatel dátum kuupäev sent date gesendet datum "
    "envoyé fecha enviado enviada enviadael enviadoel enviadaem enviadoem inviato verzonden "
    "wysłano wysłane отправлено дата skickat sendt dato lähetetty päivämäärä päiväys odesláno "
    "odeslané gönderildi gönderme gönderilme tarih gönderim küldve надіслано ημερομηνία "
    "στάλθηκε 发送时间 发送日期 日期 时间 寄件日期 傳送時間 傳送日期 送信日時 送信日 日時 日付 "
    "보낸날짜 날짜 보낸시간 보낸일시 发件时间 發送時間 發送日期 寄信日期 時間 dateenvoyé "
    "datedenvoi gönderilmetarihi göndermetarihi gönderimtarihi datawysłania",
    "to": "אל إلى الى به ถึง đến tới kepada către kam za komu kellele adresatas gavėjas до "
    "pera para to an à a aan do кому till til vastaanottaja kime alıcı do: címzett προς "
    "destinataire destinatario empfänger odbiorca получатель 收件人 收件者 宛先 받는사람 받는이 "
    "收信人 接收人",
    "cc": "עותק העתק نسخة رونوشت สำเนา tembusan cc 抄送 抄送人 副本 參考 참조 kopie kopia copie "
    "copieà копия kopi kopio bilgi dw másolat 副本抄送 抄送者 密送 bcc",
    "subject": "נושא الموضوع موضوع หัวเรื่อง ชื่อเรื่อง chủđề subjek perihal subiect tēma "
    "tema zadeva naslov predmet pealkiri teema tárgy относно assumpte subject betreff objet "
    "asunto assunto oggetto onderwerp temat тема ämne emne aihe předmět předmet konu θέμα 主题 "
    "主旨 标题 標題 件名 제목 主題 题目",
}
_KIND_OF_LABEL = {word: kind for kind, words in _LABELS.items() for word in words.split()}

_CELL_END = re.compile(r"[:：|\t]|  ")
_ADDRESSED = re.compile(r"[^:：<>@]{1,30}[:：][^<>@]{0,120}<[^\s<>@]{1,64}@[^\s<>@]{1,190}>")
_TIMED = re.compile(r"\d{1,2}[:.]\d{2}|(?:19|20)\d\d")
_FRAME = "> *|\t\u3000\u00a0\u200b_#•·"


def is_header_line(line: str) -> bool:
    """Whether a line reads like one of a quoted header: a known label, in whatever layout.

    `发件人：x`, `| 发件人 | x |`, `收件人  x` with a tab, or the label alone.
    """
    bare = line.strip(_FRAME + " ")[:60]
    word = _CELL_END.split(bare, maxsplit=1)[0]
    return _fold(word) in _KIND_OF_LABEL


def names_sender(line: str) -> bool:
    """A `发件人:` or `From:` line with an address in it: nobody types that in a letter."""
    return "@" in line and label_of(line) == "from"


def is_header_block(lines: Sequence[str], place: int) -> bool:
    """Whether a From/Sent/To/Subject block begins at `place`.

    `From: Shanghai`, `To: Beijing`, `Date: …` is somebody's journey: without an address in it, a
    block needs sender, date and subject. A block that begins with its date (GMX, old Hotmail) or
    with another line needs four kinds of lines and an address. Only values that go on (addresses,
    a label alone on its line) stand between the lines: a sentence ends it.
    """
    first = label_of(lines[place])
    if first is None:
        return False
    kinds: set[str] = set()
    address = False
    above = ""
    for line in lines[place : place + _LINES]:
        kind = label_of(line)
        if kind is None and line.strip():
            if not (_is_lone(above) or "@" in line or above.rstrip().endswith((",", ";", "；"))):
                break
        elif kind is None:
            if first != "from" and kinds:
                break
            continue
        elif kind in kinds and kind != "cc":
            if kind == first != "from":
                return False  # somebody's own line above a block that has one, too
            break
        else:
            kinds.add(kind)
        address = address or "@" in line
        above = line
    if first == "from":
        return {"date", "subject"} <= kinds or (address and len(kinds) >= 3)
    return "from" in kinds and address and len(kinds) >= 4


def is_titled_block(lines: Sequence[str], place: int, title: str) -> bool:
    """Whether a block begins at `place` whose labels are in a language unknown here.

    An address on its first line, then a moment, and at its end the mail's own subject (`title`,
    folded, without prefixes): nobody types that.
    """
    if not title or not _ADDRESSED.match(lines[place]):
        return False
    moment = False
    for line in lines[place + 1 : place + 8]:
        label, colon, value = line.replace("：", ":").partition(":")
        if not colon or not 0 < len(label.strip(_FRAME)) <= 30:
            return False
        if moment and fold_key(strip(value.strip(_FRAME))) == title:
            return True
        moment = moment or _TIMED.search(value) is not None
    return False


def _is_lone(line: str) -> bool:
    """Whether a label stands alone, its value on the next line."""
    return not line.replace("：", ":").partition(":")[2].strip(_FRAME + " ")


def label_of(line: str) -> str | None:
    """from | date | to | cc | subject for `Von: x`, `*发件人：* x`, `| 日期 | x |`; else None."""
    head = line[:60].replace("：", ":")
    before, colon, _ = head.partition(":")
    if colon:
        return _KIND_OF_LABEL.get(_fold(before.strip(_FRAME + " ")))
    if head.lstrip("> ").startswith("|"):
        return _KIND_OF_LABEL.get(_fold(head.strip("> |").partition("|")[0]))
    return None


def _fold(label: str) -> str:
    if label.isascii():
        return label.strip(_FRAME).replace(" ", "").replace("'", "").lower()
    label = label.replace("\u3000", "").replace("\u00a0", "").strip(_FRAME + "：:")
    return label.replace(" ", "").replace("'", "").replace("’", "").lower()
