"""Which facts does a requester state in labelled lines: 部门：市场部, "Phone: 8003" (F11, M10, W5)?

New words in, values by field key out; quoted history and signatures must not be given. A label
nobody knows is no field, and neither is a clock or an address of the web. What a ticket makes of
the values is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from maildesk.desk.label import Label
from maildesk.desk.rules.fold import fold_characters

FIELDS: Mapping[str, Label] = {
    "name": Label("反馈人", "Reported by"),
    "staff_number": Label("工号", "Staff number"),
    "department": Label("所属部门", "Department"),
    "contact": Label("联系方式", "Phone"),
    "place": Label("地点", "Place"),
    "device": Label("设备", "Device"),
    "system": Label("系统", "System"),
    "version": Label("版本", "Version"),
    "occurred": Label("发生时间", "Since"),
    "frequency": Label("频率", "How often"),
    "scope": Label("影响范围", "Who is affected"),
    "severity": Label("严重程度（用户称）", "Severity stated"),
    "urgency": Label("紧急程度（用户称）", "Urgency stated"),
    "wished": Label("期望完成时间", "Wished for"),
    "error": Label("错误信息", "Error message"),
    "tried": Label("已尝试", "Tried so far"),
    "steps": Label("操作步骤", "Steps"),
    "wanted": Label("所需服务", "Wanted"),
    "reason": Label("用途", "Purpose"),
}
"""How the desk shows a field; in this order."""

LONGEST = 200
"""Characters a value keeps: the mail itself has the rest."""

_LONGEST_CONTACT = 40
_MOST_LINES = 150
_LONGEST_LINE = 400


def read_fields(words: str) -> dict[str, str]:
    """The stated values by field key, each the first that says something. Never raises."""
    found: dict[str, str] = {}
    for key, value in _read_pairs(words):
        clean = _clean(key, value)
        if clean:
            found.setdefault(key, clean)
    return found


def drop_contacts(words: str) -> str:
    """The words without lines that only say who wrote them and how to reach him."""
    return _drop(words, _CONTACTS)


@lru_cache(maxsize=4)  # a rule and the desk's questions ask about one mail in turn
def drop_particulars(words: str) -> str:
    """The words without lines that only say who wrote them, how grave it is to him and by when he
    wants it: they tell nothing of the matter."""
    return _drop(words, _PARTICULARS)


def _drop(words: str, fields: frozenset[str]) -> str:
    if not _may_state(fold_characters(words[: 4 * _LONGEST_LINE])):
        return words
    kept = (line for line in words.split("\n") if not _says_only(line, fields))
    return "\n".join(kept)


def _says_only(line: str, fields: frozenset[str]) -> bool:
    if len(line) > _LONGEST_LINE:
        return False
    keys = {key for key, _ in _read_pairs(line)}
    return bool(keys) and keys <= fields


_CONTACTS = frozenset(("name", "staff_number", "department", "contact", "place"))
_PARTICULARS = _CONTACTS | {"severity", "urgency", "wished"}


def list_shown(fields: Mapping[str, str], language: str) -> tuple[tuple[str, str], ...]:
    """(name, value) of what the form says, in the desk's order; not what staff record."""
    return tuple(
        (label.in_language(language), fields[key])
        for key, label in FIELDS.items()
        if fields.get(key)
    )


_WORDS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "报修人", "提报人", "反馈人", "申请人", "报告人", "联系人", "使用人",
             "提交人", "name", "reported by", "requester", "requested by"),
    "staff_number": ("工号", "员工号", "员工编号", "staff number", "staff no", "staff id",
                     "employee id", "employee number", "employee no"),
    "department": ("部门", "所属部门", "所在部门", "科室", "部门科室", "申请部门", "报修部门",
                   "department", "dept"),
    "contact": ("电话", "联系方式", "联系电话", "手机", "手机号", "手机号码", "分机", "分机号",
                "电话号码", "内线", "座机", "短号", "回电", "phone", "phone number", "tel",
                "telephone", "mobile", "mobile number", "extension", "ext", "contact",
                "contact number", "call back", "callback number"),
    "place": ("地点", "位置", "楼层", "工位", "工位号", "房间", "房间号", "办公地点", "地址",
              "location", "place", "room", "floor", "desk number", "desk no"),
    "device": ("设备", "设备名称", "设备型号", "设备编号", "电脑编号", "资产编号", "资产号",
               "固定资产编号", "电脑型号", "机器型号", "型号", "电脑名", "计算机名", "主机名",
               "设备信息", "device", "asset", "asset number", "asset no", "asset tag", "asset id",
               "model", "computer name", "hostname", "host name", "serial number"),
    "system": ("系统", "软件", "系统名称", "软件名称", "应用", "应用系统", "涉及系统", "操作系统",
               "系统软件", "业务系统", "system", "application", "app", "software", "os"),
    "version": ("版本", "版本号", "软件版本", "系统版本", "version"),
    "occurred": ("发生时间", "问题发生时间", "故障时间", "故障发生时间", "出现时间", "时间",
                 "开始时间", "发现时间", "time", "since", "when", "time of occurrence",
                 "occurred at", "occurred", "started", "start time", "happened at", "first seen"),
    "frequency": ("频率", "发生频率", "出现频率", "次数", "频次", "frequency", "how often"),
    "scope": ("影响范围", "涉及人数", "影响人数", "范围", "涉及范围", "受影响人数", "受影响用户",
              "impact", "scope", "affected", "affected users", "who is affected",
              "users affected", "people affected"),
    "severity": ("严重程度", "严重性", "严重级别", "severity"),
    "urgency": ("紧急程度", "紧急", "紧急度", "优先级", "紧急级别", "urgency", "priority"),
    "wished": ("期望完成时间", "希望完成时间", "要求完成时间", "期望时间", "希望时间", "完成时间",
               "期望解决时间", "希望解决时间", "要求解决时间", "期望完成日期", "期望", "截止时间",
               "截止日期", "最晚时间", "deadline", "due", "due date", "needed by", "wanted by",
               "required by", "expected completion", "target date", "desired completion"),
    "error": ("错误信息", "报错", "报错信息", "错误提示", "错误代码", "提示信息", "错误", "提示",
              "报错内容", "error", "error message", "error text", "error code", "message"),
    "tried": ("已尝试", "做过什么", "已做过", "已采取措施", "尝试过", "已尝试的方法", "已试过",
              "尝试", "处理过程", "tried", "already tried", "what i tried", "steps tried",
              "steps taken", "what was tried"),
    "steps": ("操作步骤", "复现步骤", "操作", "重现步骤", "steps", "steps to reproduce",
              "what i did"),
    "wanted": ("所需服务", "需求", "申请内容", "申请事项", "需要什么", "服务内容", "需求描述",
               "request", "wanted", "what i need"),
    "reason": ("用途", "申请原因", "事由", "使用原因", "申请理由", "purpose", "reason",
               "justification"),
}  # fmt: skip
_KEYS = {word: key for key, words in _WORDS.items() for word in words}


def _spell(word: str) -> str:
    """As a pattern. Forms are aligned with blanks, 部　门, which folding leaves as two."""
    if word.isascii():
        return re.escape(word).replace(r"\ ", r"\s+")
    return r"[ ]{0,4}".join(map(re.escape, word))


_NAMED = "|".join(_spell(word) for word in sorted(_KEYS, key=len, reverse=True))
_HINT = r"(?:\s*\([^()]{0,24}\))?"
_BULLET = r"[\s\-*·•●○■□◆◇▪|]*(?:\(?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[).、]\s*)?"
_LABEL = (
    rf"(?:(?P<box>[【\[〔「])|\*\*)?\s*(?P<label>{_NAMED})(?:\s*(?:no)?\.)?{_HINT}"
    r"\s*(?(box)[】\]〕」]\s*:?|(?:\*\*)?\s*:)(?:\s*\*\*)?"
)
# Two blanks stand for a colon in a form that is drawn with them, but only where a line begins.
_FIRST = re.compile(rf"{_BULLET}(?:{_LABEL}|(?P<drawn>{_NAMED}){_HINT}\s{{2,}}(?=\S))")
_NEXT = re.compile(rf"(?:[,;|、。\t]\s*|\s+|(?=[【\[〔「])){_LABEL}")
_CELL = re.compile(rf"\s*[【\[]?(?P<label>{_NAMED}){_HINT}\s*[】\]]?\s*:?\s*")
_CHANGED = re.compile(
    rf"(?:^|(?<=[^a-z]))(?P<label>{_NAMED})(?:号码?)?\s*"
    r"(?:改成了?|改为|换成了?|更正为|更新为|应为|应该是|"
    r"(?:has |is )?(?:now|changed to)|should be)\s*[:]?\s*(?P<value>[^,;。\n]{1,80})"
)


# In a sentence "the system is now slow" corrects nothing.
_CORRECTED = frozenset(("name", "staff_number", "department", "contact", "place", "device"))
# A form's empty line before other words is no label of theirs; a pasted message stands below its.
_TOLD_BELOW = frozenset(("error", "tried", "steps", "wanted", "reason"))


def _read_pairs(words: str) -> Iterator[tuple[str, str]]:
    """Label and value wherever they stand, in order; the value may be "" or stand a line below."""
    waiting: list[str] = []
    for line, folded in _fold_lines(words):
        if not waiting and not _may_state(folded):
            continue
        cells = re.split(r"[|│\t]", line.strip(" |│")) if re.search(r"[|│\t]", line) else []
        keys = [_key_of(_CELL.fullmatch(fold_characters(cell))) for cell in cells]
        if len(waiting) > 1 and len(cells) == len(waiting):
            yield from zip(waiting, cells, strict=True)
            waiting = []
        elif len(cells) > 1 and all(keys):
            waiting = [key for key in keys if key]
        elif len(cells) > 1 and keys[0]:
            waiting = []
            for key, cell, after in zip(keys[::2], cells[1::2], keys[1::2], strict=False):
                if key and after is None:
                    yield key, cell
        else:
            pairs = list(_read_line(line, folded))
            if not pairs and waiting:
                yield waiting[0], line
            waiting = [key for key, value in pairs[-1:] if key in _TOLD_BELOW and not value.strip()]
            yield from pairs


def _may_state(folded: str) -> bool:
    """Whether a line needs a closer look, as hardly one in a mail does."""
    return bool(_SIGN.search(folded) or "  " in folded or _CHANGE.search(folded))


_SIGN = re.compile(r"[:|│\t【\[〔「]")
_CHANGE = re.compile(r"改[成为]|换成|更[正新]为|应为|应该是|(?<!k)now|changed to|should be")


def _fold_lines(words: str) -> Iterator[tuple[str, str]]:
    """Lines that are not blank, as written and folded, place for place."""
    for written in words.split("\n", _MOST_LINES)[:_MOST_LINES]:
        line = written[:_LONGEST_LINE].replace("\u3000", "  ")
        if line.strip():
            folded = fold_characters(line)
            yield (line if len(line) == len(folded) else folded), folded


def _read_line(line: str, folded: str) -> Iterator[tuple[str, str]]:
    first = _FIRST.match(folded)
    if first is None:
        for match in _CHANGED.finditer(folded) if _CHANGE.search(folded) else ():
            key = _key_of(match)
            if key in _CORRECTED:
                yield key, line[match.start("value") : match.end("value")]
        return
    marks = [first, *_NEXT.finditer(folded, first.end())]
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        key = _key_of(mark)
        if key is not None:
            yield key, line[mark.end() : after.start() if after else len(line)]


def _key_of(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    named = match.groupdict().get("label") or match.groupdict().get("drawn") or ""
    word = " ".join(named.split())
    return _KEYS.get(word) or _KEYS.get(word.replace(" ", ""))


_EDGES = " \t\xa0,;|、。，；-—_*"
_EMPTY = re.compile(r"[\s\-—_/\\.·…x×\\*()（）\[\]【】]*|n/?a|tbd|待定|请填写|必填|选填|同上|不详")
_NOTHING = re.compile(r"无|没有|暂无|none|no|nil")
_DEGREE = re.compile(
    r"[高中低急]|严重|一般|轻微|重要|普通|尽快|马上|立即|[1-5pP]|"
    r"critical|major|minor|high|medium|normal|low|urgent|asap|severe|moderate|slight|serious"
)
_SAYS_NOTHING = frozenset(("error", "tried"))  # "none" is an answer to these


def _clean(key: str, value: str) -> str:
    """The value on one line and within its bounds; "" when it says nothing."""
    value = " ".join(value.split()).strip(_EDGES)
    folded = fold_characters(value)
    if _EMPTY.fullmatch(folded) or (_NOTHING.fullmatch(folded) and key not in _SAYS_NOTHING):
        return ""
    if value.startswith("//"):  # what looked like a label was the beginning of an address
        return ""
    if key in ("severity", "urgency") and not _DEGREE.search(folded):
        return ""  # 紧急：打印机坏了 is a heading
    if key == "contact":
        called = sum(sign.isdigit() for sign in folded) >= 3 or "@" in folded
        return value[:_LONGEST_CONTACT] if called else ""
    return value[:LONGEST]
