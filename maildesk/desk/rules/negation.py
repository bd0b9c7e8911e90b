"""Does the clause a word stands in deny it?  不是断网, 网络没问题, "not a network problem".

A short look at what stands right before and right after the word; no grammar. Where it could be
read either way the word counts: a rule that speaks too often is seen, one that is silent is not.
`words` says where a text has a mark of denial at all, so that nearly every find is settled without
a look.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

# Whatever the expressions below can begin or turn on stands here, folded. A look costs
# microseconds, and finds far from all of these are spared it.
MARKS = (
    "不是", "不像", "不算", "不属于", "不存在", "不关", "非", "排除", "没", "未",
    "无", "不会", "不再", "不慢", "不卡", "不坏", "不影响", "正常", "完好", "好的", "通的",
    "关系", "相关",
    "not", "isn't", "aren't", "wasn't", "weren't", "doesn't", "didn't", "won't", "haven't",
    "hasn't", "neither", "nor", "nothing", "rather than", "instead of", "unrelated", "no",
    "without", "never", "fine", "ok", "okay", "normal", "normally", "alright", "all right", "good",
)  # fmt: skip

Span = tuple[int, int]

_BEFORE, _AFTER = 36, 40
_REACH = 80
"""Characters of a clause that are looked at, and what a clause may have on either side."""

# ── Chinese, before the word ────────────────────────────────────────────────────────────────
# "是不是" asks, "要不是" supposes, "可不是" agrees; "不是很", "不是只有", "不是第一次" deny only
# the degree, and so nothing but a few empty words may stand between.
_EMPTY = (
    r"(?:因为|由于|说|指|出在|真的?|我们?|咱们?|你们?|他们?|她|公司|单位|部门|本地|自己|家里?|这里|那里|"
    r"这边|那边|这台|那台|这个|那个|这种|那种|这|那|一个|个|台|什么|啥|电脑|主机|机器|系统|设备|网络|网线|"
    r"线路|软件|打印机|程序|账号|密码|鼠标|键盘|的)"
)
_BESIDE = r"(?:[^,;。!?\n]{1,8}?(?:和|或者?|、|以及|与|跟))?"
_NOT = re.compile(
    rf"(?:(?<![是要还可岂])(?<!难道)(?:不是|(?<!像)不像是?|(?<!算)不算是?|(?<!属)不属于)|(?:并|绝|决)非|不关){_EMPTY}{{0,4}}{_BESIDE}{_EMPTY}{{0,2}}$"
)
_NOT_ANY = re.compile(r"不[是像算属关]|[并绝决]非")
# 非 alone is a prefix of many words, so what follows must name a cause.
_NON = re.compile(r"(?<![除无莫是不并])非$")
_RULED_OUT = re.compile(
    r"(?:(?:已经?|可以|可|能|基本|初步)排除(?:了|掉)?|排除了)是?(?:因为|由于)?$"
)
# 没有权限 is a fault, 没有报错 is none: 没 denies only words that name something bad.
_NONE_OF = re.compile(
    r"(?:(?<!有)(?:没有?|未|毫?无)|(?<!会)不会|不再|不存在)"
    r"(?:再次?|又|出现|发生|遇到|碰到|看到|见到?|发现|存在|提示|显示|收到|产生|造成|任何|什么|啥|过|的|"
    r"明显|类似|这种|这个|那种|其他|其它|别的|有|被|电脑|系统|网络){0,3}$"
)
_UN = re.compile(r"(?<!是)(?<!差)(?:并|也|倒|还)?不(?:怎么)?$")
# What one of these before a word cannot do without, and what `_NONE_OF` cannot.
_TURNS = re.compile(r"[不非没未无]|排除")
_NONE_ANY = re.compile(r"[没未无]|不[会再存]")
_UN_ABLE = re.compile(r"[慢卡坏烫热]|影响")
_BAD = re.compile(
    r"断|坏|卡[顿死纸住机慢]|死机|[蓝黑花白]屏|闪退|崩|宕|瘫|故障|异常|问题|报错|错误|出错|失败|掉线|离线|"
    r"丢|超时|延迟|慢|中毒|病毒|木马|勒索|泄露|泄漏|被盗|攻击|入侵|漏水|异响|噪音|挂了|停产|停摆|起火|冒烟|"
    r"过期|被锁|锁定|误删|损坏|乱码|感染|影响"
)
_BAD_AFTER = re.compile(r"的?(?:问题|故障|异常|毛病|错误)")
_CAUSE_AFTER = re.compile(r".{0,6}?(?:问题|故障|原因|因素|引起|所致|导致|造成)")

# ── Chinese, after the word ─────────────────────────────────────────────────────────────────
_FINE = re.compile(
    r"(?:的|问题|方面|这边|那边|这块|本身|连接|信号|状态|指示灯|灯|速度|功能|一切|现在|目前|倒是?|应该|看着|"
    r"看起来|测试|检查|显示|都|也|还|全部?|均|是|完全|基本){0,4}"
    r"(?:没有?(?:任何|什么|啥|发现)?(?:问题|毛病|故障|异常|事(?!件))|无(?:异常|故障|问题)|正常|完好|好的|通的|ok)"
    r"(?:的|了|啊|哦|呀)?(?=$|[,;。!、)\n ]|但|可|就|而|只|不过|所以|却|那|估计)"
)
_APART = re.compile(r".{0,4}?(?:没有?(?:什么|啥|任何|直接)?关系|无关|不相关)")
_EITHER = re.compile(r"[^。;!?\n]{0,16}?(?:就是|便是)")

# ── English ─────────────────────────────────────────────────────────────────────────────────
_THE = r"(?:a|an|the|my|our|your|his|her|their|its|this|that|these|those|any)"
_TROUBLE = r"(?:problems?|issues?|troubles?|faults?|errors?)"
_OR = rf"(?:[\w'/-]+(?: [\w'/-]+)? (?:or|nor|and) (?:{_THE} )?)?"
# "can not" and "does not" deny a verb, which is how a fault is told; "am not an admin" is one too.
_IS_NOT = re.compile(
    r"(?:(?<!or )(?<!if )(?<!why )(?<!can )(?<!could )(?<!do )(?<!does )(?<!did )(?<!am )"
    r"(?<!why is )(?<!why are )\bnot"
    r"|\b(?:is|are|was|were)n'?t|\bneither|\bnor)"
    rf"(?: really| actually| probably)?"
    rf"(?: due to| because of| caused by| related to| about| from"
    rf"| {_THE} {_TROUBLE} (?:with|of|in))?"
    rf" {_THE} {_OR}$"
)
_APART_FROM = re.compile(
    r"\b(?:nothing (?:to do|wrong) with|rather than|instead of|unrelated to|"
    rf"not (?:due to|because of|caused by|related to)|no(?:t an?)? {_TROUBLE} (?:with|of|in))"
    rf" (?:{_THE} )?{_OR}$"
)
_NO = re.compile(
    r"\b(?:no(?: more| longer| other| further| known| such)?|without(?: any)?|never(?: had| seen)?|"
    r"(?:haven't|hasn't|havent|hasnt|not) (?:had|seen|got|been)|(?:have|has) not)"
    r"(?: any| an?| the)? $"
)
_NOT_BAD = re.compile(r"(?:\bnot|\b(?:is|are|was|were)n'?t)(?: really| actually| completely)? $")
_DOES_NOT = re.compile(r"\b(?:(?:does|did|do|will) not|(?:does|did|do|wo)n'?t|never) $")
_TURNS_EN = re.compile(r"\bn|n'?t |\brather |\binstead |\bunrelated |\bwithout")
_BAD_EN = re.compile(
    r"\b(?:errors?|crash|fail|outage|problem|issue|virus|malware|ransom|phish|jam|freez|frozen|"
    r"corrupt|broken|disconnect|timeout|timed out|slow|leak|breach|damage|lost|down\b|offline|"
    r"stopped)"
)
_STATE_EN = re.compile(
    r"(?:slow|down|offline|broken|damaged|corrupt|lost|stuck|affected|frozen|infected)\b"
)
_ACT_EN = re.compile(r"(?:crash|freez|fail|disconnect|jam|drop)")
_BAD_AFTER_EN = re.compile(r" (?:problem|issue|error|outage|fault|failure|trouble)")
_RELATED_EN = re.compile(r"[ -](?:related|problem|issue|fault)\b")
_FINE_EN = re.compile(
    r"(?: itself)? (?:is|are|was|were|seems?|looks?|works?|runs?)(?: to be)?"
    r"(?: all| just| perfectly| absolutely| still| working| otherwise)?"
    r" (?:fine|ok|okay|normal|normally|all right|alright|good|"
    r"not (?:the|an?) (?:problem|issue|cause|fault))(?=$|[,.;!)\n]| (?:but|though|so)\b)"
)

# One search instead of one for each sign: nearly all that a mail without a denial costs.
_CLAUSE_END = re.compile(r"[,;。!?\n]|\.(?= )")
_LAST_END = re.compile(r"(?s:.*)(?:[,;。!?\n]|\.(?= ))")
_ASKS = re.compile(r"[^,;。!?\n]{0,24}?(?:\?|[吗么嘛吧呢](?:[,;。!?\n]|$))")
_ASKS_EN = re.compile(r"[^.!\n]{0,80}\?")


class Denial:
    """Answers for one folded text where it denies a word."""

    __slots__ = ("_ends", "_known", "_marks", "_starts", "_text")

    def __init__(self, text: str, marks: Sequence[int]) -> None:
        """`marks`: where one of `MARKS` begins, in order."""
        self._text = text
        self._marks = marks
        # The clauses that hold a mark, in order: most finds lie in none of them.
        self._starts: list[int] = []
        self._ends: list[int] = []
        end = 0
        for mark in marks:
            if mark >= end:
                first, last = max(0, mark - _REACH), mark + _REACH
                before = _LAST_END.match(text, first, mark)
                after = _CLAUSE_END.search(text, mark, last)
                end = after.start() if after else last
                self._starts.append(before.end() if before else first)
                self._ends.append(end)
        self._known: dict[Span, str | None] = {}  # rules share words

    def list_near(self, spans: Mapping[int, Span]) -> list[int]:
        """The numbers of places at which there is anything to look at."""
        starts, ends = self._starts, self._ends
        near = []
        for number, (start, end) in spans.items():
            clause = bisect_right(starts, end) - 1
            if clause >= 0 and ends[clause] >= start:
                near.append(number)
        return near

    def find_in(self, places: Iterable[Span]) -> str | None:
        """The same for something written in several pieces: what denies one denies all."""
        for start, end in places:
            why = self.find(start, end)
            if why is not None:
                return why
        return None

    def find(self, start: int, end: int) -> str | None:
        """The words that deny what stands there, in folded text; None: nothing does."""
        known = self._known
        if (start, end) not in known:
            known[start, end] = self._look(start, end)
        return known[start, end]

    def _look(self, start: int, end: int) -> str | None:
        text, marks = self._text, self._marks
        word, after, found = text[start:end], text[end : end + _AFTER], None
        first = bisect_left(marks, start - _BEFORE)
        if first < len(marks) and marks[first] < start:
            reach = max(0, start - _BEFORE)
            last = _LAST_END.match(text, reach, start)
            found = _deny_before(text[last.end() if last else reach : start], word, after)
        if found is None:
            first = bisect_left(marks, end, first)
            if first < len(marks) and marks[first] <= end + _AFTER:
                found = _deny_after(word, after)
        if found is None:
            return None
        asks = _ASKS_EN if _is_english(word) else _ASKS
        return None if asks.match(text, end, end + 2 * _AFTER) else found


def _deny_before(before: str, word: str, after: str) -> str | None:
    if before[-1:] == " ":
        return _deny_before_english(before, word, after) if _is_english(word) else None
    if not _TURNS.search(before):
        return None
    found = _NOT.search(before) if _NOT_ANY.search(before) else None
    if found and not _EITHER.match(after):
        return found[0]
    found = _RULED_OUT.search(before) if "排除" in before else None
    if found is None and before[-1] == "非" and _CAUSE_AFTER.match(after):
        found = _NON.search(before)
    if found:
        return found[0]
    if _NONE_ANY.search(before) and (_BAD.search(word) or _BAD_AFTER.match(after)):
        found = _NONE_OF.search(before)
        if found:
            return found[0]
    found = _UN.search(before) if _UN_ABLE.match(word) else None
    if found is None or before[: found.start()].endswith(word[0]):
        return None  # "卡不卡" asks
    return found[0]


def _deny_before_english(before: str, word: str, after: str) -> str | None:
    if not _TURNS_EN.search(before):
        return None
    found = _IS_NOT.search(before) or _APART_FROM.search(before)
    if found:
        return found[0].strip()
    found = _NO.search(before)
    if found and (_BAD_EN.search(word) or _BAD_AFTER_EN.match(after)):
        return found[0].strip()
    found = _NOT_BAD.search(before)
    if found and (_STATE_EN.match(word) or _RELATED_EN.match(after)):
        return found[0].strip()
    found = _DOES_NOT.search(before)
    return found[0].strip() if found and _ACT_EN.match(word) else None


def _deny_after(word: str, after: str) -> str | None:
    found = _APART.match(after) if "关" in after else None
    if found is None:
        found = _FINE_EN.match(after) if after[:1] == " " else _FINE.match(after)
        if found and (_BAD.search(word) or _BAD_EN.search(word)):
            return None
    return found[0].strip() if found else None


def _is_english(word: str) -> bool:
    return word[:1].isascii()
