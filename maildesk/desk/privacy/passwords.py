"""Where does a text say what a password is?

Only what stands behind a word for it, in the same sentence or alone on the next line: "密码：…",
"password is …", "账号 … 密码 …". That a password is wrong, forgotten or expired says nothing
secret, and stays. Texts come folded by `privacy`: narrow, in lower case, each character in its
place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Span = tuple[int, int]
Kind = Literal["sign", "verb", "weak", "blank"]
"""How a text comes from the word to the value: ":", "is", "reset:" or nothing at all."""

_WORD = re.compile("密[码碼]|口令|p(?:ass|w|sw)")  # alone it is fast to find
# A word for it, what closes around it, whose it is, and a remark in brackets.
_LABEL = re.compile(
    r"(?:密码|密碼|口令|pass ?word[0-9]?|passwd|passcode|pass ?phrase"
    r"|(?<![a-z0-9])(?:pass|pwd?|psw)(?![a-z])|pwd)"
    r"[)）\]】》\"'”’`*]{0,2}+[ \t]{0,4}+"
    r"(?:(?:for|of)(?:[ \t](?!is[ \t]|was[ \t])[^\s:=：,，;；]{1,40}){1,3}+)?+"
    r"(?:[(（\[【][^()（）\[\]【】\n\ue000]{0,20}[)）\]】])?+[ \t*]{0,4}+"
)
_SIGN = re.compile(r"(?::=|[:：=＝→>]|-+>|=>)[ \t*]*+")
_VERB = re.compile(
    r"(?:已经|已|被|现在|现|暂时|暂|临时|统一|默认|就|还|都|仍|先|重新|[给帮为]你|[给帮为]您){0,3}+"
    r"(?:重置|更改|修改|变更|设置|恢复|初始化|改|换|设)?+(?:成了?|为|是|到)[ \t]*+[:：]?+[ \t]*+"
    r"|(?:(?:has|have|is|was|been|now|still|temporarily|just|will|be|reset|set|changed|to|as)"
    r"[ \t:：]++){1,6}+"
)
_WEAK = re.compile(
    r"(?:已经|已|被){0,2}+(?:重置|更改|修改|变更|初始化|reset|changed)(?:了|成功|完成)?+[ \t]*+"
    r"[:：][ \t]*+"
)
_SHORT = re.compile("pass(?!c| ?[wp])")  # tests pass as well
# Not an order of staff's (`#solved`), which would be lost behind a mask.
_NEXT_LINE = re.compile(r"\n[ \t>*]*+(?!#[a-z]++[ \t]*+(?:\n|$))([!-~]{4,64}+)[ \t]*+(?:\n|$)")
# 密码如下：, 新密码为：, “password is:” before a line of its own.
_BELOW = re.compile(r"(?:如下|见下|在下面|as follows|below)[ \t]*+[:：]?+[ \t]*+(?=\n)")

_QUOTES = {
    **{"“": "”", '"': '"', "'": "'", "‘": "’", "「": "」", "『": "』"},
    **{"【": "】", "《": "》", "`": "`", "〔": "〕"},
}
# What a keyboard writes; a comma or semicolon only inside, never where a clause ends.
_TOKEN = re.compile(r"(?:[!-+\--:<-~]|[,;](?=[!-~])){1,128}+")
_HAN_FIRST = re.compile("[\u3400-\u9fff]{1,4}+[!-~]{1,64}+")
_HAN = re.compile("[\u3400-\u9fff]{2,8}+")
_AFTER_ACCOUNT = re.compile("[ \t]{0,4}+(?:[/|,，、;；和][ \t]{0,4}+)?+")
_ENDS = ".,;:!?)]}>\"'"

_ACCOUNT = re.compile(
    "(?:账号|帐号|账户|帐户|用户名?|登录名|工号|accounts?|user ?names?|users?|logins?|id)"
    "[ \t]{0,2}+(?:[/和及与、&+,，]|and|or)?+[ \t]{0,2}+$"
)
_LOSING = re.compile(
    "(?:忘记|忘了|找回|重置|修改|更改|忘|forgot|forgotten|reset|change|lost)"
    "(?:了|[ \t](?:the|my|your|his|her))?+[ \t]{0,2}+$"
)
_LOOK_BACK = 24
_MEASURED = re.compile(
    "[ \t]?(?:位|天|次|个|月|年|日|小时|分钟|秒|周|字符|点|号|度"
    "|char|digit|day|time|hour|week|month|minute|attempt)"
)
_MOMENT = re.compile(
    "(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,2}日?)?|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
)
_SEEN_FAILING = re.compile("错|误|无效|失败|过期|不|无法|重置|修改|请|已|忘|次|见|找|如")
# What is said of a password without saying it.
_SAYINGS = re.compile(
    "wrong|incorrect|invalid|expired|expire|expires|required|missing|empty|not|unknown"
    "|error|errors|fail|fails|failure|denied|forgot|forgotten|lost|gone|the|a|an|my|is|was"
    "|has|have|had|does|doesn't|did|didn't|no|none|null|nil|ok|okay|yes|please|see|same"
    "|above|below|strong|weak|strength|change|policy|field|too|must|should|shall|will|would"
    "|can|could|cannot|can't|won't|still|again|never|about|broken|correct|fine|good|bad"
    "|right|visible|hidden|shown|only|also|always|very|used|useless|unavailable|default|n/a"
    "|tbd|in|on|at|to|for|of|with|and|or|but|as|it|so|your|our|his|her|their|this|that|what"
    "|which|mandatory|today|tomorrow|reset|manager|prompt|dialog"
)
_PARTICIPLES = ("ed", "en", "wn", "ing", "ly", "day", "n't")


def find_passwords(folded: str) -> Iterator[Span]:
    """Each value that a text gives for a password."""
    done = 0
    for word in _WORD.finditer(folded):
        label = _LABEL.match(folded, word.start()) if word.start() >= done else None
        if label is None:
            continue
        span = _find_value(folded, label)
        if span is not None:
            yield span
            done = span[1]


def _find_value(folded: str, label: re.Match[str]) -> Span | None:
    word, at = label.group(), label.end()
    before = folded[max(0, label.start() - _LOOK_BACK) : label.start()]
    kind: Kind = "blank"
    tries: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        *(("sign", _BELOW), ("weak", _WEAK), ("verb", _VERB), ("sign", _SIGN)),
    )
    for tried, pattern in tries:
        if found := pattern.match(folded, at):
            kind, at = tried, found.end()
            break
    else:
        if word.isascii() and not word[-1:].isspace():
            return None  # a longer word: password-protected
    if kind in ("sign", "verb") and word.startswith(("passphrase", "pass phrase")):
        end = folded.find("\n", at)
        return at, end if end >= 0 else len(folded)
    if kind == "sign" and (_LOSING.search(before) or _SHORT.match(word)):
        kind = "weak"
    elif _SHORT.match(word):
        return None
    return (
        _read_quoted(folded, at, kind)
        or _read_below(folded, at, kind)
        or _read_token(folded, at, kind, before)
        or _read_chinese(folded, at, kind, word)
    )


def _read_quoted(folded: str, at: int, kind: Kind) -> Span | None:
    closing = _QUOTES.get(folded[at : at + 1])
    if closing is None:
        return None
    end = folded.find(closing, at + 1, at + 130)
    said = folded[at + 1 : max(end, at + 1)]
    if not said.strip() or "\n" in said or "\ue000" in said:
        return None
    if " " in said and any(map(_SAYINGS.fullmatch, said.split())):
        return None  # a message that is quoted
    if _is_secret(said, kind, "") or (kind != "blank" and _is_chinese_secret(said)):
        return at + 1, end
    return None


def _read_below(folded: str, at: int, kind: Kind) -> Span | None:
    """The value alone on the line below its label."""
    if kind not in ("sign", "verb") or not (found := _NEXT_LINE.match(folded, at)):
        return None
    return found.span(1) if _is_strong(found[1]) else None


def _read_token(folded: str, at: int, kind: Kind, before: str) -> Span | None:
    found = _TOKEN.match(folded, at)
    if found is None:
        return None
    if _ACCOUNT.search(before):
        second = _read_second(folded, found)
        if second is not None:
            return None if "\ue000" in folded[slice(*second)] else second
    if _is_secret(found.group(), kind, folded[found.end() : found.end() + 12]):
        return found.span()
    return None


def _read_second(folded: str, first: re.Match[str]) -> Span | None:
    """The password of "账号密码：name/password"; None when only one thing stands there."""
    name, slash, rest = first.group().partition("/")
    if slash and name and rest:
        return first.start() + len(name) + 1, first.end()
    gap = _AFTER_ACCOUNT.match(folded, first.end())
    at = gap.end() if gap else first.end()
    if name.isalnum() and folded.startswith("\ue000", at):
        return at, at + 1
    second = _TOKEN.match(folded, at) if at > first.end() else None
    if second is None or not _is_secret(second.group(), "blank", ""):
        return None
    return second.span()


def _read_chinese(folded: str, at: int, kind: Kind, word: str) -> Span | None:
    """小明1990, or a watchword of Chinese alone."""
    if kind not in ("sign", "verb"):
        return None
    found = _HAN_FIRST.match(folded, at)
    if found and any(map(str.isdigit, found.group())) and not _SEEN_FAILING.search(found.group()):
        return found.span()
    watchword = _HAN.match(folded, at) if word.startswith("口令") and kind == "sign" else None
    if watchword is None or _SEEN_FAILING.search(watchword.group()):
        return None
    return watchword.span()


def _is_chinese_secret(said: str) -> bool:
    return len(said) <= 16 and not _SEEN_FAILING.search(said)


def _is_secret(token: str, kind: Kind, behind: str) -> bool:
    """Whether what stands there is a value, and not more talk about one."""
    bare = token.strip(_ENDS)
    if not bare or _SAYINGS.fullmatch(bare) or bare.startswith(("http://", "https://")):
        return False
    if not any(map(str.isalnum, bare)) and len(set(bare)) < 3:
        return False  # ******
    if _MOMENT.fullmatch(bare) or (bare[-1].isdigit() and _MEASURED.match(behind)):
        return False
    strong, number = _is_strong(bare), bare.isdigit() and len(bare) > 3
    if kind == "sign":
        return bare.isascii() and (strong or len(bare) > 1)
    if kind == "weak":
        return (
            (strong and "@" not in bare[1:])
            or number
            or (strong and _is_strong(bare.partition("@")[0]))
        )
    if kind == "blank":
        return strong or number
    if strong or number:
        return True
    if behind.lstrip().startswith("的") or bare.endswith(_PARTICIPLES):
        return False
    return (
        bare.isascii() and len(bare) > 5 and behind.strip()[:1] in ("", *"，。；、！？,.;!?)）\n")
    )


def _is_strong(token: str) -> bool:
    """As passwords are and words are not: letters with digits, or signs no word has."""
    if len(token) < 4 or not token.isascii():
        return False
    letters, digits = any(map(str.isalpha, token)), any(map(str.isdigit, token))
    signs = any(not char.isalnum() and char not in "-_./'" for char in token)
    return (letters and digits) or (signs and (letters or digits))
