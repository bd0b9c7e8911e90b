"""Which single lines part new words from history? Separators, rules, quote marks.

`-----Original Message-----`, `------ 原始邮件 ------`, `---- Forwarded message ----`, rules of
dashes, `>`, and the `reply above this line` of help desks. What is cut is `body`'s decision.
"""

from __future__ import annotations

import re

LONGEST = 400
"""Characters; a longer line is somebody's words."""

_ORIGINALS = frozenset(
    {
        "原始邮件", "原邮件", "邮件原件", "回复的原邮件", "回复的邮件", "原始信息", "原文",
        "回复的邮件信息", "原始郵件", "原始訊息", "原始信件", "原郵件", "原始邮件信息",
        "来自原邮件", "原信", "历史邮件", "original message", "original", "original mail",
        "original email", "original e-mail", "original-message", "original msg",
        "originalmessage", "replied message", "reply message", "reply to message",
        "previous message", "in response to", "ursprüngliche nachricht", "ursprüngliche mail",
        "originalnachricht", "original-nachricht", "original nachricht", "originale nachricht",
        "ursprungsnachricht", "message d'origine", "message d’origine", "message original",
        "message initial", "mensaje original", "mensagem original", "mensagem de origem",
        "messaggio originale", "messaggio d'origine", "oorspronkelijk bericht",
        "oorspronkelijke bericht", "origineel bericht", "wiadomość oryginalna",
        "oryginalna wiadomość", "treść oryginalnej wiadomości", "исходное сообщение",
        "исходное письмо", "оригинальное сообщение", "пересылаемое исходное сообщение",
        "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse",
        "original meddelelse", "oprindelig besked", "opprinnelig melding", "original melding",
        "alkuperäinen viesti", "původní zpráva", "původní e-mail", "pôvodná správa",
        "orijinal mesaj", "özgün ileti", "asıl ileti", "orijinal ileti", "eredeti üzenet",
        "eredeti levél", "mesaj original", "αρχικό μήνυμα", "вихідне повідомлення", "thư gốc",
        "元のメッセージ", "元のメール", "オリジナルメッセージ", "원본 메시지", "원본메시지",
        "원본 메일", "받은 메일 내용", "원본메일",
    }
)  # fmt: skip
_FORWARDS = frozenset(
    {
        "转发的邮件", "转发邮件信息", "转发邮件", "被转发的邮件", "转发的原邮件", "转发信息",
        "转发的邮件信息", "轉寄郵件", "轉寄的郵件", "轉寄訊息", "轉寄的訊息", "转发的消息",
        "已转发邮件", "已轉寄的郵件", "开始转发的邮件", "下面是被转发的邮件", "下面是轉寄的郵件",
        "開始轉寄郵件", "forwarded message", "forwarded mail", "forwarded email",
        "begin forwarded message", "start of forwarded message", "forwarded by", "forwarded",
        "fwd message", "forward message", "weitergeleitete nachricht",
        "anfang der weitergeleiteten nachricht", "weitergeleitete mail",
        "weitergeleitete e-mail", "message transféré", "message réexpédié", "courriel transféré",
        "début du message réexpédié", "début du message transféré", "mensaje reenviado",
        "inicio del mensaje reenviado", "mensagem encaminhada", "mensagem reencaminhada",
        "início da mensagem encaminhada", "início da mensagem reencaminhada",
        "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht",
        "begin doorgestuurd bericht", "begin van doorgestuurd bericht", "wiadomość przekazana",
        "przekazana wiadomość", "początek przekazywanej wiadomości",
        "treść przekazanej wiadomości", "пересылаемое сообщение", "пересланное сообщение",
        "пересылаемое письмо", "начало переадресованного сообщения",
        "переадресованное сообщение", "vidarebefordrat meddelande", "vidarebefordrat brev",
        "påbörja vidarebefordrat meddelande", "videresendt meddelelse", "videresendt besked",
        "start på videresendt besked", "videresendt melding", "videresendt e-post",
        "begynn videresendt melding", "edelleenlähetetty viesti", "välitetty viesti",
        "välitetyn viestin alku", "přeposlaná zpráva", "začátek přeposlané zprávy",
        "preposlaná správa", "iletilmiş ileti", "iletilen ileti başlangıcı",
        "iletilen ileti", "yönlendirilmiş mesaj",
        "iletilmiş mesaj", "iletilen mesajın başlangıcı", "továbbított levél",
        "továbbított üzenet", "mesaj redirecționat", "προωθημένο μήνυμα",
        "переслане повідомлення", "転送されたメッセージ", "転送メッセージ", "転送メール",
        "전달된 메시지", "전달된 메일", "전달한 메일",
    }
)  # fmt: skip
_DASHES = "-—–―─_=*~ \t\u3000>|[]#"
_FRAMES = frozenset(sign * 4 for sign in "-—–─")
_SAYS = re.compile(r"[\d,.!?:;，。！？：；、@]")
_LOOSE = 16  # letters beside the phrase: `please`, `to add a comment`
_WEAK = frozenset({"original", "原文", "原信", "in response to", "previous message", "历史邮件"})
_FIRST_DASHES = frozenset("#-—–―─_=*~>|[")
_RULE = frozenset("-—–―─_=*~ \t\u3000")
_CITED = re.compile(r" {0,4}(?=[^\W\d_]{1,10}>)(?![a-z])")
_ABOVE = re.compile(
    r"(?:please )?(?:(?:type|write|enter|add) )?(?:your )?(?:reply|respond|answer|response|type|"
    r"write)"
    r"(?: (?:here|only|to this (?:e-?mail|message|ticket)))? above (?:this|the) line|"
    r"请?在此(?:行|线)(?:以上|上方)(?:回复|输入|书写)|請?在此(?:行|線)(?:以上|上方)(?:回覆|回復|"
    r"輸入)|"
    r"oberhalb dieser (?:zeile|linie)|au-dessus de cette ligne|(?:por )?encima de esta línea|"
    r"acima desta linha|sopra questa (?:linea|riga)|boven deze (?:regel|lijn)|"
    r"выше этой (?:строки|линии)|この行より上に",
    re.IGNORECASE,
)


def is_quoted(line: str) -> bool:
    """Whether a line is marked as quoted (RFC 3676 §4.5), or by a bar, as some clients do."""
    if line.startswith((">", " >", "|>", "＞")):
        return True
    return line.startswith("|") and line[1:2] in ("", " ") and "|" not in line[1:]


def is_cited(line: str) -> bool:
    """Whether a line is quoted with the initials or name of its author: `AB> text`."""
    return _CITED.match(line) is not None


def may_head_history(line: str) -> bool:
    """A cheap first look: every line that heads history holds a colon or begins with dashes; old
    Gmail's is a date and an address."""
    if ":" in line or "：" in line or line.lstrip()[:1] in _FIRST_DASHES:
        return True
    return line[-1:] == ">" and line[:1].isdigit()


def is_original(line: str) -> bool:
    """`-----Original Message-----`, `------ 原始邮件 ------`, `---- 回复的原邮件 ----`."""
    return _core(line) in _ORIGINALS and _has_dashes(line)


def is_title(line: str) -> bool:
    """Whether a separator is one that people also write as a title: `--- Original ---`; QQ's has
    eighteen dashes."""
    return _core(line) in _WEAK and not line.lstrip("> ").startswith("-" * 10)


def is_bare_original(line: str) -> bool:
    """`原始邮件` or `Original` with nothing around it: a heading only if history follows it."""
    return _core(line) in _ORIGINALS


def is_forward(line: str) -> bool:
    """`---------- Forwarded message ---------`, `Begin forwarded message:`, `转发邮件信息`."""
    core = _core(line)
    if core in _FORWARDS:
        return _has_dashes(line) or line.rstrip().endswith((":", "："))
    # Notes: `----- Forwarded by Anna Berg/IT/Corp on 20.11.2026 10:00 -----`
    return core.startswith("forwarded by ") and _has_dashes(line)


def is_reply_line(line: str) -> bool:
    """`##- Please type your reply above this line -##` and its likes: nothing else on the line."""
    if len(line) > 160 or "?" in line or "？" in line or not _ABOVE.search(line):
        return False
    rest = "".join(filter(str.isalpha, _ABOVE.sub("", line)))
    return len(rest) <= _LOOSE


def is_framed(line: str) -> bool:
    """`----- some words -----`: directly above a mail's head, a separator in a language unknown."""
    bare = line.strip()
    if len(bare) > 80 or bare[:4] not in _FRAMES or bare[-4:] not in _FRAMES:
        return False
    words = bare.strip(_DASHES)
    return len(words.split()) <= 5 and _SAYS.search(words) is None


def is_rule(line: str) -> bool:
    """A line of dashes or underscores, as clients draw above a header block."""
    bare = line.strip()
    return 3 <= len(bare) <= LONGEST and _RULE.issuperset(bare)


def _core(line: str) -> str:
    if len(line) > LONGEST:
        return ""
    if "&nbsp;" in line:  # QQ Mail's plain text is HTML without its tags
        line = line.replace("&nbsp;", " ")
    core = line.strip(_DASHES).rstrip(":： \t").strip(_DASHES).lower()
    return " ".join(core.split()) if "  " in core or "\xa0" in core else core


def _has_dashes(line: str) -> bool:
    bare = line.strip("> \t")
    return bare[:2] in ("--", "——", "__", "==", "**", "~~", "-—", "──", "––", "- ", "—-")
