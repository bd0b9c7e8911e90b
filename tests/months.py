"""A month of tickets whose figures were worked out by hand, and a desk's tickets made up at will.

Times are written as people say them, in Shanghai; the month is November 2026.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from builders import desk, profile
from hypothesis import strategies as st

from maildesk.desk.arrival.machine import TAG
from maildesk.desk.reports.figures import Figures
from maildesk.desk.reports.measured import Called, Rated, Ruler, Stored, Told
from maildesk.desk.reports.period import Period, find_period
from maildesk.desk.reports.tally import Tally
from maildesk.desk.ticket import Pause, State

ZONE = ZoneInfo("Asia/Shanghai")
NOVEMBER = find_period("monthly", profile(), ZONE, date(2026, 11, 20))


def at(text: str) -> datetime:
    """ "11-20 09:30" in Shanghai, in UTC."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE).astimezone(UTC)


def stored(number: int, opened: str | datetime, **given: Any) -> Stored:
    """A ticket; moments may be given as text, the engineer as his name."""
    engineer = given.pop("engineer", "陈静")
    values: dict[str, Any] = {
        "id": number,
        "number": f"T{number:02}",
        "title": f"{chr(0x4E00 + number)}{chr(0x7000 - number)}",
        "state": State.CLOSED,
        "category": "service",
        "priority": "medium",
        "type": "incident",
        "group": None,
        "handler": engineer and f"{engineer}@corp.test",
        "engineer": engineer,
        "department": None,
        "opened": opened,
    }
    values |= given
    for key in ("opened", *_MOMENTS):
        if isinstance(values.get(key), str):
            values[key] = at(values[key])
    return Stored(**values)


_MOMENTS = (
    *("response_due", "responded", "contact_due", "solution_due"),
    *("solved", "confirmed", "closed"),
)


def sum_up(tickets: Sequence[Stored], period: Period = NOVEMBER, **before: int) -> Figures:
    """The figures of a period by what its tickets are, without a database."""
    ruler, tally = Ruler(period, profile(), ZONE), Tally(desk(), period)
    for ticket in tickets:
        tally.add(ruler.measure(ticket))
    return tally.finish(before)


def told(kind: str, moment: str, **data: str) -> Told:
    return Told(kind, at(moment), data)


MONTH = (
    stored(
        1, "11-02 09:30", category="hardware", priority="high", engineer="刘洋",
        title="打印机卡纸", response_due="11-02 11:30", responded="11-02 09:45",
        contact_due="11-02 10:00", solution_due="11-03 10:00", solved="11-02 11:00",
        confirmed="11-02 11:30", closed="11-02 11:30", closed_by="requester",
        rating=Rated(at("11-02 11:30"), 5, {"speed": 5}, ""),
    ),
    # The first answer was the solution.
    stored(
        2, "11-02 10:00", category="software", response_due="11-02 15:30",
        responded="11-02 10:20", solution_due="11-04 10:00", solved="11-02 10:20",
        closed="11-02 10:40", told=[told("assigned", "11-02 10:00", to="chen", by="")],
        rating=Rated(at("11-02 10:40"), 5, {}, ""),
    ),
    # Half an hour late, and the requester says so; called back in time.
    stored(
        3, "11-03 09:00", category="network", engineer="刘洋", title="VPN连不上",
        response_due="11-03 14:30", responded="11-03 15:00", solution_due="11-05 09:00",
        solved="11-03 16:00", closed="11-04 09:00",
        told=[
            told("response_missed", "11-03 14:30", limit="response"),
            told("late_reason", "11-03 15:01", why="外出", limits="response"),
        ],
        rating=Rated(at("11-04 09:00"), 2, {}, "太慢"),
        calls=[Called(at("11-04 09:01"), at("11-05 09:01"), at("11-04 15:00"), "已电话沟通")],
    ),
    # Late because the desk itself was down.
    stored(
        4, "11-04 10:00", category="network", priority="urgent", title="VPN 连不上",
        response_due="11-04 10:30", responded="11-04 11:00", solution_due="11-04 14:00",
        solved="11-04 13:00", closed="11-04 13:30",
        told=[told("response_missed", "11-04 10:31", limit="response", outage="yes")],
    ),
    # Came ten minutes before 17:00, and was solved the next morning.
    stored(
        5, "11-05 16:50", category="how_to", priority="low", response_due="11-06 17:00",
        responded="11-05 17:00", solution_due="11-11 16:50", solved="11-06 09:30",
        closed="11-06 10:00", closed_by="requester",
    ),
    # Came after 17:00; nobody has confirmed it.
    stored(
        6, "11-05 17:30", category="hardware", state=State.TO_CONFIRM,
        response_due="11-06 14:00", responded="11-06 09:10", solution_due="11-09 17:30",
        solved="11-06 10:00",
    ),
    # Waited for the requester when its day ended; closed without his word.
    stored(
        7, "11-06 11:00", category="account", response_due="11-06 16:00",
        responded="11-06 11:10", solution_due="11-11 11:00", solved="11-09 11:00",
        closed="11-16 10:00", closed_by="policy",
        pauses=[Pause(at("11-06 11:30"), at("11-09 10:00"))],
    ),
    stored(
        8, "11-09 09:00", category="software", state=State.REJECTED,
        response_due="11-09 14:30", responded="11-09 09:30", solution_due="11-11 09:00",
        closed="11-09 09:30",
    ),
    stored(
        9, "11-09 14:00", category="software", response_due="11-09 18:00",
        solution_due="11-11 14:00", closed="11-09 15:00", merged_into=10,
    ),
    # Not fixed at first, and an hour late in the end.
    stored(
        10, "11-09 13:40", category="software", response_due="11-09 17:40",
        responded="11-09 13:50", solution_due="11-10 16:00", solved="11-10 17:00",
        closed="11-10 17:30", told=[told("reopened", "11-10 10:00")],
        rating=Rated(at("11-10 17:30"), 3, {}, ""),
    ),
    # Came in October.
    stored(
        11, "10-30 16:00", category="hardware", response_due="11-02 11:30",
        responded="10-30 16:10", solution_due="11-03 16:00", solved="11-02 10:00",
        closed="11-02 10:30",
    ),
    # Forgotten since October.
    stored(
        12, "10-29 10:00", state=State.UNASSIGNED, engineer=None,
        response_due="10-29 15:30", solution_due="11-05 12:00",
    ),
    stored(
        13, "11-27 15:00", category="hardware", engineer="刘洋", title="三楼投影仪没有声音",
        state=State.IN_PROGRESS, response_due="11-30 10:00", responded="11-27 15:20",
        solution_due="12-01 15:00",
    ),
    stored(
        14, "11-30 16:00", state=State.NEW, response_due="12-01 11:00",
        solution_due="12-02 16:00",
    ),
    stored(15, "12-01 08:00", state=State.NEW, response_due="12-01 12:00"),
    # Waits for the requester: its limit stands still.
    stored(
        16, "11-30 17:30", state=State.WAITING_REQUESTER, response_due="12-01 13:00",
        responded="11-30 17:40", solution_due="12-03 09:00",
        pauses=[Pause(at("11-30 17:40"))],
    ),
    # Monitoring: nobody is asked, nobody rates.
    stored(
        17, "11-10 03:00", category="hardware", priority="high", state=State.SOLVED, tags=(TAG,),
        response_due="11-10 11:00", responded="11-10 09:00", solution_due="11-10 18:00",
        solved="11-10 09:00",
    ),
    # Solved with the first answer, by the second engineer.
    stored(
        18, "11-11 09:00", response_due="11-11 14:30", responded="11-11 10:00",
        solution_due="11-12 18:00", solved="11-11 10:00", closed="11-11 10:30",
        told=[
            told("assigned", "11-11 09:00", to="liu", by=""),
            told("assigned", "11-11 09:30", to="chen", by="liu"),
        ],
    ),
    # Hung under 4.
    stored(
        19, "11-04 10:05", category="network", title="VPN连不上！", state=State.SOLVED, parent=4,
        response_due="11-04 10:35", solution_due="11-04 14:05", solved="11-04 13:00",
        confirmed="11-04 14:00",
    ),
    # Twice not fixed, asked about twice; rated in December.
    stored(
        20, "11-12 09:00", category="hardware", engineer="刘洋", title="打印机又卡纸了",
        response_due="11-12 14:30", responded="11-12 09:30", solution_due="11-13 17:00",
        solved="11-13 15:00", closed="11-13 15:30",
        told=[
            told("chased", "11-12 15:00"),
            told("reopened", "11-12 16:00"),
            told("reopened", "11-13 10:00"),
            told("chased", "11-13 11:00"),
        ],
        rating=Rated(at("12-02 09:00"), 5, {}, ""),
    ),
)  # fmt: skip


_START = at("10-20 00:00")
_moments = st.integers(0, 55 * 24 * 60).map(lambda minutes: _START + timedelta(minutes=minutes))
_ends = st.sampled_from([State.CLOSED, State.SOLVED, State.REJECTED, State.TO_CONFIRM])


@st.composite
def made_up(draw: st.DrawFn) -> Stored:
    """Any ticket, sensible or not: what is added up must add up all the same."""
    opened = draw(_moments)
    after = st.none() | st.integers(0, 30 * 24 * 60).map(lambda n: opened + timedelta(minutes=n))
    moments = {key: draw(after) for key in _MOMENTS}
    over = moments["solved"] or moments["closed"]
    told_ = draw(
        st.lists(
            st.builds(
                Told,
                st.sampled_from(["reopened", "chased", "response_missed", "late_reason"]),
                _moments,
                st.sampled_from([{"outage": "yes"}, {"why": "外出"}, {}]),
            ),
            max_size=4,
        )
    )
    number = draw(st.integers(1, 9999))
    return stored(
        number,
        opened,
        state=draw(_ends) if over else State.IN_PROGRESS,
        category=draw(st.sampled_from(["hardware", "network", "gone"])),
        priority=draw(st.sampled_from(["urgent", "high", "medium", "gone"])),
        group=draw(st.sampled_from([None, "desk", "gone"])),
        engineer=draw(st.sampled_from([None, "刘洋", "陈静"])),
        tags=draw(st.sampled_from([(), (TAG,)])),
        parent=draw(st.sampled_from([None, None, 7])),
        told=sorted(told_, key=lambda item: item.at),
        rating=draw(
            st.none()
            | st.builds(
                Rated,
                _moments,
                st.none() | st.integers(1, 5),
                st.dictionaries(st.sampled_from(["speed", "other"]), st.integers(1, 5)),
                st.just(""),
            )
        ),
        **moments,
    )
