"""A month of a small company, written as it goes on: who asks what, and what they do with letters.

Everybody reacts to the letters he really gets, by dice of his own, so that the month holds together
whatever the desk decides. What was done comes out as a script for `maildesk simulate`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

from maildesk.config.mailscript import Click, Machine, Scripted

ZONE = ZoneInfo("Asia/Shanghai")
DOMAIN = "desk.test"
SEED = "20260921"
BEGIN = datetime(2026, 9, 21, 8, 0, tzinfo=ZONE).astimezone(UTC)
"""A Monday; Mid-Autumn and the National Day week follow, with a Saturday to make up for it."""
END = datetime(2026, 10, 21, 8, 0, tzinfo=ZONE).astimezone(UTC)
TICKETS = 300

_FREE = frozenset(
    {date(2026, 9, day) for day in (25, 26, 27)} | {date(2026, 10, day) for day in range(1, 8)}
)
_MADE_UP = frozenset({date(2026, 10, 10)})

ENGINEERS = {
    "刘洋": ("liu", "hardware", "HW005"),
    "何勇": ("he", "hardware", "HW006"),
    "陈静": ("chen", "network", "NT002"),
    "马骏": ("ma", "network", "NT003"),
    "赵磊": ("zhao", "systems", "SY003"),
    "吴敏": ("wumin", "systems", "SY004"),
    "孙浩": ("sunhao", "desk", "SD001"),
    "郑凯": ("zheng", "security", "SE001"),
}
LEAD = ("王强", "wang")
AWAY = {"刘洋": (date(2026, 9, 23), date(2026, 9, 24)), "赵磊": (date(2026, 10, 12),) * 2}
"""Who is out of office from when to when; his mail program says so."""
GONE = "lin.left"
"""An address of which every letter comes back."""
READER = f"boss@{DOMAIN}"
"""Who reads the reports the lead passes on."""
_SURNAMES = "张李钱周孙冯褚卫蒋沈韩杨朱秦尤许何吕施"
_GIVEN = ("敏", "娜", "悦", "宁", "多", "伟")
_DEPARTMENTS = ("财务部", "销售部", "人力资源部", "生产部", "市场部")

# What people write: subject and words. Some say too little, some ask for what needs a yes.
REQUESTS = (
    ("打印机卡纸", "三楼的打印机又卡纸了，型号 M428，报错 E6，只有我们这台。"),
    ("显示器黑屏", "今天早上开机后显示器黑屏，电源灯亮着，只有我这台这样。"),
    ("键盘失灵", "键盘好几个键按了没反应，今天开始的，只有我这台电脑。"),
    ("VPN 连不上", "在家连不上 VPN，提示证书过期，从昨天开始，同事正常。"),
    ("无线网很慢", "会议室的 wifi 今天下午一直很慢，网页打不开，同事也这样。"),
    ("邮箱收不到邮件", "Outlook 从今天上午开始收不到外部邮件，没有报错，只有我这样。"),
    ("Excel 打开报错", "打开报表 Excel 提示内存不足，文件 20MB，今天每次都这样。"),
    ("申请开通邮箱", "新同事李雷下周一入职，请给他开通邮箱和 OA 账号，下周一之前。"),
    ("申请 CRM 权限", "申请 CRM 系统只读权限，用于月底做报表，本周五之前。"),
    ("误删了文件", "共享盘里的合同目录被我误删了，今天上午的事，能恢复吗？"),
    ("收到可疑邮件", "收到一封让我点链接改密码的邮件，我没点，显示发件人是 it@corp，怎么处理？"),
    ("怎么设置自动回复", "请问 Outlook 怎么设置休假自动回复？"),
    ("电脑坏了", "电脑坏了，快来看看。"),
    ("系统不好用", "系统今天不好用。"),
    ("ERP 无法登录", "ERP 登录提示账号被锁定，今天要做月结，麻烦尽快。"),
    ("投影仪不亮", "二楼会议室投影仪不亮，下午 3 点有客户来，麻烦看一下。"),
    ("办公室空调不冷", "办公室空调今天不冷，能来看看吗？"),
    ("全部门都上不了网", "销售部整个部门都上不了网，从刚才开始，都没法工作。"),
    ("Word 一直崩溃", "Word 每次打开这个模板就崩溃，提示 0xc0000005，今天开始。"),
    ("申请换一台笔记本", "笔记本用了六年，申请更换一台，用于出差，月底之前。"),
)
_ENGLISH = (
    ("Printer jam", "The printer on floor 2 jams, error E6, only this one, since this morning."),
    ("VPN drops", "The VPN drops every ten minutes since yesterday, no error message."),
    ("New mailbox please", "Please open a mailbox for our new colleague by next Monday."),
)
_SOLUTIONS = (
    "已更换搓纸轮，连打十页正常，请再试一次。",
    "证书已经更新，请重新连接一次试试。",
    "账号已经解锁，请重新登录看看。",
    "已经处理好，请您确认。",
)
_PROGRESS = (
    "您好，我是{who}，正在查看，预计今天下班前有结果。",
    "您好，已经定位到原因，备件明天上午到，到了就去换。",
)
_CLICKED: tuple[Click, ...] = ("start", "solved")
_GOOD = ("好了，谢谢！", "可以了", "已解决，谢谢", "没问题了")
_RATED = ("5", "好了，满意", "4 分，处理很快，但没提前通知", "好了，2分，太慢了", "1")
_BAD = ("还是不行，跟之前一样", "没好，还是报错", "还没好")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks: `local` is the part of his address before the @."""

    name: str
    local: str
    department: str
    language: str = ""

    @property
    def address(self) -> str:
        return f"{self.local}@{DOMAIN}"


def list_requesters() -> tuple[Person, ...]:
    people = [
        Person(surname + given, f"u{at}", _DEPARTMENTS[at % len(_DEPARTMENTS)])
        for at, (surname, given) in enumerate(
            (surname, _GIVEN[at % len(_GIVEN)]) for at, surname in enumerate(_SURNAMES)
        )
    ]
    return (
        *people,
        Person("林走", GONE, "市场部"),
        Person("Alice Chen", "alice", "市场部", "en"),
        Person("Tom Becker", "tom", "生产部", "en"),
    )


def write_people() -> str:
    """The people list."""
    rows = [
        f"- {{name: {name}, addresses: [{local}@{DOMAIN}], role: engineer, groups: [{group}], "
        f"staff_number: {number}, extension: '80{at:02d}'}}"
        for at, (name, (local, group, number)) in enumerate(ENGINEERS.items())
    ]
    rows.append(f"- {{name: {LEAD[0]}, addresses: [{LEAD[1]}@{DOMAIN}], role: lead}}")
    rows.append(f"- {{name: 高总, addresses: [gao@{DOMAIN}], department: 总经办}}")
    for person in list_requesters():
        language = f", language: {person.language}" if person.language else ""
        rows.append(
            f"- {{name: {person.name}, addresses: [{person.address}], "
            f"department: {person.department}, manager: 高总{language}}}"
        )
    return "\n".join(rows) + "\n"


def write_script(items: Iterable[Scripted]) -> str:
    """The script as a file for `maildesk simulate --script`, an entry a line."""
    return "".join(f"- {json.dumps(_list_values(item), ensure_ascii=False)}\n" for item in items)


def _list_values(item: Scripted) -> dict[str, object]:
    answered = item.letter
    if answered is not None and item.reader:
        answered = f"{item.letter} to {item.reader}"
    values = {
        "at": item.at.astimezone(ZONE).isoformat(),
        "from": item.sender,
        "cc": list(item.cc),
        "subject": item.subject,
        "body": item.body,
        "reply_to": answered,
        "ticket": item.ticket,
        "click": item.click,
        "kind": item.machine,
    }
    return {key: value for key, value in values.items() if value}


# ── when people work ─────────────────────────────────────────────────────────────────────────


def at_work(moment: datetime) -> datetime:
    """That moment, or the next at which somebody sits at his desk."""
    local = moment.astimezone(ZONE)
    for begin, end in ((time(9), time(12)), (time(13, 30), time(18))):
        if works(local.date()) and local.time() < end:
            start = local.replace(hour=begin.hour, minute=begin.minute, second=local.second)
            return max(local, start).astimezone(UTC)
    following = (local + timedelta(days=1)).replace(hour=9, minute=local.minute // 2)
    return at_work(following.astimezone(UTC))


def works(day: date) -> bool:
    return day in _MADE_UP or (day.weekday() < 5 and day not in _FREE)


# ── the month as it comes about ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Got:
    """A letter somebody got: what it is, who reads it, about which ticket ("": about none)."""

    at: datetime
    kind: str
    reader: str
    ticket: str


class Scene(Protocol):
    """Where a month happens: the desk, its clock, and what reaches it."""

    def find_next(self) -> datetime | None:
        """When something happens by itself."""

    def play(self, moment: datetime, items: Sequence[Scripted]) -> list[Scripted]:
        """It is now then, and these people act; who of them could. All that follows happens."""

    def take_letters(self) -> list[Got]:
        """What arrived since it was asked last."""


@dataclass(slots=True)
class Director:
    """Lets the month's people read their letters and do what they do, one thing a second."""

    scene: Scene
    played: list[Scripted] = field(default_factory=list)
    _waiting: list[Scripted] = field(default_factory=list)
    _taken: set[datetime] = field(default_factory=set)
    _times: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def run(self, until: datetime) -> None:
        """The whole month; afterwards `played` is its script."""
        for item in ask_everything():
            self._plan(item)
        while True:
            due = self.scene.find_next()
            coming = min((item.at for item in self._waiting), default=None)
            moment = min((at for at in (coming, due) if at), default=until)
            if moment >= until:
                return
            now = sorted((item for item in self._waiting if item.at <= moment), key=_when)
            self._waiting = [item for item in self._waiting if item.at > moment]
            self.played += self.scene.play(moment, now)
            for got in self.scene.take_letters():
                self._times[got.kind, got.reader, got.ticket] += 1
                count = self._times[got.kind, got.reader, got.ticket]
                for answer in react(got, count):
                    self._plan(answer)

    def _plan(self, item: Scripted) -> None:
        at = item.at.replace(microsecond=0)
        while at in self._taken:
            at += timedelta(seconds=1)
        self._taken.add(at)
        self._waiting.append(replace(item, at=at))


def _when(item: Scripted) -> datetime:
    return item.at


# ── what people do ───────────────────────────────────────────────────────────────────────────


def ask_everything() -> list[Scripted]:
    """The month's requests: most at work, a few at night, on Sundays, from outside, all at once."""
    dice = Random(SEED)
    people = list_requesters()
    days = [BEGIN + timedelta(days=day) for day in range(29)]
    busy = [day for day in days if works(day.astimezone(ZONE).date())]
    asked = []
    for at in range(TICKETS):
        day = busy[at * len(busy) // TICKETS] if at % 15 else days[at * len(days) // TICKETS]
        minutes = dice.randrange(60, 10 * 60) if at % 12 else dice.randrange(0, 24 * 60)
        subject, body = dice.choice(REQUESTS)
        person = dice.choice(people)
        if person.language == "en":
            subject, body = dice.choice(_ENGLISH)
        moment = day + timedelta(minutes=minutes, seconds=dice.randrange(60))
        asked.append(Scripted(moment, "", person.address, subject=subject, body=body))
    for at, person in enumerate(people[:5]):  # one morning's outage
        moment = datetime(2026, 9, 29, 9, 10 + 7 * at, 3 * at, tzinfo=ZONE).astimezone(UTC)
        words = "OA打不开了，提示502，麻烦看一下。"
        asked.append(Scripted(moment, "", person.address, subject="OA打不开", body=words))
    moment = datetime(2026, 10, 13, 14, 20, 5, tzinfo=ZONE).astimezone(UTC)
    words = "全公司断网，所有人都上不了网，快来！"
    asked.append(Scripted(moment, "", people[7].address, subject="全公司断网", body=words))
    for at in range(4):
        moment = days[6 * at] + timedelta(hours=2, minutes=13 * at, seconds=7)
        who = f"stranger{at}@elsewhere.test"
        asked.append(Scripted(moment, "", who, subject="你好", body="请问可以报修吗？"))
    return [replace(item, place="month") for item in asked]


def react(got: Got, count: int) -> Iterator[Scripted]:
    """What the reader of a letter does about it; nothing, if he is like that."""
    dice = Random(f"{SEED}:{got.ticket}:{got.kind}:{got.reader}:{count}")
    if got.reader == f"{GONE}@{DOMAIN}":
        if got.kind == "ack" and count == 1:
            yield _answer(got, timedelta(seconds=40), "", machine="bounce")
        return
    engineers = {f"{local}@{DOMAIN}": name for name, (local, *_) in ENGINEERS.items()}
    if got.reader in engineers:
        yield from _work(got, count, dice, engineers[got.reader])
    elif got.reader == f"{LEAD[1]}@{DOMAIN}":
        yield from _lead(got, count, dice)
    else:
        yield from _use(got, count, dice)


def _work(got: Got, count: int, dice: Random, name: str) -> Iterator[Scripted]:
    """An engineer with a letter."""
    away = AWAY.get(name)
    today = got.at.astimezone(ZONE).date()
    if away is not None and away[0] <= today <= away[1]:
        if got.kind == "dispatch":
            first, last, back = (f"{day:%m月%d日}" for day in (*away, away[1] + timedelta(1)))
            words = f"我{first}至{last}休假，{back}返岗。"
            yield _answer(got, timedelta(minutes=1), words, machine="auto_reply")
        return
    soon = timedelta(minutes=dice.randrange(5, 200), seconds=dice.randrange(60))
    later = soon + timedelta(minutes=dice.randrange(30, 300))
    solved = f"#已解决\n备份：不涉及\n{dice.choice(_SOLUTIONS)}"
    steps: tuple[tuple[timedelta, str], ...] = ()
    if got.kind == "dispatch":
        steps = _handle(name, soon, later, solved, dice)
    elif got.kind == "answer" or (got.kind == "escalation" and count == 1):
        steps = ((soon, solved),)
    elif got.kind == "missed" and count == 1:
        yield _answer(got, soon, "#超时原因 外出，16:50 返回", work=True)
        steps = ((later, solved),)
    for after, words in steps:
        answer = replace(_answer(got, after, words, work=True), letter="dispatch")
        for click in _CLICKED:
            if words.startswith(f"{click}@"):
                rest = words.removeprefix(f"{click}@")
                answer = replace(answer, click=click, letter=None, body=rest)
        yield answer


def _handle(
    name: str, soon: timedelta, later: timedelta, solved: str, dice: Random
) -> tuple[tuple[timedelta, str], ...]:
    """What comes of a dispatch: when, and the words; or a link, `@`, and its words."""
    other = dice.choice([one for one in ENGINEERS if one != name])
    solution, day = dice.choice(_SOLUTIONS), timedelta(days=1)
    ways: tuple[tuple[int, tuple[tuple[timedelta, str], ...]], ...] = (
        (6, ((soon, dice.choice(_PROGRESS).format(who=name)), (later, solved))),
        (4, ((soon, solved),)),
        (2, ((soon, "#等用户\n您好，请问是哪一台，报错是什么？"),)),
        (1, ((soon, f"#转派 {other}"),)),
        (1, ((soon, "start@"), (later, f"solved@{solution}"))),
        (1, ((soon, "#内部\n同型号这个月第三台了。"), (later, solved))),
        (2, ((soon, solved), (later, "#知识库"), (later + day, "#经验 先看缓存\n#发布"))),
        (1, ((soon, "#升级 需要厂商支持｜需要一名网络工程师"),)),
        (1, ((soon, "您好，正在看。\n\n#预计 明天上午"), (later + day, solved))),
        (1, ((soon + day * 3, solved),)),
        (1, ()),
    )
    (way,) = dice.choices([steps for _, steps in ways], [weight for weight, _ in ways])
    return way


def _lead(got: Got, count: int, dice: Random) -> Iterator[Scripted]:
    """The lead with a letter."""
    soon = timedelta(minutes=dice.randrange(3, 40), seconds=dice.randrange(60))
    if count > 1 and got.kind != "report":
        return
    if got.kind == "unassigned" and got.ticket:
        yield _answer(got, soon, f"#转派 {dice.choice(list(ENGINEERS))}", work=True)
    elif got.kind == "escalation":
        words = f"#同意升级 {dice.choice(list(ENGINEERS))}", "#暂不升级 先等备件", ""
        yield from (_answer(got, soon, word) for word in (dice.choice(words),) if word)
    elif got.kind == "outage":
        yield _answer(got, soon, "#主单")
    elif got.kind in ("plan", "approval"):
        yield _answer(got, soon, "#批准")
    elif got.kind == "report" and dice.randrange(3):
        yield _answer(got, soon, dice.choice(("转发", "本期网络组辛苦了，下周请关注超时。")))


def _use(got: Got, count: int, dice: Random) -> Iterator[Scripted]:
    """Somebody who asked, or whose yes is needed."""
    soon = timedelta(minutes=dice.randrange(2, 300), seconds=dice.randrange(60))
    if got.kind == "solved":
        way = dice.randrange(20)
        if way < 9:
            yield _answer(got, soon, dice.choice((*_GOOD, *_RATED)))
        elif way < 13:
            yield replace(_answer(got, soon, ""), click="confirm", letter=None)
        elif way < 15 and count == 1:
            yield _answer(got, soon, dice.choice(_BAD))
        elif way == 15 and count == 1:
            words = "还是不行，提示一样"
            yield replace(_answer(got, soon, words), click="broken", letter=None)
        elif way == 16:
            yield _answer(got, soon, "谢谢")
    else:
        words = _reply(got, count, dice)
        if words:
            after = soon + timedelta(days=got.kind == "ack")
            yield _answer(got, after, words)


def _reply(got: Got, count: int, dice: Random) -> str:
    """His words to any other letter; "" when he leaves it at that."""
    often, says = {
        "reminder": (2, dice.choice((*_GOOD, *_RATED))),
        "reminders": (2, "好了"),
        "survey": (2, dice.choice(("5", "4", "2，太慢了", "非常满意", "1"))),
        "closed": (8, "其实还没好，还是报错"),
        "question": (1, "三楼靠窗那台，提示代码 0x80。"),
        "clarify": (2, "开机后黑屏，没有报错，只有我这台，今天早上开始的。"),
        "ack": (12, "怎么还没好？"),
        "approval": (1, dice.choice(("同意", "同意", "不同意，先不用"))),
    }.get(got.kind, (0, ""))
    once = got.kind in ("ack", "clarify")
    return says if often and not dice.randrange(often) and not (once and count > 1) else ""


def _answer(
    got: Got, after: timedelta, words: str, *, work: bool = False, machine: Machine | None = None
) -> Scripted:
    """An answer to a letter some time after it; `work`: once its reader sits at his desk."""
    at = at_work(got.at + after) if work else got.at + after
    return Scripted(
        at, "month", got.reader, body=words, letter=got.kind, ticket=got.ticket or None,
        machine=machine,
    )  # fmt: skip
