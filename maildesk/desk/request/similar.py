"""Which open tickets are like this one?  At most three, for whoever opens the dispatch letter.

Titles are compared by the words in them: pairs of Han characters, Latin words. It does not know
what words mean, decides nothing and links nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maildesk.desk.arrival.subject import strip_prefixes
from maildesk.desk.rules.fold import fold_characters
from maildesk.desk.ticket import State

MOST = 3

Features = dict[str, float]

LONGEST = 200
"""Characters of a title, or of the words below it, that are looked at."""

_ALIKE = 0.5
_ALIKE_ELSEWHERE = 0.65
"""How much must agree, in the same category and in another; chosen on tests/desk/similar.yaml."""

_LEAST = 1.0
_LEAST_BELOW = 3.0
"""What two titles must share at least, and a title with a mail's words: a long mail holds some of
everything."""

# Courtesies, and the ways to say that something does not work: in nearly every title, and between
# the words that matter (卡纸了, 又卡纸; 登录不了, 无法登录).
FILLER = re.compile(
    "麻烦|帮忙|帮我|帮看|请问|请教|看一下|看下|一下|求助|紧急|急急|您好|你好|谢谢|老师|同事|各位|尽快|"
    "无法|不能|没法|没办法|不了|不上|不到|不开|不出来?|不进去?|不起来|没有|"
    "一直|老是|总是|经常|今天|现在|早上|突然|已经|出现|提示|显示|反馈|关于|"
    "[请急求不没又了的吗呢啊吧在被把和与及我你您有很太也都就还再]"
)
_ENDING = re.compile(r"(?<=[a-z]{2})(?:([bgmnprt])\1(?:ing|ed)|(?:ing|ed|es|s))(?![a-z])")
_RUN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+|[a-z0-9]+")
_IDLE_WORDS = """
a an the my our your i we it is are be am to in on of for from at with and or not no can cannot
could do doe did please help pl hi hello need want urgent problem issue work broken fail error new
again keep get
"""
# So common on an IT desk that sharing them says little.
_COMMON_WORDS = """
电脑 系统 问题 申请 软件 账号 权限 报错 设置 安装 使用 打开 网络 登录 访问 连接 公司 反应 文件
打印 印机 邮箱 邮件 会议 议室 视频 员工 新员 密码 手机
account computer pc laptop system software printer print email mail access network password user
file folder page
"""
_IDLE = frozenset(_IDLE_WORDS.split())
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open ticket that may be like a new one. `requester` is the person's key; `parent` the main
    ticket of its outage."""

    id: int
    number: str
    title: str
    category: str
    state: State
    handler: str | None = None
    opened: datetime | None = None
    requester: str = ""
    parent: int | None = None
    tags: tuple[str, ...] = ()


def find_similar(
    title: str, words: str, candidates: Sequence[Candidate], category: str
) -> tuple[Candidate, ...]:
    """The most alike first, equals in the order given; none when none is alike enough.

    `words` are the new words of the mail: they speak where a title says nothing (求助). Linear in
    what is looked at, 200 characters of each text.
    """
    return _rank(title, words, candidates, category)[:MOST]


def find_alike(
    title: str, words: str, candidates: Sequence[Candidate], category: str
) -> tuple[Candidate, ...]:
    """All of the same category that are alike, the most alike first: they may be one fault."""
    same = [item for item in candidates if item.category == category]
    return _rank(title, words, same, category)


def sign_titles(titles: Iterable[str]) -> list[str]:
    """What each title says without courtesies, numbers and the ways to say that something does not
    work: alike for 打印机卡纸 and 打印机又卡纸了. "" when nothing is left."""
    return [
        " ".join(run for run in _RUN.findall(line) if run not in _IDLE and not run.isdigit())
        for line in _clear(titles)
    ]


def group_alike(titles: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Places of titles that are alike, a group each, the largest first; a title alone is none.

    Each is like the first of its group, so that no chain leads from one fault to another.
    """
    groups: list[list[int]] = []
    firsts: list[tuple[Features, float]] = []
    holding: dict[str, list[int]] = {}  # by feature: groups whose first title has it
    for place, features in enumerate(_take_features(map(strip_prefixes, titles))):
        best = _find_nearest(features, firsts, holding)
        if best is not None:
            groups[best].append(place)
            continue
        for key in features:
            holding.setdefault(key, []).append(len(groups))
        groups.append([place])
        firsts.append((features, sum(features.values())))
    found = (tuple(group) for group in groups if len(group) > 1)
    return tuple(sorted(found, key=lambda group: (-len(group), group)))


def _find_nearest(
    features: Features, firsts: Sequence[tuple[Features, float]], holding: Mapping[str, list[int]]
) -> int | None:
    """The group whose first title is most alike, the older one of equals; None: alike enough is
    none. Looks only at those it shares something with."""
    shared: dict[int, float] = {}
    for key, weight in features.items():
        for group in holding.get(key, ()):
            shared[group] = shared.get(group, 0.0) + weight
    whole = sum(features.values())
    best, nearest = _ALIKE, None
    for group, weight in shared.items():
        other = firsts[group][1]
        score = weight / min(whole, other) / 2 + weight / (whole + other)
        if weight >= _LEAST and (score > best or (score == best and nearest is None)):
            best, nearest = score, group
    return nearest


def list_telling(title: str, words: str, most: int) -> tuple[str, ...]:
    """What a request can be looked up by: its telling words and pairs of Han characters, the
    title's first; common ones (电脑, printer) only where it says nothing else."""
    own, below = _take_features([strip_prefixes(title[:LONGEST]), words[:LONGEST]])
    features = own | below
    long = [key for key in features if len(key) > 1 and not key.isdigit()]
    telling = [key for key in long if key not in _COMMON]
    common = [key for key in long if key in _COMMON]
    return tuple(telling[:most] if len(telling) > 1 else [*telling, *common][:most])


def compare_words(request: tuple[str, str], known: tuple[str, str]) -> float:
    """How alike a request and something known are, each a title and words; between 0 and 1."""
    texts = [strip_prefixes(request[0][:LONGEST]), request[1][:LONGEST]]
    title, below, name, told = _take_features([*texts, *known])
    whole, there = below | title, told | name
    return max(
        _compare(title, name),
        _contain(whole, name),
        (_compare(whole, there) + _contain(there, whole)) / 2,
    )


def _rank(
    title: str, words: str, candidates: Sequence[Candidate], category: str
) -> tuple[Candidate, ...]:
    if not candidates:
        return ()  # as mostly, and what the mail says need not be weighed
    own = strip_prefixes(title[:LONGEST])
    texts = [own, words[:LONGEST], *(candidate.title for candidate in candidates)]
    asked, below, *known = _take_features(texts)
    whole = asked | below
    found = []
    for place, (candidate, features) in enumerate(zip(candidates, known, strict=True)):
        if not any(key in whole for key in features):
            continue  # which is nearly all of them
        score = max(_compare(asked, features), _contain(whole, features))
        if score >= (_ALIKE if candidate.category == category else _ALIKE_ELSEWHERE):
            found.append((-score, place))
    return tuple(candidates[place] for _, place in sorted(found))


def _take_features(texts: Iterable[str]) -> list[Features]:
    """What each text is compared by, with weights. All at once: folding is most of the work."""
    return [_weigh(line) for line in _clear(texts)]


def _clear(texts: Iterable[str]) -> list[str]:
    """The texts, folded, without what says nothing."""
    lines = (" ".join(text[:LONGEST].split()) for text in texts)
    text = _ENDING.sub(r"\1", FILLER.sub("", fold_characters("\n".join(lines))))
    return text.split("\n")


def _weigh(line: str) -> Features:
    """A Latin word says more than two Han characters do, and one alone says little."""
    features: Features = {}
    for run in _RUN.findall(line):
        if run < "\x80":
            if run not in _IDLE:
                features[run] = 0.5 if len(run) == 1 else 1.2 if run in _COMMON else 2.5
        elif len(run) == 1:
            features[run] = 0.5
        else:
            for start in range(len(run) - 1):
                pair = run[start : start + 2]
                features[pair] = 0.5 if pair in _COMMON else 1.0
    return features


def _compare(one: Features, other: Features) -> float:
    """Between 0 and 1: half how much of the shorter is in the longer, half how much of both."""
    shared = sum(weight for key, weight in other.items() if key in one)
    if shared < _LEAST:
        return 0.0
    a, b = sum(one.values()), sum(other.values())
    return shared / min(a, b) / 2 + shared / (a + b)


def _contain(whole: Features, other: Features) -> float:
    """How much of `other` is in `whole`, when that is enough to mean anything."""
    shared = sum(weight for key, weight in other.items() if key in whole)
    if shared < _LEAST_BELOW:
        return 0.0
    return shared / sum(other.values())
