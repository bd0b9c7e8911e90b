"""Where does the history below a reply begin? Lines mail clients write above quoted mail.

Separators, attribution lines, header blocks and phone signatures of the usual clients in
zh-CN, zh-TW, en, ja, ko, de, fr, es. Each question is about one line and its nearest neighbours,
in bounded time; what is cut is `body`'s decision.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 400  # a longer line is somebody's words
_HEADER_LINES = 8  # a header block is looked for in so many lines

_ORIGINALS = frozenset(
    {
        "原始邮件", "原邮件", "邮件原件", "回复的原邮件", "回复的邮件", "原始信息", "原文",
        "原始郵件", "原始訊息", "原始信件", "原郵件",
        "original message", "original", "original mail", "original email", "original e-mail",
        "replied message", "reply message", "reply to message", "回复的邮件信息",
        "ursprüngliche nachricht", "originalnachricht", "original-nachricht",
        "message d'origine", "message d’origine", "message original",
        "mensaje original", "mensagem original", "messaggio originale", "元のメッセージ",
        "original-message", "원본 메시지", "원본메시지", "원본 메일",
    }
)  # fmt: skip
_FORWARDS = frozenset(
    {
        "转发的邮件", "转发邮件信息", "转发邮件", "被转发的邮件", "转发的原邮件", "转发信息",
        "轉寄郵件", "轉寄的郵件", "轉寄訊息", "轉寄的訊息", "转发的消息",
        "forwarded message", "forwarded mail", "forwarded email", "begin forwarded message",
        "forwarded by", "开始转发的邮件", "下面是被转发的邮件", "weitergeleitete nachricht",
        "anfang der weitergeleiteten nachricht", "message transféré", "message réexpédié",
        "début du message réexpédié", "début du message transféré", "mensaje reenviado",
        "inicio del mensaje reenviado", "開始轉寄郵件", "転送されたメッセージ",
        "転送メッセージ", "전달된 메시지", "전달된 메일",
    }
)  # fmt: skip
_DASHES = "-—–_=*~ \t\u3000>|"
_FIRST_DASHES = frozenset("-—–_=*~>|")
_RULE = frozenset("-—–_=*~ \t\u3000")

_LABELS = {
    "from": "from von de da van 发件人 寄件者 寄件人 差出人 送信者 보낸사람 보낸이 发送人",
    "date": "sent date gesendet datum envoyé fecha enviado 发送时间 发送日期 日期 时间 寄件日期 "
    "傳送時間 傳送日期 送信日時 送信日 日時 日付 보낸날짜 날짜 보낸시간 发件时间",
    "to": "to an à para 收件人 收件者 宛先 받는사람 받는이",
    "cc": "cc 抄送 抄送人 副本 참조 kopie",
    "subject": "subject betreff objet asunto 主题 主旨 标题 標題 件名 제목",
}
_KIND_OF_LABEL = {word: kind for kind, words in _LABELS.items() for word in words.split()}

_CELL_END = re.compile(r"[:：|\t]|  ")

_VERBS = (
    "wrote", "写道", "寫道", "schrieb", "a écrit", "escribió", "escreveu", "ha scritto",
    "のメール", "書きました", "작성", "写到", "написал",
)  # fmt: skip
_OPENERS = ("On ", "At ", "Am ", "Le ", "El ", "Em ", "Il ", "在", "于", "於", "> On ")
_MOMENT = re.compile(r"\d{4}|\d{1,2}[:：.]\d{2}")
_JA_MOMENT = re.compile(r"^\d{4}[年/-]\d{1,2}[月/-]\d{1,2}")

_PHONE = re.compile(
    r"^(?:发自我的|发送自我的|来自我的|发自|發自|傳送自|從我的.{0,20}傳送|从我的.{0,20}发送|"
    r"sent from (?:my|mail for|outlook|yahoo|samsung|the)\b|get outlook for|sent with proton|"
    r"von meinem .{1,40} gesendet|gesendet von |gesendet mit |"
    r"envoyé de(?:puis)? mon |télécharger outlook|enviado desde mi |enviado do meu |"
    r"sent via |来自(?:网易|qq|outlook|企业微信|钉钉|阿里邮箱|腾讯企业邮)|"
    r"下载 ?outlook|获取 ?outlook|取得 ?outlook|"
    r"发送自 ?(?:windows|outlook|foxmail|yahoo)|"
    r"(?:从|通过) ?(?:我的 ?)?(?:windows|outlook|iphone|ipad|android|安卓|yahoo)"
    r"[^，。]{0,20}发送$)",
    re.IGNORECASE,
)
_PHONE_END = re.compile(r"(?:から送信|에서 보냄|发送自.{0,20}|獲取 outlook)$", re.IGNORECASE)


def is_quoted(line: str) -> bool:
    """Whether a line is marked as quoted (RFC 3676 §4.5)."""
    return line.startswith((">", " >", "|>"))


def may_head_history(line: str) -> bool:
    """A cheap first look: every line that heads history holds a colon or begins with dashes."""
    return ":" in line or "：" in line or line.lstrip()[:1] in _FIRST_DASHES


def is_original(line: str) -> bool:
    """`-----Original Message-----`, `------ 原始邮件 ------`, `---- 回复的原邮件 ----`."""
    return _core(line) in _ORIGINALS and _has_dashes(line)


def is_bare_original(line: str) -> bool:
    """`原始邮件` or `Original` with nothing around it: a heading only if history follows it."""
    return _core(line) in _ORIGINALS


def is_header_line(line: str) -> bool:
    """Whether a line reads like one of a quoted header: a known label, in whatever layout.

    `发件人：x`, `| 发件人 | x |`, `收件人  x` with a tab, or the label alone.
    """
    bare = line.strip("> *|\t\u3000\u00a0")[:60]
    word = _CELL_END.split(bare, maxsplit=1)[0].strip("* \u00a0").replace("\u3000", "")
    return word.replace(" ", "").lower() in _KIND_OF_LABEL


def names_sender(line: str) -> bool:
    """A `发件人:` or `From:` line with an address in it: nobody types that in a letter."""
    return "@" in line and _label(line) == "from"


def is_forward(line: str) -> bool:
    """`---------- Forwarded message ---------`, `Begin forwarded message:`, `转发邮件信息`."""
    core = _core(line)
    return core in _FORWARDS and (_has_dashes(line) or line.rstrip().endswith((":", "：")))


def is_rule(line: str) -> bool:
    """A line of dashes or underscores, as clients draw above a header block."""
    bare = line.strip()
    return 3 <= len(bare) <= _LONGEST and _RULE.issuperset(bare)


def is_header_block(lines: Sequence[str], place: int) -> bool:
    """Whether a From/Sent/To/Subject block begins at `place`.

    `From: Shanghai`, `To: Beijing`, `Date: …` is somebody's journey: without an address in it, a
    block needs sender, date and subject.
    """
    if _label(lines[place]) != "from":
        return False
    kinds = set()
    address = False
    for line in lines[place : place + _HEADER_LINES]:
        kind = _label(line)
        if kind is not None:
            kinds.add(kind)
            address = address or "@" in line
    return {"date", "subject"} <= kinds or (address and len(kinds) >= 3)


def find_attribution(lines: Sequence[str], place: int) -> int | None:
    """If an attribution ends at `place` (`On … wrote:`, `在 … 写道：`), the line it begins at."""
    line = lines[place].strip()
    if len(line) > _LONGEST or not line.endswith((":", "：")) or is_quoted(line):
        return None
    start, text = place, line
    for before in range(place, max(place - 3, -1), -1):
        if before < place:
            previous = lines[before].strip()
            if not previous or len(previous) > _LONGEST or is_quoted(previous):
                break
            start, text = before, f"{previous} {text}"
        if _attributes(text, complete=text.startswith(_OPENERS) or before == place):
            return start if _opens(text) else _earlier_opener(lines, start)
    return None


def is_strong(text: str) -> bool:
    """Whether an attribution names an address: then nobody typed it."""
    return "@" in text


def is_phone_signature(line: str) -> bool:
    """`发自我的iPhone`, `Sent from my iPhone` and their likes."""
    bare = line.strip().strip("-—– ")
    return 0 < len(bare) <= 80 and bool(_PHONE.match(bare) or _PHONE_END.search(bare))


def _attributes(text: str, *, complete: bool) -> bool:
    if not complete or not _MOMENT.search(text):
        return False
    if _JA_MOMENT.match(text) and "@" in text:
        return True
    if not any(verb in text for verb in _VERBS):
        return False
    return _opens(text) or "@" in text or "于" in text or "於" in text


def _opens(text: str) -> bool:
    return text.startswith(_OPENERS)


def _earlier_opener(lines: Sequence[str], place: int) -> int:
    """A wrapped `On Fri … <` line or two above belongs to the attribution."""
    for before in (place - 1, place - 2):
        if before >= 0 and lines[before].startswith(_OPENERS[:7]) and len(lines[before]) < 200:
            return before
        if before < 0 or not lines[before].strip():
            break
    return place


def _label(line: str) -> str | None:
    head, colon, _ = line[:60].replace("：", ":").partition(":")
    if not colon:
        return None
    word = head.strip("> *|\t\u3000\u00a0").replace(" ", "").replace("\u3000", "").lower()
    return _KIND_OF_LABEL.get(word)


def _core(line: str) -> str:
    if len(line) > _LONGEST:
        return ""
    return line.strip(_DASHES).rstrip(":： \t").strip(_DASHES).lower()


def _has_dashes(line: str) -> bool:
    bare = line.strip("> \t")
    return bare[:2] in ("--", "——", "__", "==", "**", "~~", "-—")
