"""Do somebody's new words say that more people are concerned than before (R15)?

Only what is claimed counts: not what is asked, denied, feared or already over. Pure; which
priority follows is decided where the profile is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from maildesk.desk.rules.fold import fold_characters


@dataclass(frozen=True, slots=True)
class Growth:
    """The clause that says so."""

    said: str


def find_growth(words: str) -> Growth | None:
    """The first clause that says that it is wider now; None when none does."""
    text = fold_characters(words[:_READ])
    if _HINT.search(text) is None:
        return None  # most mails, and much cheaper than looking at each clause
    for part in _CLAUSES.split(text):
        clause = part.strip()
        wide = _WIDE.search(clause)
        if wide is None or not _fails(clause, wide):
            continue
        return Growth(clause[:_SHOWN])
    return None


_READ = 2_000
_SHOWN = 80
# A comma parts no thoughts: in 现在整个部门，全都上不了 what fails stands behind it.
_CLAUSES = re.compile(r"(?<=[?。.!;\n])\s*|\n")

# What every sign of a wider scope holds: letters and words alone are found fast.
_HINT = re.compile(
    "[整全所家隔旁其别另周对越楼范多几少人同用台财市销研生采行法客仓物]|"
    "whole|entire|every|all of|all users|other|more|next door|several|many|spread"
)
_GROUP = (
    r"(?:部门?|科室?|楼层?|层|办公室|办公区|车间|分公司|公司|团队|小组|组|门店|厂区|区域?|大楼|园区|"
    r"人)"
)
_WIDE = re.compile(
    rf"(?:整个?|全){_GROUP}|整层|整栋|全员|所有(?:的)?(?:人|同事|电脑|用户|部门)|大家|"
    r"(?:隔壁|旁边|其他|别的|另外|好几个?|多个|几个|其它|周围|对面)(?:的)?"
    r"(?:\w{0,2})(?:部门?|科室|同事|办公室|人|电脑|组|楼层|门店|工位|座位)|"
    r"越来越多(?:的)?(?:人|同事|电脑|用户)|(?:二|三|四|五|六|七|八|九|十|\d{1,2})楼(?:也|都|全)|"
    r"(?:\d{2,4}|十几|几十|二十|三十|好多|很多|不少)(?:个|位|名)?(?:人|同事|用户|台)|范围(?:在|又)?扩大|"
    r"(?:财务|市场|销售|人事|研发|生产|采购|行政|法务|客服|仓储|物流)部?(?:门)?(?:也|都|全)|"
    r"\b(?:whole|entire) (?:floor|department|team|office|building|company|branch|site|group)\b|"
    r"\b(?:everyone|everybody|all of us|all users|the others|other (?:colleagues|departments|teams|"
    r"users|people)|more (?:and more )?(?:people|users|colleagues)|next door|"
    r"(?:several|many) (?:people|colleagues|users|departments))\b|\bspread(?:s|ing)?\b"
)
_FAILURE = re.compile(
    r"不了|不上|不到|不开|不出|不动|不通|不行|不能|无法|没法|断|掉线|瘫痪|卡|慢|报错|错误|失败|异常|故障|"
    r"坏|死机|崩|中毒|黑屏|蓝屏|没网|没有网|也(?:是)?(?:一样|这样|如此|有)|同样|受影响|影响|扩大|"
    r"\b(?:down|offline|can't|cannot|unable|fail(?:s|ed|ing)?|error|broken|slow|affected|same|"
    r"can not|stuck|lost|unreachable|no (?:network|internet|access)|not work(?:ing)?|spread)\b"
)
_NOT = re.compile(
    r"(?:不是|并非|没有影响|没影响|不影响|未影响|不会影响|除了|不涉及|不止是|只有我|就我|仅我|只是我)[^,]{0,12}$|"
    r"\b(?:not|isn't|only|never|except|without)\b[^,]{0,20}$"
)
# Over, asked, feared, wished: nobody claims that it is so now.
_OVER = re.compile(
    r"(?:都|也|已|已经|全)?(?:恢复|修好|好了|正常|可以了|能上了|能用了|解决|没问题|没事|"
    r"没受影响|不受影响)|(?<!不)(?:没有|没)(?:受)?影响|"
    r"\b(?:works? (?:now|again|fine)|(?:is|are) (?:fine|back)|"
    r"fixed|solved|recovered|not affected|unaffected|all good)\b"
)
_DOUBT = re.compile(
    r"\?|吗|会不会|是不是|是否|如果|万一|要是|担心|怕|以免|避免|免得|防止|可能会|将会|希望|之前|上次|上周|昨天|去年|"
    r"\b(?:if|whether|might|could|would|afraid|worried|before|last (?:week|time)|yesterday|hope)\b"
)


def _fails(clause: str, wide: re.Match[str]) -> bool:
    before, behind = clause[: wide.start()], clause[wide.start() :]
    if _NOT.search(before) or _DOUBT.search(clause) or _OVER.search(clause):
        return False
    return _FAILURE.search(behind) is not None or _FAILURE.search(before) is not None
