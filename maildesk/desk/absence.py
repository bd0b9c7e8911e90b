"""Is somebody away, and until when?  An out-of-office notice read for its end, and leave by plan.

`休假至11月30日，12月1日返岗`, `back on Monday 1 December`; without a day, until the end of the next
working day. Whether the notice may be believed is `attendance`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.almanac import works_on
from maildesk.desk.dates_said import SaidDay, find_days
from maildesk.desk.fold import fold
from maildesk.desk.person import Person
from maildesk.desk.profile import Calendar

LONGEST = timedelta(days=60)
"""A notice that says more is believed so long; the next one says it again."""

_DAY = timedelta(days=1)
_SAMPLE = 3000
_FURTHEST = 400


@dataclass(frozen=True, slots=True)
class Absence:
    """Until when a notice keeps its author from getting tickets; None: it does not. `why` is
    plain English."""

    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away at the moment that was asked about; `planned`: by the people list."""

    until: datetime
    planned: bool

    def describe(self, zone: ZoneInfo) -> str:
        """In plain English, for findings."""
        why = "on leave" if self.planned else "out of office"
        at = self.until.astimezone(zone)
        if at.time() == time(0):
            return f"{why} until the end of {at - _DAY:%Y-%m-%d}"
        return f"{why} until {at:%Y-%m-%d %H:%M}"


def find_away(
    person: Person, notices: Mapping[str, datetime], now: datetime, zone: ZoneInfo
) -> Away | None:
    """Whether he is away: by his notice (`notices`: until when, by address key) or by plan."""
    said = max((notices[key] for key in person.addresses if key in notices), default=None)
    today = now.astimezone(zone).date()
    planned = [last for first, last in person.away if first <= today <= last]
    ends = [Away(_end_of(last, zone), True) for last in planned]
    if said is not None and said > now:
        ends.append(Away(said, False))
    return max(ends, key=lambda away: away.until, default=None)


def read_absence(
    subject: str, text: str, now: datetime, zone: ZoneInfo, calendar: Calendar | None
) -> Absence:
    """What an automatic reply says of its author's absence; never an end before `now`."""
    told = fold(f"{subject[:300]}\n{text[:_SAMPLE]}")
    word = _ABSENT.search(told)
    if word is None:
        return Absence(None, "it says nothing of an absence")
    today = now.astimezone(zone).date()
    if _LEFT.search(told):
        return Absence(now + LONGEST, "it says that he has left")
    days = find_days(told, today)
    clock = None if any(day.last > today for day in days) else _BACK_AT.search(told)
    if clock is not None and (at := _read_clock(clock, today, zone)) is not None:
        if at > now:
            return Absence(at, f"“{clock[0].strip()}”")
        return Absence(None, f"“{clock[0].strip()}” has passed")
    end, why = _find_end(told, days, today)
    if end is None:
        end = _find_working_day(today, calendar)
        why = f"“{word[0]}” and no day: until the end of the next working day"
    until = _end_of(end, zone)
    if until <= now:
        return Absence(None, f"{why} has passed")
    return Absence(min(until, now + LONGEST), why)


def _find_end(told: str, days: tuple[SaidDay, ...], today: date) -> tuple[date | None, str]:
    """The last day away, and the words that say so. A day of return says most, then an end."""
    ends: dict[str, list[tuple[date, str]]] = {"back": [], "until": [], "on": []}
    for place, day in enumerate(days):
        before = told[days[place - 1].end if place else 0 : day.start][-30:]
        after = told[day.end : days[place + 1].start if place + 1 < len(days) else None][:30]
        role = _judge(day, before, after, told)
        if role is None:
            continue
        words = told[max(0, day.start - 12) : day.end + 6].strip().replace("\n", " ")
        last = day.last
        if role == "back":
            last = day.first - _DAY if not _AFTER_IT.search(before) else day.last
        elif role == "before":
            role, last = "until", day.first - _DAY
        ends[role].append((last, f"“{words}”"))
    for role in ("back", "until", "on"):
        ahead = [item for item in ends[role] if item[0] >= today]
        if ahead:
            return ahead[0] if role == "back" else max(ahead) if role == "on" else ahead[0]
    passed = [item for found in ends.values() for item in found]
    length = _LENGTH.search(told)
    if passed or length is None:
        return max(passed, default=(None, ""))
    number, unit = length["n"] or length["n2"], length["u"] or length["u2"]
    return today + (_read_length(number, unit) - 1) * _DAY, f"“{length[0]}”"


def _judge(day: SaidDay, before: str, after: str, told: str) -> str | None:
    """What a day means by the words around it: `back`, `until`, `before`, `on`; None: nothing."""
    if _BACK_AFTER.match(after) or _BACK_BEFORE.search(before):
        return "back"
    if _BEFORE_AFTER.match(after):
        return "before"
    if _UNTIL_BEFORE.search(before) or _UNTIL_AFTER.match(after):
        return "until"
    if day.last > day.first and _FROM_BEFORE.search(before):
        return "until"
    if day.loose or _FROM_BEFORE.search(before) or _FROM_AFTER.match(after):
        return None
    # A day that stands among other things (a deadline, an order's date) is none of absence.
    near = told[max(0, day.start - 40) : day.end + 40]
    return "on" if _ABSENT.search(near) else None


def _find_working_day(today: date, calendar: Calendar | None) -> date:
    """The next day after today that is worked."""
    days = (today + ahead * _DAY for ahead in range(1, _FURTHEST))
    if calendar is None:
        return today + _DAY
    return next((day for day in days if works_on(day, calendar)), today + _DAY)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + _DAY, time(0), zone).astimezone(UTC)


def _read_clock(match: re.Match[str], today: date, zone: ZoneInfo) -> datetime | None:
    hour = int(match["h"] or match["h2"] or match["h3"])
    written = match["min"] or match["min2"] or match["min3"] or "0"
    minute = 30 if written == "半" else int(written)
    half = match["half"] or match["half2"] or ""
    if half in _LATER and hour < 12 and (half, hour) != ("中午", 11):
        hour += 12
    if hour > 23 or minute > 59:
        return None
    return datetime.combine(today, time(hour, minute), zone).astimezone(UTC)


def _read_length(number: str, unit: str) -> int:
    """Days that `三天`, `两周`, `a week`, `10 days` come to."""
    count = _NUMBERS.get(number, 0) or (int(number) if number.isdigit() else 1)
    if number == "半":
        return 15 if "月" in unit else 1
    size = 7 if unit.startswith(("周", "星期", "礼拜", "week")) else 1
    if "月" in unit or unit.startswith("month"):
        size = 30
    return max(1, min(count * size, 365))


_LATER = ("下午", "晚上", "傍晚", "pm", "中午")
_NUMBERS = {
    **{sign: value for value, sign in enumerate("一二三四五六七八九十", 1)},
    **{"两": 2, "几": 3, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5},
    **{"six": 6, "seven": 7, "ten": 10, "a few": 3},
}
_LEAVE = r"(?:annual|sick|parental|maternity|paternity|medical|personal|home|bereavement|marriage)"
_ABSENT = re.compile(
    r"(?<!如)(?<!如果)(?<!若)(?:休假|年假|请假|产假|病假|婚假|丧假|事假|探亲假|育儿假|年休|调休|补休|"
    r"度假|放假|假期|休息|外出|外勤|出差|公出|公干|出国|离岗|离开办公室|不在(?:办公室|公司|岗|工位|单位|国内|座位|北京|上海|线)?|"
    r"无法(?:及时)?(?:查收|回复|处理)邮件|参加[^\n]{0,12}(?:培训|会议|活动)|培训(?:中|期间)|离职|"
    r"(?:暂时)?无法办公|住院|隔离)|"
    r"\bout[- ]of[- ](?:the[- ]|my[- ])?office|\booo\b|\bo\.o\.o|\bpto\b|vacation|holidays?\b|"
    rf"\bon (?:my )?(?:{_LEAVE} )?leave|{_LEAVE} leave|business trip|travell?ing|"
    r"\b(?:am|is|be|be out|currently|i'm) (?:away|out|off|absent|unavailable)\b|"
    r"\b(?:away|absent) (?:from|until|till|on|for|this|next)|not (?:be )?in the office|"
    r"\bout (?:until|till|from|on|for|this|next|through|today)|days? off\b|no longer (?:with|work)|"
    r"(?:limited|no) access to (?:my )?e?-?mail|abwesen|nicht im büro|außer haus|im urlaub|"
    r"absente?\b|en congé|en vacances|hors du bureau|fuera de la oficina|de vacaciones|"
    r"不在の|休暇|出張|外出中|부재|휴가|출장"
)
_LEFT = re.compile(r"已(?:经|从|于)?[^\n。;]{0,12}离职|no longer (?:with|work(?:ing)?|employed)\b")
_RETURN = (
    r"(?:返岗|返回|返京|返沪|返工|回岗|回来|回到|回公司|回办公室|回国|回(?:复|信|电)|归来|归岗|到岗|上班|复工|"
    r"销假|恢复(?:上班|办公|正常)?|正常(?:上班|办公)|正式上班)"
)
_BACK_AFTER = re.compile(
    rf"\s?\)?(?:\([^()]{{0,12}}\)\s?)?[,、]?\s?(?:起|开始|早上|上午|下午|中午|"
    r"晚上|之?后|以后|我?(?:才|再|将|会|就|即可|可)?){0,3}"
    rf"(?:正常|正式|统一|逐一|陆续|尽快)?{_RETURN}|"
    r"\s?(?:i (?:will|'ll) |i'll )?(?:be )?(?:back|return)"
)
_BACK_BEFORE = re.compile(
    r"(?:返岗|返回|回来|回岗|到岗|复工|上班|销假)(?:时间|日期|日)?\s?(?:为|是|在|于|:|预计|大约|约)?\s?(?:为|是|在|于)?\s?$|"
    r"\b(?:back|return(?:ing)?|returns|resume(?:d)?|resuming|(?:be )?available(?: again)?|"
    r"be in|reachable)\b"
    r"(?: (?:to|in|at|the|my|work|office|online|normal|again|full|duties|date|is|be|will|:))*"
    r"(?: ?:)?(?: on| from| by| the| as of| after| around| again)*\s?(?:the\s)?$|"
    r"\b(?:zurück|wieder)(?: (?:im|büro|da|erreichbar|am|ab))*\s?$|\bde retour(?: le)?\s?$"
)
_AFTER_IT = re.compile(r"\bafter\s?(?:the\s)?$")
_BEFORE_AFTER = re.compile(r"\s?(?:之前|以前|前)(?!台|天)")
_UNTIL_BEFORE = re.compile(
    r"(?:至|到|直到|直至|截至|截止(?:到|至|日期?[:为]?)?|结束(?:时间|日期)?[:为于]?|为止|-{1,2}|~|…|\.\.+)\s?$|"
    r"(?:\b(?:until|till|til|through|thru|to|ending|ends|end date|last day|up to)|\bbis(?: zum)?|"
    r"\bjusqu'au|\bau|\bhasta(?: el)?)\s?:?\s?(?:and )?(?:including )?(?:the )?(?:end of )?\s?$"
)
_UNTIL_AFTER = re.compile(r"\s?(?:为止|止\b|止|结束|\(含\)|inclusive|\(inclusive\)|\(incl)")
_FROM_BEFORE = re.compile(
    r"(?:从|自|由|开始(?:时间|日期)?[:于]?|起始[^\n]{0,4}|"
    r"\b(?:from|starting|since|beginning|as of|ab|vom|du)"
    r"(?: on)?(?: the)?)\s?$"
)
_FROM_AFTER = re.compile(
    r"\s?(?:\([^()]{0,12}\))?(?:起|开始|至|到|-{1,2}|~|to\b|until\b|through\b|till\b|bis\b|au\b)"
)
_HALVES = r"(?P<half{0}>上午|下午|中午|晚上|傍晚|am|pm)"
_BACK_AT = re.compile(
    rf"(?:今[天日])?(?:预计|大约|约|将于|于)?{_HALVES.format('')}?(?P<h>\d{{1,2}})(?::|点|时)"
    rf"(?P<min>\d\d|半)?分?"
    rf"(?:左右|之?后|以?后|前|之前)?(?:才|再|可)?(?:返回|回来|回岗|返岗|回到|回公司)|"
    rf"(?<!\d)(?:back|return(?:ing)?)(?: (?:in|to|the|office|today|by|at|around|about))* "
    rf"(?P<h2>\d{{1,2}})(?::(?P<min2>\d\d))? ?{_HALVES.format('2')}(?!\w)|"
    rf"\b(?:back|return(?:ing)?)(?: (?:in|to|the|office|today|by|at|around|about))* "
    rf"(?P<h3>\d{{1,2}}):(?P<min3>\d\d)(?!\d|\.\d)(?! ?[ap]m)"
)
_LENGTH = re.compile(
    r"(?:休|请|出差|外出|离开|假|为期|共|不在|培训|度假)[^\n,。;月号\d]{0,6}?(?P<n>半|\d{1,3}|[一二两三四五六七八九十几])"
    r"(?P<u>个?(?:工作日|天|日(?!期)|周|星期|礼拜|月))(?!\d)|"
    r"\b(?:for|next)(?: the)?(?: next)? "
    r"(?P<n2>\d{1,3}|an?|one|two|three|four|five|six|seven|ten|a few) "
    r"(?:working |business |full )?(?P<u2>days?|weeks?|months?)\b"
)
