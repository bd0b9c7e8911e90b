"""Where does a text say where somebody lives?

A line that says so itself (家庭住址, home address), and what reads like a flat in a Chinese town:
place, street, building and room of a residence. Offices stay: they stand in every signature, and
an engineer must find them. Texts come folded by `privacy`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_LABEL = re.compile(
    "(?:家庭(?:住址|地址|住所)|(?:现|居|常)?住址|住所|居住地址?|户籍(?:所在地|地址)?|住宅地址?"
    "|home ?address|residential address|residence address)"
    r"[)）\]】\"”*]{0,2}+[ \t]{0,4}+(?:[(（][^()（）\n]{0,20}[)）])?+[ \t]{0,4}+"
    r"(?P<sign>(?:[:：=＝]|是在?|为|在|is(?=[ \t:]))[ \t]*+)?+"
)
_LABEL_SIGN = re.compile("[住籍]|家庭地址|address")
# Up to the end of the sentence, or to what the line says of something else.
_VALUE = re.compile(r"[^\n。；;\t|！!？?\ue000]{2,160}+")
_ELSE = re.compile(
    "[ ,，、]{0,3}(?:联系|电话|手机|座机|邮编|邮箱|身份证|银行|卡号|账号|帐号|密码"
    "|部门|姓名|工号|麻烦|请"
    "|(?:tel|phone|mobile|e-?mail|id (?:card|no)|zip|please)(?![a-z]))"
)
_PLACE_SIGNS = re.compile("[省市区县镇乡村路街巷弄号栋幢楼室苑园里]")
_NEXT_LINE = re.compile(r"\n[ \t>*]*+")

# A building or its entrance, then the room: what every such address ends with.
_HOUSE_NUMBER = "(?:[0-9]{1,4}+[a-z]?+|[一二三四五六七八九十]{1,3}+|[a-z])"
_FLAT = re.compile(
    rf"{_HOUSE_NUMBER}[ ]?(?:单元|栋|幢|号楼|座|弄|号)[ -]?"
    rf"(?:{_HOUSE_NUMBER}[ ]?(?:单元|栋|幢|号楼|号|门|楼|层)[ -]?){{0,3}}+"
    "[0-9]{2,5}+[a-z]?+[ ]?(?:室|户|房|号(?!楼|线|机|工|会))?+"
)
_RESIDENTIAL = re.compile(
    "单元|栋|幢|弄|小区|花园|家园|公寓|新村|宿舍|家属院|[苑邸]|名府|佳苑|嘉园|社区"
)
_FLAT_SURELY = re.compile("单元|小区|家园|公寓|新村|宿舍|家属院|花园|[苑邸]|弄")
_OFFICE = re.compile(
    "大厦|园区|科技园|软件园|产业园|工业园|创业园|中心|广场|写字楼|办公|会议|机房|公司|集团|大学|学院|医院|银行|工厂|厂区"
    "|总部|前台|工位|仓库|校区|商务|车间"
)
_AREA = re.compile("[省市区县镇乡旗]|北京|上海|天津|重庆")
_STREET = re.compile("[路街道巷弄里村苑园]|大道|小区|社区|公寓|花园|胡同")
_STARTS = re.compile(
    "(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南"
    "|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)"
    "|[\u4e00-\u9fff]{2,4}?(?:省|市|州|盟|区|县)"
)
_LEADS = re.compile("[^\n]{0,3}[在到住寄送址]+|[我你您他她它们家人于是为的至这里现]+")
_BREAK = re.compile("[\n。；;，,：:！!？?、\t\ue000]")
_LOOK_BACK, _LOOK_BEHIND = 60, 8


def find_addresses(folded: str) -> Iterator[Span]:
    """Each address somebody lives at."""
    for label in _LABEL.finditer(folded) if _LABEL_SIGN.search(folded) else ():
        span = _read_labelled(folded, label)
        if span is not None:
            yield span
    if not (_RESIDENTIAL.search(folded) and _AREA.search(folded)):
        return
    for flat in _FLAT.finditer(folded):
        span = _read_flat(folded, flat)
        if span is not None:
            yield span


def _read_labelled(folded: str, label: re.Match[str]) -> Span | None:
    at = label.end()
    below = _NEXT_LINE.match(folded, at) if label["sign"] else None
    value = _VALUE.match(folded, below.end() if below else at)
    if value is None:
        return None
    start, end = value.span()
    other = _ELSE.search(folded, start, end)
    if other is not None:
        end = other.start()
    said = folded[start:end].rstrip(" ,，、.")
    western = label.group()[0].isascii()
    tells = any(map(str.isdigit, said)) if western else len(_find_signs(said)) > (not label["sign"])
    if len(said) < 3 or not tells:
        return None
    return start, start + len(said)


def _find_signs(said: str) -> set[str]:
    found = set(_PLACE_SIGNS.findall(said))
    return found | ({"0"} if any(map(str.isdigit, said)) else set())


def _read_flat(folded: str, flat: re.Match[str]) -> Span | None:
    """The whole address that ends with this flat; None when it is an office or no address."""
    floor = max(0, flat.start() - _LOOK_BACK)
    stops = [found.end() for found in _BREAK.finditer(folded, floor, flat.start())]
    begin = stops[-1] if stops else floor
    place = folded[begin : flat.start()]
    whole = folded[begin : flat.end()]
    around = folded[begin : flat.end() + _LOOK_BEHIND]
    if not (_AREA.search(place) and _STREET.search(whole) and _RESIDENTIAL.search(whole)):
        return None
    if _OFFICE.search(around) and not _FLAT_SURELY.search(whole):
        return None
    first = _STARTS.search(place)
    start = begin + (first.start() if first else 0)
    # Whoever lives there comes before the place's name: 我住在…, 电脑在….
    if leads := _LEADS.match(folded[start : flat.start()]):
        start += leads.end()
    return start, flat.end()
