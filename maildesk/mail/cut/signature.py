"""Where do a writer's words end and the signature or the company's small print begin?

Looks at the end of words that history was already cut from: `-- `, phone lines, signatures that
the HTML marks as such, the writer's own name above contact lines, disclaimers. What looks like a
signature but cannot be told for certain is left standing and called doubtful. Linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maildesk.mail.cut.device import is_phone_signature
from maildesk.mail.cut.separator import is_rule
from maildesk.mail.cut.spelling import fold_key
from maildesk.mail.text.html import read_text

_WINDOW = 60  # a signature begins within so many lines of the end
_LONGEST = 15  # one with more lines than this may hold words
_ROUNDS = 8  # footer below signature below phone line …: so often the end is looked at again
_LINE = 400
_SHORT = 60
_FEW = 4  # a marked line with fewer letters is no trace of a signature: 谢谢


@dataclass(frozen=True, slots=True)
class Ending:
    """Lines parted in two: the words, and what was cut below them, each piece as one text.

    `doubtful`: something in either may belong to the other.
    """

    words: tuple[str, ...]
    cut: tuple[str, ...] = ()
    doubtful: bool = False


def cut_ending(
    lines: Sequence[str], names: frozenset[str] = frozenset(), marked: Sequence[str] = ()
) -> Ending:
    """Take signature and small print off the end. `names` are the writer's own names, `marked`
    the texts that the HTML of the same mail calls signatures."""
    folded = frozenset(key for key in map(fold_key, names) if len(key) > 1)
    shown = [key for key in map(fold_key, marked) if key]
    kept, doubtful = list(lines), False
    pieces: list[str] = []
    _drop_banner(kept, pieces)
    for _ in range(_ROUNDS):
        _trim(kept)
        start, unsure = _find_end(kept, folded, shown)
        if start == len(kept):
            break
        piece = kept[start:]
        doubtful = doubtful or unsure or any(_is_order(line) for line in piece)
        pieces.append("\n".join(piece).strip("\n"))
        del kept[start:]
    else:
        doubtful = True
    return Ending(tuple(kept), tuple(pieces), doubtful or _is_doubtful(kept, folded, marked))


def find_marked(html: str) -> tuple[str, ...]:
    """The texts of the elements that a client marked as signature; the first few of them."""
    found: list[str] = []
    for start, end in _find_elements(html):
        text = read_text(html[start:end]).strip()
        if text:
            found.append(text[:_MARKED_CHARS])
        if len(found) == _MARKED:
            break
    return tuple(found)


def _find_end(kept: list[str], names: frozenset[str], marked: list[str]) -> tuple[int, bool]:
    """The line from which the end goes, and whether that is doubtful; the length: nothing goes."""
    end = len(kept)
    start = _phone_start(kept)
    if start == end:
        start = _marked_start(kept, marked)
    if start < end:
        return start, False
    for find in (_print_start, _dashes_start):
        start = find(kept)
        if start < end:
            piece = [line for line in kept[start:] if line.strip()]
            return start, len(piece) > _LONGEST or _holds_words(kept[start:])
    return _named_start(kept, names)


def _phone_start(lines: Sequence[str]) -> int:
    start = len(lines)
    while start and (is_phone_line(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    return start if any(line.strip() for line in lines[start:]) else len(lines)


def is_phone_line(line: str) -> bool:
    """`发自我的iPhone`; not `来自QQ邮箱的邮件已放行`, which is an answer."""
    return is_phone_signature(line) and not _TALKS.search(line)


def find_marked_start(lines: Sequence[str], marked: Sequence[str]) -> int:
    """The line at which a signature begins that ends `lines` and whose text is one of `marked`."""
    lines = list(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    start = _marked_start(lines, [key for key in map(fold_key, marked) if key])
    while 0 < start < len(lines) and not lines[start - 1].strip():
        start -= 1
    return start


def _marked_start(lines: Sequence[str], marked: list[str]) -> int:
    """Where the marked signature begins that ends the lines.

    Upwards, as long as each line is part of it and it is not used up; the plain text of a client
    may show links and pictures that the HTML's text does not, so brackets may be passed over.
    """
    for text in marked:
        start, used = len(lines), 0
        while start and used < len(text):
            line = lines[start - 1]
            key = fold_key(line)
            if key and key not in text:
                key = fold_key(_BRACKETS.sub("", line))
                if key not in text:
                    break
            if not key and not _PICTURE.match(line) and line.strip() and not is_rule(line):
                break
            used += len(key)
            start -= 1
        if used * 2 >= len(text) and used >= min(len(text), _FEW):
            return start
    return len(lines)


def _print_start(lines: Sequence[str]) -> int:
    """The first line of the small print near the end."""
    for place in range(max(len(lines) - _WINDOW, 0), len(lines)):
        if is_small_print(lines[place]):
            return place
    return len(lines)


def _dashes_start(lines: Sequence[str]) -> int:
    for place in range(len(lines) - 1, max(len(lines) - _WINDOW, 0) - 1, -1):
        if lines[place].strip() in ("--", "—", "－－"):
            return place
    return len(lines)


def _holds_words(piece: Sequence[str]) -> bool:
    """Whether a sentence stands in a paragraph below the first one, and no small print above it."""
    apart = False
    for line in piece:
        if is_small_print(line):
            return False
        if apart and not _is_card_line(line):
            return True
        apart = apart or not line.strip()
    return False


def _named_start(lines: Sequence[str], names: frozenset[str]) -> tuple[int, bool]:
    """The line with the writer's own name, if only short lines of a business card follow it."""
    end = len(lines)
    if not names:
        return end, False
    for place in range(end - 1, max(end - _LONGEST, 0) - 1, -1):
        line = lines[place]
        if _is_name(line, names):
            below = [other for other in lines[place + 1 :] if other.strip()]
            card = _NAME_END.search(line) or not below
            sure = bool(card) or any(_is_contact(other) for other in below)
            sure = sure or any(_is_unit(other) or _DATE.match(other.strip()) for other in below)
            return place, not sure or _announces(lines[:place])
        if not _is_card_line(line):
            break
    return end, False


def _is_name(line: str, names: frozenset[str]) -> bool:
    """`刘洋`, `刘洋 | 信息技术部`, `Liu Yang (IT)`, `刘洋 工程师`."""
    bare = line.strip()
    if not bare or len(bare) > _SHORT:
        return False
    if fold_key(bare) in names:
        return bare[-1] not in ":：，,"
    head, mark, rest = _partition_name(bare)
    if fold_key(head) not in names or not rest or _SENTENCE.search(bare) or _TALKS.search(rest):
        return False
    firm = mark.strip() not in ("", ",", "，", "、")
    return firm or _is_place(rest) or any(sign.search(rest) for sign in (_TITLE, _REACHED))


def _partition_name(bare: str) -> tuple[str, str, str]:
    found = _NAME_END.search(bare) or re.search(r"\s+", bare)
    if found is None:
        return bare, "", ""
    return bare[: found.start()], found[0], bare[found.end() :]


def _is_card_line(line: str) -> bool:
    """A line as on a business card: short, no sentence, no order."""
    bare = line.strip()
    if not bare or _is_contact(bare):
        return True
    return len(bare) <= _SHORT and not _SENTENCE.search(bare) and not _is_order(bare)


def _is_contact(line: str) -> bool:
    return len(line) <= _LINE and _CONTACT.match(line) is not None


def _is_place(line: str) -> bool:
    """`信息技术部`, `某某集团有限公司`, `IT Department`: a unit, not a sentence about one."""
    bare = line.strip()
    if len(bare) > _SHORT or _SENTENCE.search(bare) or _ASKS.match(bare):
        return False
    return bool(_PLACE.search(bare))


def _is_unit(line: str) -> bool:
    """A place, or one with its number: `信息技术部 8005`."""
    return _is_place(_NUMBER.sub("", line))


def _announces(lines: Sequence[str]) -> bool:
    """Whether the last of them says that something follows: `有问题请联系：` and a name."""
    return (
        next((line for line in reversed(lines) if line.strip()), "").rstrip().endswith((":", "："))
    )


def _is_order(line: str) -> bool:
    return line.lstrip("> \t")[:1] in ("#", "＃")


def is_small_print(line: str) -> bool:
    """Whether a company's disclaimer or warning begins with this line."""
    return _PRINT.search(line[:_LINE]) is not None


def _trim(lines: list[str]) -> None:
    """Off the end: empty lines and rules."""
    while lines and (not lines[-1].strip() or is_rule(lines[-1])):
        lines.pop()


def _drop_banner(lines: list[str], pieces: list[str]) -> None:
    """A gateway's warning above the words goes, too; at most four lines of it."""
    place = 0
    for _ in range(4):
        while place < len(lines) and (not lines[place].strip() or is_rule(lines[place])):
            place += 1
        if place == len(lines) or not _BANNER.search(lines[place][:_LINE]):
            break
        pieces.append(lines.pop(place))
    while lines and not lines[0].strip():
        del lines[0]


def _is_doubtful(lines: Sequence[str], names: frozenset[str], marked: Sequence[str]) -> bool:
    """Whether what is left still looks as if a signature stood in it."""
    if any(line.strip() in ("--", "—", "－－") or _is_name(line, names) for line in lines):
        return True
    if any(map(is_phone_line, lines)):
        return True
    traces = {fold_key(line) for text in marked for line in text.split("\n")}
    traces = {key for key in traces if len(key) >= _FEW and key not in names}
    if any(fold_key(line) in traces for line in lines):
        return True
    last = [line[:_LINE] for line in lines[-_WINDOW:] if line.strip()][-_LONGEST:]
    if any(_MAYBE_PRINT.search(line) for line in last):
        return True
    card: list[str] = []
    while last and _is_card_line(last[-1]):
        card.append(last.pop())
    contacts = sum(_is_contact(line) and not _LINK.match(line) for line in card)
    return contacts > 1 or (len(card) > 1 and (contacts > 0 or any(map(_is_place, card))))


def _find_elements(html: str) -> Iterator[tuple[int, int]]:
    """(start, end) of what is marked: an element, or from a mark on until history begins."""
    name, start, depth = "", 0, 0
    for tag in _TAG.finditer(html):
        closing, this, attributes = tag[1], tag[2].lower(), tag[3][:300]
        if depth and name:
            if this == name:
                depth += -1 if closing else 1
                if not depth:
                    yield start, tag.start()
        elif depth:
            if not closing and (this == "blockquote" or _HISTORY.search(attributes)):
                yield start, min(tag.start(), start + _PIECE)
                depth = 0
        elif not closing and attributes and _OPEN_MARK.search(attributes):
            name, start, depth = "", tag.end(), 1
        elif not closing and this not in _VOID and (this == "sign" or _MARK.search(attributes)):
            name, start, depth = this, tag.end(), 1
    if depth:
        yield start, min(len(html), start + _PIECE)


_PIECE = 30_000  # characters of one signature's HTML; Word needs many
_MARKED_CHARS = 2000
_MARKED = 6
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*+)([^<>]*+)>")
_VOID = frozenset({"img", "br", "input", "meta", "link", "hr", "html", "body", "style"})
_MARK = re.compile(
    r"(?:^|\s)(?:id|class|data-[a-z-]{1,20})\s*=\s*[\"']?[^\"'>]{0,120}?"
    r"(?:signature|_rc_sig|mail_sign|signcontainer|editor(?:graph)?sign|-sgn\b|zmail_sig)",
    re.IGNORECASE,
)
_OPEN_MARK = re.compile(
    r"_mailautosig|fmsigsep|width:\s*210px;\s*height:\s*1px|__sig_(?:pre|post)__", re.IGNORECASE
)
_HISTORY = re.compile(
    r"gmail_quote|divrplyfwdmsg|appendonsend|border-top:\s*solid|mail_quote|reference-message|"
    r"ntes-mailmaster-quote|isreplycontent|moz-cite-prefix|yahoo_quoted|replysplit|zwchr|__quoted_text__",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"<[^<>]{0,300}>|\[[^\[\]]{0,300}\]|\([^()]{0,300}\)")
_PICTURE = re.compile(r"\s*(?:\[[^\[\]]{0,300}\]|<[^<>]{0,300}>)\s*$")

_SENTENCE = re.compile(r"[。！？!?；;…]|[.,，]\s*$")
_NAME_END = re.compile(r"\s*[|｜/／·•,，、（(]\s*")
_DATE = re.compile(r"\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?$")
_TITLE = re.compile(
    r"(?:工程师|经理|主管|专员|助理|总监|主任|运维|管理员|技术支持|engineer|manager|support|"
    r"administrator|analyst|specialist|technician|lead)\s*[)）]?$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:[部处科室组]|中心|公司|集团|学院|大学|医院|服务台|有限责任公司|"
    r"\b(?:ltd|inc|llc|gmbh|corp|group|department|dept|division|team|desk|company)\.?)\s*[)）]?$|"
    r"\b(?:department|dept|division|ltd|inc)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\W*(?:[网地]址\s*[:：]\s*)?<?(?:https?://|www\.)", re.IGNORECASE)
_REACHED = re.compile(r"电话|手机|分机|邮箱|@|\d{7}|\b(?:tel|ext|mobile|phone)\b", re.IGNORECASE)
_TALKS = re.compile(r"[已后请再不了吗。！？]|的邮件")
_NUMBER = re.compile(r"[\s,，]*(?:分机|ext\.?)?[\s:：]*[\d-]{3,13}\s*$", re.IGNORECASE)
_ASKS = re.compile(r"请|已|去|到|找|转|联系|由|在")
_CONTACT = re.compile(
    r"^[\s>|*·•☎✆📞📱✉-]*(?:"
    r"(?:联系|服务|客服|办公)?(?:电\s*话|手\s*机|座\s*机|分\s*机|传\s*真|热\s*线|邮\s*箱|地\s*址|网\s*址|邮\s*编|微\s*信)"
    r"(?:号码?)?\s*[:：|/\d+(（]|(?:企业微信|钉钉|qq|联系方式)\s*[:：|]|"
    r"(?:tel|telephone|phone|mobile|mob|cell|fax|ext|extension|e-?mail|web|website|url|address|"
    r"addr|add|wechat|direct|office)\s*\.?\s*[:：|]|[tmepfwda]\s*[:：]|(?:tel|ext|ext\.)\s+\+?\d|"
    r"\+?\(?\d[\d\s()+-]{5,20}\d\s*$|[\w.+-]{1,64}@[\w.-]{1,190}\s*$|"
    r"<?(?:https?://|www\.)\S{1,300}\s*$)",
    re.IGNORECASE,
)
_PRINT = re.compile(
    r"^\W{0,6}(?:免责声明|保密声明|保密提示|法律声明|重要声明|disclaimer\b|legal notice\b|"
    r"confidentiality (?:notice|statement|note)|confidential(?:ity)?\s*:)|"
    r"^\W{0,6}(?:声明|注意|提示|重要提示|note|notice|important)?[:：]?\s?"
    r"(?:本|此|该|这封)(?:封|电子)?(?:邮件|电邮|信件).{0,60}"
    r"(?:保密|机密|商业秘密|专有|特权|收件人|收件方|病毒)|"
    r"\bthis (?:e-?mail|message|communication|transmission)\b.{0,160}"
    r"(?:confidential|privileged|intended (?:only|solely|for|recipient)|originated|outside)|"
    r"\bthe (?:information|contents?) (?:contained )?(?:in|of) this (?:e-?mail|message)|"
    r"\bif you (?:are not the|have received this).{0,60}(?:recipient|error)|"
    r"^\W{0,6}caution\s*[:：]|^\W{0,6}please consider the environment|"
    r"^\W{0,6}请?(?:考虑|注意|保护|珍惜).{0,10}(?:环境|环保).{0,20}打印",
    re.IGNORECASE,
)
_MAYBE_PRINT = re.compile(
    r"^\W{0,6}(?:(?:本|此)(?:电子邮件|邮件|电邮)(?![夹箱组服系])|this e-?mail\b|this message\b|©)|"
    r"confidential|copyright|intended recipient|unauthori[sz]ed|disclos|disclaim|"
    r"all rights reserved|版权所有|保密|商业秘密|免责|[误错]收",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"^\W{0,6}(?:caution|warning|external(?: e-?mail| sender)?|外部邮件|警告|注意|安全提示)\W"
    r".{0,200}(?:outside|external|外部|来源|organi[sz]ation)|^\W{0,6}(?:external|外部邮件)\W{0,6}$|"
    r"^\W{0,6}do not (?:click|open) .{0,40}(?:link|attachment)|^\W{0,6}请勿.{0,10}点击.{0,20}链接",
    re.IGNORECASE,
)
