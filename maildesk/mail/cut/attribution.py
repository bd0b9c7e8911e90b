"""Does an attribution end on this line: `On … wrote:`, `在 … 写道：`, `W dniu … pisze:`?

Evidence instead of one pattern per client: a moment, an address in brackets, a verb of some
language, an opening word, and the colon at the end. Lines wrapped over several are joined. How
strong the evidence is decides what else `body` wants to see before it cuts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from maildesk.mail.cut.separator import LONGEST, is_quoted

_WRAPPED = 4  # an attribution is wrapped over so many lines at the most
_WIDTH = 58  # columns; a shorter line was not wrapped, somebody ended it


class Strength(IntEnum):
    """How much speaks for an attribution. WEAK: only with marked quotes below; DATED: with a day
    and a verb, but nobody's address; STRONG: nobody types that."""

    WEAK = 1
    DATED = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Attribution:
    """It begins on line `start`, at character `column` (above 0: behind somebody's words)."""

    start: int
    strength: Strength
    column: int = 0


_MOMENT = re.compile(
    r"\b(?:19|20)\d\d(?!\d)|\d{1,2}[:：.hH]\d{2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|"
    r"\d月\d{1,2}日"
)
_DAY = re.compile(r"(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")
_ADDRESS = re.compile(r"[\w.+=%&'/-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_BRACKETED = re.compile(
    r"[<(\[（＜〈]\s?(?:mailto:)?[^\s<>()\[\]]{1,64}@[^\s<>()\[\]]{1,190}[>)\]）＞〉]|"
    r"<mailto:|\[mailto:"
)
_VERB = re.compile(
    r"\b(?:wrote|writes|schrieb|schreibt|geschrieben|schreef|geschreven|skrev|skriver|"
    r"kirjoitti|napsal|napsala|napsali|napísal|napísala|napisał|napisała|pisze|escribi[óo]|escribe|"
    r"escreveu|escreve|scritto|scrive|scris|écrit|ecrit|écrivait|írta|написа[лв]?|написала|пишет|"
    r"писал|пише|yazdı|yazmış|έγραψε|viết|menulis|a scris|"
    r"kirjutas|rakstīja|rašė|napisao|escriure|escribiu)\b|כתב|כתבה|كتب|نوشت|เขียนว่า|"
    r"yazdı|写道|寫道|写到|写于|寫到|的来信|のメール|さんは書きました|書きました|書いた|"
    r"님이 작성|작성|"
    r"geschreven|napisana przez|님의 말|쓴 글|님이 보낸|에 씀",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"(?:On|At|Am|Le|El|Em|Il giorno|Il|Op|W dniu|Dnia|Dne|Den|På|A|În|In data|In message|"
    r"In article|"
    r"Quoting|Zitat von|Citando|Citat|Cytowanie|Cytat|Selon|Vào|Pada|Στις|Päivämäärä|Tarih|"
    r"На|בתאריך|في|در|ในวันที่|เมื่อ|Vào lúc|Pada tanggal|El dia|Dňa|Dana|"
    r"Excerpts from|Thus spake|Hi,? on)\b|[在于於]|"
    # a date alone: 2026年11月20日(金), 20.11.2026, 20 nov. 2026, pt., 20 lis 2026, "Fri, 20 Nov"
    r"\(?(?:19|20)\d\d\s?[年년./-]|\d{1,2}[./-]\s?\d{1,2}[./-]|"
    r"\d{1,2}\.? [^\W\d_]{3,12}\.?,? (?:19|20)\d\d|[^\W\d_]{3,12}\.? \d{1,2},? (?:19|20)\d\d|"
    r"[^\W\d_]{2,12}\.?,? (?:den |the )?\d{1,2}\.? ?[^\W\d_]{2,12}\.?,? (?:de )?(?:19|20)\d\d|"
    r"[^\W\d_]{2,12}\.?,? \d{1,2}[./]\s?\d{1,2}[./]"
)
_QUOTING = re.compile(
    r"(?:Quoting|Zitat von|Citando|Selon|Cytowanie|Citat från|引用) ", re.IGNORECASE
)
# What writes and is nobody: `On 20.11.2026 at 10:00 the server wrote:` and its log.
_THING = re.compile(
    r"\b(?:the|our|my|your|an|der|die|das|unser|mein|les?|la|notre|los|system|server|log|error|"
    r"tool|"
    r"app|customer|client|kunde|service)\b|系统|服务器|日志|客户|程序|软件|报错|提示|页面|屏幕",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:I|we|ich|wir|je|yo|eu|io|ik|jeg|jag) (?:wrote|schrieb|skrev|schreef)\b|我写|我们写|已写"
)
# GroupWise: `>>> Anna Berg <anna@corp.test> 20.11.2026 10:00 >>>`, with or without an address.
# Gmail until 2011 wrote no verb and no colon: `2011/3/1 Anna Berg <anna@corp.test>`.
_OLD_GMAIL = re.compile(
    r"(?:\d{4}[/-]\d{1,2}[/-]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}) [^<>@]{0,80}"
    r"<[^\s<>@]{1,64}@[^\s<>@]{1,190}>$"
)
# Emacs: `>>>>> "Anna" == Anna Berg <anna@corp.test> writes:`.
_GROUPWISE = re.compile(
    r">>> ?(?:[^<>]{0,100}<[^<>@\s]{1,64}@[^<>\s]{1,190}>|\"?[A-Z][^\s<>]{0,40} [A-Z][^<>]{0,80})"
    r"[^<>]{0,80}>>>$"
)
_EMACS = re.compile(r">{5} \"[^\"]{1,60}\" == .{1,200}:$")
_ENDS = (".", "!", "?", "。", "！", "？", ";", "；")
# Lines that end an attribution without a colon are rare enough to be named.
_NO_COLON = re.compile(
    r"(?:(?:says|wrote|writes)\.\.\.|wrote|写道|寫道|schrieb|a écrit|님이 작성|さんは書きました)$"
)
_INSIDE = re.compile(
    r"(?<=\S)\s+(?=(?:On|Am|Le|El|Em|Il giorno|Il|Op|W dniu|Dne|Den) [^<>@\n]{6,100}"
    r"[<(]?[^\s<>@]{1,64}@[^\s<>@]{1,190}>?[^<>@\n]{0,30}[:：]$)|"
    r"(?:(?<=\S)\s+|(?<=[。！？!?.]))"
    r"(?=在 ?\d{4}[-年/][^<>@\n]{4,90}<[^\s<>@]{1,64}@[^\s<>@]{1,190}>)"
)


def find_attribution(lines: Sequence[str], place: int) -> Attribution | None:
    """The attribution that ends on line `place`, or None."""
    line = lines[place].strip()
    if line.startswith(">>>"):
        found = len(line) <= LONGEST and (
            _EMACS.match(line)
            or (_GROUPWISE.match(line) and _MOMENT.search(line))
            or _weigh(line.lstrip("> ")) is Strength.STRONG
        )
        return Attribution(place, Strength.STRONG) if found else None
    if not may_attribute(line) or is_quoted(lines[place]):
        return None
    best: Attribution | None = None
    opened = False
    text = below = ""
    for before in range(place, max(place - _WRAPPED, -1), -1):
        line = lines[before].strip()
        wrapped = before < place and len(line) + len(below.partition(" ")[0]) >= _WIDTH
        if before < place:
            if not line or is_quoted(lines[before]):
                break
            if best is not None and line.endswith(_ENDS) and (opened or not wrapped):
                break
        text, below = f"{line} {text}" if text else line, line
        if len(text) > LONGEST:
            break
        strength = _weigh(text)
        if strength is None:
            continue
        opens = _opens(text)
        if best is None or opens or (wrapped and not opened):
            column = _column(lines[before], text) if before == place and not opens else 0
            best, opened = Attribution(before, strength, column), opens
            if column:
                break
    return best


def may_attribute(line: str) -> bool:
    """A cheap first look: whether the line ends as attributions do."""
    if len(line) > LONGEST:
        return False
    if line[:1].isdigit() and line.endswith(">") and _OLD_GMAIL.match(line):
        return True
    bare = line.rstrip("*_ >|-–—=")
    return (
        bare.endswith((":", "：")) or line.startswith(">>>") or bool(_NO_COLON.search(bare[-40:]))
    )


def _weigh(text: str) -> Strength | None:
    bracketed = _BRACKETED.search(text)
    address = bracketed or (_ADDRESS.search(text) if "@" in text else None)
    moment = _MOMENT.search(text)
    verb = _VERB.search(text)
    if verb and _OWN.search(text):
        return None
    opens = _opens(text)
    if address and moment and (verb or bracketed or opens):
        # `On 20.11.2026 I sent this to Anna <anna@corp.test>:` is no attribution.
        return Strength.STRONG if verb or _VERBLESS.search(text) else Strength.WEAK
    if moment and verb and (opens or _NAMED_FIRST.search(text)):
        sure = _DAY.search(text) and not _THING.search(text, moment.start())
        return Strength.DATED if sure else Strength.WEAK
    if (verb or _QUOTING.match(text)) and (address or len(text) <= 80):
        return Strength.WEAK
    return None


# Without a verb nothing may stand in it but a day, a time, a name and the address at its end:
# `пт, 20 нояб. 2026 г. в 10:00, Anna Berg <…>:`, `Nov 20, 2026, 10:00 by anna@corp.test:`.
_VERBLESS = re.compile(
    r"\d{1,2}[:：.hH]\d{2}(?::\d{2})?(?:[\s,;]|GMT|UTC|[AP]M|[ap]\.?\s?m\.?|[+-]\d{2}:?\d{2}|Uhr|"
    r"г\.|р\.|от|by|від|מאת|\([^()]{0,20}\))*(?:\"[^\"]{0,80}\"|(?:v[ao]n|de[rn]?|d[aiu]|al|el|bin|"
    r"[^\sa-zà-ÿа-я\"<>@][^\s\"<>@]{0,30})[\s,]*){0,7}\s?"
    r"[<(\[]?[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]{1,190}[>)\]]?\s*[:：]$"
)
# `张敏 于2026年11月20日周五 10:00写道：`, `Anna Berg schrieb am 20.11.2026 um 10:00:`
_NAMED_FIRST = re.compile(
    r"^[^:：]{1,110}?\s?(?:[于於在]\s?\d{4}|(?:wrote|schrieb|schreef|skrev|kirjoitti|escribió|"
    r"escreveu|"
    r"napsal|пишет|написал)\s)"
)


def _opens(text: str) -> bool:
    bare = text.lstrip("-*_—– >=")
    return _OPENER.match(bare) is not None and _VERB.match(bare) is None


def _column(line: str, text: str) -> int:
    """Where the attribution begins that stands on the reply's own line; 0: at its start."""
    inside = _INSIDE.search(text)
    return line.find(text[inside.end() :]) if inside else 0
