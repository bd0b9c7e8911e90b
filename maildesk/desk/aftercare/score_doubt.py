"""Words beside a score that make it none, or make a yes of it uncertain: what is promised, refused
or asked; what seems to go on.

给不了5分 and 等修好了再给5分 name a score and give none. Who is wrongly taken to be content is
heard no more; who is asked once too often only answers. What follows is `score`'s question.
"""

from __future__ import annotations

import re

UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Signs nobody sees; they turn the writing round, or keep words from being found."""


def is_hollow(before: str, after: str) -> bool:
    """Whether the words around a score say that it is not given, or not yet, or ask for it."""
    before, after = before.strip(), after.strip()
    if after in _ASKED and not before:
        return True
    if _REFUSED.search(before) or _REFUSED_AFTER.match(after):
        return True
    if _LATER.search(before) or _PROMISED.search(before):
        return True
    return _CONDITION.search(after) is not None and "更" not in after


def may_go_on(rest: str) -> bool:
    """Whether a remark beside a good score may as well say that it still fails."""
    return _GOES_ON.search(rest) is not None


_ASKED = frozenset(("?", "吗", "吗?", "么", "么?", "??", "???"))
_GIVING = r"(?:给|打|评|值|有|到|要|拿)?(?:你们|您|你|他们?)?\s*$"
_REFUSED = re.compile(
    r"(?:不|没|没有|别|未|无法|不能|不会|不想|不值|不配|不够|不了|不到|别想|休想|不可能)" + _GIVING
    + r"|(?:\b(?:not|no|never|cannot)\b|n['’]t\b)(?:\s+[a-z]+){0,2}\s*$",
    re.IGNORECASE,
)  # fmt: skip
_REFUSED_AFTER = re.compile(r"(?:都|也|是)?(?:给不了|打不了|不可能|不给|免谈|不配|就?别想|想得美)")
_LATER = re.compile(r"(?:再|才能?|才会)" + _GIVING)
# "快，所以就给5分" is a score; "能修好就给5分" is none.
_PROMISED = re.compile(
    r"(?:如果|要是|假如|若(?!干)|只要|的话|能|等(?!了|候|级)).{0,16}(?:就|会|将|一定)(?:会|能)?"
    + _GIVING
    + r"|\b(?:i|we)(?:['’](?:d|ll)|\s+(?:would|will|might|could))\s+(?:give|rate|say)\b.{0,20}$",
    re.IGNORECASE,
)  # fmt: skip
_CONDITION = re.compile(
    r"(?:如果|要是|假如|等(?!了|候|级)|只要).{0,10}(?:修好|解决|搞定|恢复|能用|好了|弄好|处理好)"
    r"|\b(?:if|once|unless|until|when|after|as soon as)\s+(?:you|it|this|that|they)\s+"
    r"(?:ever\s+|really\s+|finally\s+)?(?:fix|solve|repair|work|do|get|is fixed|is solved)",
    re.IGNORECASE,
)
_PRAISE = (
    r"很|挺|比较|非常|蛮|满意|不错|可以|好(?!不)|快|准|稳|耐心|专业|热情|细|及时|负责|高效|认真|靠谱"
    r"|谢|感谢|要|想|希望|建议|觉得|值得|有礼貌|周到|麻烦"
)
_GOES_ON = re.compile(
    rf"(?:(?<!下次)还是|依然|仍然?|依旧|照样)(?!{_PRAISE})|又(?!{_PRAISE}|是)"
    r"|\b(?:still|again)\b(?!\s+(?:thank|great|good|very|happy|many))(?!\W*$)",
    re.IGNORECASE,
)
