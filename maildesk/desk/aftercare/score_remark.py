"""好了，2 分，太慢了: is it a yes, although beside the low score stands a complaint?  (M8, N5)

The words are read clause by clause. A clause that says it works makes a yes where every other one
is about the service; where one may be about the thing itself, the requester is asked. What follows
from a low score is others' question.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from maildesk.desk.aftercare.score_doubt import may_go_on
from maildesk.desk.answers.answer import Answer, Reading
from maildesk.desk.answers.sense import Sense
from maildesk.desk.answers.words import take_apart
from maildesk.desk.rules.fold import fold

Read = Callable[[str], Reading]
"""What words amount to by themselves, in answer to our question whether it is solved."""


def weigh_clauses(words: str, read: Read) -> Reading | None:
    """A yes, a question worth asking, or None: no clause says that it works.

    A complaint about the service alone is worth that question as well; a low score without any
    word on whether it works always was.
    """
    clauses = [part for part in map(str.strip, _CLAUSE.split(words)) if part]
    yes = [part for part in clauses if _says_yes(part, read)]
    others = [part for part in clauses if part not in yes]
    if not all(_is_about_service(part, read) for part in others):
        why = f"{yes[0]}, and perhaps it goes on" if yes else ""
        return Reading(Answer.AMBIGUOUS, why) if yes else None
    if not yes:
        return Reading(Answer.AMBIGUOUS, "a complaint, without a word on whether it works")
    said = f"{yes[0]}, and a remark on the service" if others else yes[0]
    return Reading(Answer.CONFIRMED, said)


def _says_yes(clause: str, read: Read) -> bool:
    said = read(_BUT.sub("", clause))
    return said.answer is Answer.CONFIRMED or _AT_LAST.search(clause) is not None


def _is_about_service(clause: str, read: Read) -> bool:
    """Whether it cannot be about the thing that was to be repaired."""
    if may_go_on(clause) or _SYMPTOM.search(clause):
        return False
    if read(clause).answer is Answer.THANKS or _PLAIN.fullmatch(clause):
        return True
    if _SERVICE.search(clause) is None:
        return False
    if _MANNER.search(clause):
        return True
    senses = {token.sense for token in take_apart(fold(clause))}
    return Sense.THING not in senses or not senses & _BAD


_BAD = {Sense.BAD, Sense.PARTIAL, Sense.NOT}

# A "but" opens a clause of its own; so does a blank between Chinese words, and a dash.
_CLAUSE = re.compile(
    r"[,，。.;；:：!！~～、\n]+|(?<=[\u2e80-\u9fff])\s+(?=[\u2e80-\u9fff])|\s+[-–—]+\s+|—+"
    r"|(?=但是?|不过|只是|可是|终于|总算|(?<!也)就是)"
    r"|\b(?=(?:but|although|though|however)\b)",
    re.IGNORECASE,
)
_BUT = re.compile(r"^(?:但是?|不过|只是|可是|(?:but|although|though|however)\b)\s*", re.IGNORECASE)
# "修了三次才修好" says that it is; "怎么才能修好" does not.
_AT_LAST = re.compile(
    r"(?<!怎么)(?<!怎样)(?<!如何)(?<!时候)才(?:给我?们?)?"
    r"(?:修好|解决|弄好|搞定|搞好|处理好|恢复|好)(?:了|的|掉)?$"
    r"|\btook\b.{1,30}\bto (?:fix|solve|resolve|repair|sort)(?: (?:it|this|that))?$",
    re.IGNORECASE,
)
_SYMPTOM = re.compile(
    r"断|掉线|闪|卡(?!片)|报错|出错|错误|失败|死机|蓝屏|黑屏|弹|丢|坏|乱码|异响|失灵|不(?:能用|好用|行|稳)"
    r"|什么时候|何时|几时|[连登打上进开]不(?:上|开|了|进)|一半|部分|有时|偶尔|还有|还剩|又(?=[断坏卡闪掉出不])"
    r"|\b(?:when (?:will|can|do|are|is)|errors?|fail\w*|crash\w*|drops?|breaks?|broken|freez\w*"
    r"|flicker\w*|jam\w*|intermittent|sometimes|partly|half|remain\w*|another|keeps?"
    r"|works? slow\w*|(?:is|are|runs?) slow\w*)\b",
    re.IGNORECASE,
)
_MANNER = re.compile(
    r"态度|服务|响应|反应|回复|答复|处理(?=得|的|太|很|非常|有点|时间|速度|过程|效率|慢|不)|效率|沟通"
    r"|工程师|师傅|客服|你们|没人|没有人|无人|通知|告知|解释|说明|电话(?=没|打|一直没|不)|接电话|催|来得"
    r"|\b(?:service|response|responses|responded|attitude|support|communication|reply|replied"
    r"|nobody|no one|you|engineer|technician|rude\w*|called|call|phone|told|explained|explanation"
    r"|wait|waited|waiting|chase|chased|took)\b",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    _MANNER.pattern
    + r"|等了?|久|晚|迟|拖|早点|早些|快(?:一点|一些|点|些)|及时|提前|折腾|排队|礼貌|专业|耐心|敷衍"
    r"|冷淡|推诿|投诉|失望|体验|流程|才(?:来|有人|修|到|处理|解决)|下次|以后"
    r"|[一二两三四五六七八九十几半\d]+个?多?(?:天|周|星期|礼拜|小时|钟头|分钟|次|趟|遍|回)"
    r"|\b(?:late|long|ages|forever|hours?|days?|weeks?|twice|times|unprofessional|disappoint\w*"
    r"|faster|sooner|quicker|earlier|next time|polite|helpful|patien\w*)\b",
    re.IGNORECASE,
)
# Nothing but how bad it was, without a word on what: right behind a score it is the service.
_MUCH = (
    r"但是|但|不过|就是|只是|可是|而且|真的|真|太|很|非常|特别|有点儿|有点|有些|比较|实在|确实|也|都|是|了"
    r"|点儿|点|一些|啊|吧|得|极|够|超|好|挺|蛮|过于"
)
_BADLY = r"慢|晚|久|差劲|差评|差|糟糕|糟|拖拉|磨蹭|敷衍|失望|麻烦|不满意|不满|一般|投诉|拖|不专业"
_PLAIN = re.compile(
    rf"(?:{_MUCH})*+(?:{_BADLY})(?:{_MUCH})*+"
    r"|(?:(?:but|just|only|though|although|a bit|a little|way|too|very|so|really|was|it|that|quite"
    r"|rather|pretty|far|and|much)\s+)*(?:slow|slowly|late|bad|poor|terrible|awful|disappointing"
    r"|disappointed|unhappy|not happy|not satisfied)",
    re.IGNORECASE,
)
