"""What people said to it, as a form says it: the requester's rating, and what others decided.

How a rating is asked and read is not known here.
"""

from __future__ import annotations

from maildesk.desk.approvals.approval import Approval, Kind, Verdict
from maildesk.desk.label import Label
from maildesk.desk.sheets.dossier import Dossier
from maildesk.desk.sheets.form import Reader
from maildesk.desk.ticket import Part, State


def say_rating(reader: Reader) -> str:
    """满意, by the profile's own words (R9, W8); "" while nobody rated it."""
    opinion = reader.dossier.opinion
    if opinion is None or opinion.score is None:
        return ""
    named = {item.key: reader.read(item.label) for item in reader.profile.survey.answers}
    score = str(opinion.score)
    return named.get(score) or reader.pick(f"{score} 分", f"{score} of 5")


def say_scores(reader: Reader) -> str:
    """The profile's questions with their scores (M7), one a line."""
    opinion = reader.dossier.opinion
    if opinion is None:
        return ""
    names = {item.key: reader.read(item.label) for item in reader.profile.survey.questions}
    colon = reader.pick("：", ": ")
    return reader.pick("；", "; ").join(
        f"{names.get(key, key)}{colon}{score}" for key, score in opinion.answers.items()
    )


def say_suggestions(reader: Reader) -> str:
    """What was written with the rating."""
    return reader.dossier.opinion.words.strip() if reader.dossier.opinion else ""


def say_feedback(reader: Reader) -> str:
    """R12's 用户反馈 in one entry: rating, scores, words; else whether it was confirmed."""
    parts = (say_rating(reader), say_scores(reader), say_suggestions(reader))
    said = reader.pick("；", "; ").join(filter(None, parts))
    if said:
        return said
    if reader.dossier.ticket.confirmed is not None:
        return reader.pick("已确认解决，未评价", "confirmed, not rated")
    if reader.dossier.ticket.state is State.TO_CONFIRM:
        return reader.pick("待确认", "to be confirmed")
    return ""


def say_confirmer(reader: Reader) -> str:
    """Who said yes: the requester, a delegate, or an engineer who heard it on the phone (W8)."""
    dossier = reader.dossier
    if dossier.ticket.confirmed is None:
        return ""
    name = dossier.confirmed_by or dossier.name_part(Part.REQUESTER)
    step = dossier.last("confirmed")
    if step is None:
        return name
    if step.data.get("by") and not step.data.get("from"):
        how = step.data.get("how", "") or reader.pick("口头", "by word of mouth")
        by = dossier.name(step.data["by"])
        return reader.pick(f"{name}（{how}，{by}代记）", f"{name} ({how}, noted by {by})")
    return dossier.confirmed_by or step.actor or name


def say_follow_up(reader: Reader) -> str:
    """What came of a low rating (M8)."""
    return "\n".join(
        reader.pick(
            f"{reader.tell(item.done)} {item.by}：{item.record}"
            if item.done
            else f"待回访，{reader.tell(item.due)} 前",
            f"{reader.tell(item.done)} {item.by}: {item.record}"
            if item.done
            else f"to be made by {reader.tell(item.due)}",
        )
        for item in reader.dossier.follow_ups
    )


def has_escalation(dossier: Dossier) -> bool:
    return bool(_list(dossier, Kind.ESCALATION))


def has_approval(dossier: Dossier) -> bool:
    return bool(_list(dossier, Kind.PLAN, Kind.ACCESS))


def has_follow_up(dossier: Dossier) -> bool:
    return bool(dossier.follow_ups)


def say_escalations(reader: Reader, key: str) -> str:
    """One line of M5's form, of each escalation: progress, reason, support."""
    found = [item.form.get(key, "").strip() for item in _list(reader.dossier, Kind.ESCALATION)]
    return "\n".join(filter(None, found))


def say_asker(reader: Reader) -> str:
    """Who asked for the escalation, and when."""
    return "\n".join(
        f"{item.asker or reader.pick('系统（超过处理时限）', 'the desk (handled for too long)')} "
        f"{reader.tell(item.asked)}"
        for item in _list(reader.dossier, Kind.ESCALATION)
    )


def say_escalation_verdict(reader: Reader) -> str:
    """What the lead decided, when, and who is responsible since."""
    return "\n".join(_say_verdict(reader, i) for i in _list(reader.dossier, Kind.ESCALATION))


def say_approvals(reader: Reader) -> str:
    """Plans and access requests: what was asked, and what was answered."""
    return "\n".join(
        f"{reader.read(_KINDS[item.kind])}{reader.pick('：', ': ')}{_say_verdict(reader, item)}"
        for item in _list(reader.dossier, Kind.PLAN, Kind.ACCESS)
    )


_KINDS = {Kind.PLAN: Label("方案审批", "Plan"), Kind.ACCESS: Label("申请审批", "Request")}
_VERDICTS = {
    Verdict.AGREED: Label("同意", "agreed"),
    Verdict.DECLINED: Label("不同意", "declined"),
    Verdict.WITHDRAWN: Label("已撤回", "withdrawn"),
}


def _list(dossier: Dossier, *kinds: Kind) -> tuple[Approval, ...]:
    return tuple(item for item in dossier.approvals if item.kind in kinds)


def _say_verdict(reader: Reader, item: Approval) -> str:
    if item.verdict is None:
        asked = reader.pick("、", ", ").join(map(reader.dossier.name, item.asked_of))
        return reader.pick(f"待{asked}决定", f"{asked} has to decide")
    parts = [item.decider, reader.read(_VERDICTS[item.verdict]), reader.tell(item.decided)]
    said = " ".join(filter(None, parts))
    if item.owner:
        owner = reader.dossier.name(item.owner)
        said += reader.pick(f"，负责人 {owner}", f", owner {owner}")
    return f"{said}{reader.pick('：', ': ')}{item.reason}" if item.reason else said
