"""Which digits of a text are a resident ID number, which a bank card?

The digits decide (GB 11643, Luhn, the issuers' ranges), then the words beside them: an order
number, a serial number or a phone is left alone. Texts come folded by `privacy`: narrow, in lower
case, each character in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

Span = tuple[int, int]

_FEWEST, _MOST = 13, 19  # digits of a card; an ID number has 15 or 18
_MOST_GROUPS = 8  # nobody parts a number more often
UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
"""What is copied along from web pages and chats: nobody sees it between two digits."""

_GAP = f"[ \t‐-―－{UNSEEN}-]"
# Digits with at most two blanks or hyphens between them, and the X that checks an ID number.
_RUN = re.compile(
    rf"(?<![0-9a-z])(?<![0-9]\.)[0-9]++(?:{_GAP}{{1,2}}+[0-9]++)*+(?:{_GAP}?x(?![0-9a-z]))?+"
)
# The same for ID numbers alone, whose check digit and date leave little to chance: a mail's lines
# may part them, and letters stand before them (ID110101…).
_ID_GAP = f"(?:{_GAP}|[ \\t]?\\r?\\n(?:> ?)?)"
_ID_RUN = re.compile(
    rf"(?<![0-9])(?<![0-9]\.)[0-9]++(?:{_ID_GAP}{{1,2}}+[0-9]++)*+(?:{_ID_GAP}?x(?![0-9a-z]))?+"
)
_LONG = re.compile(f"[0-9](?:[0-9]|{_ID_GAP}){{{_FEWEST - 1}}}")
_GROUP = re.compile(f"[0-9](?:[{UNSEEN}]{{0,2}}[0-9])*|x")
_DROP = re.compile(f"[{UNSEEN}]")
# What follows a number that is part of a word or of a mail address.
_GOES_ON = re.compile("[0-9a-z]|@[0-9a-z]")

# The first two digits: provinces, municipalities, Taiwan, Hong Kong, Macau.
_REGION = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]|91")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
_YEARS = range(1880, 2100)
_ISSUERS = re.compile(  # UnionPay, Visa, Mastercard, Amex, JCB, and 工商银行 before UnionPay
    "62[0-9]{14,17}|4[0-9]{15}|5[1-5][0-9]{14}|3[47][0-9]{13}|35(?:2[89]|[3-8][0-9])[0-9]{12}"
    "|9558[0-9]{15}"
)

_BEFORE, _BEHIND = 30, 12  # characters around a number that may say what it is
_ID_WORDS = re.compile(
    "身份证|身份證|身分证|身分證|证件号|公民身份|户口本|社会保障号"
    "|id ?card|id ?no|id ?number|identity ?card|national id|resident id|citizen id"
)
_CARD_WORDS = re.compile(
    "卡号|卡號|银行|银联|信用卡|储蓄卡|借记卡|工资卡|账号|帐号|账户|帐户|开户|收款"
    "|card|account|debit|visa|unionpay"
)
_BANK_WORDS = re.compile(
    "银行卡|银行账|银行帐|信用卡|储蓄卡|借记卡|工资卡|银联卡|开户行"
    "|bank ?card|bank account|credit card|debit card|card number|card no"
)
# Numbers of things and of telephones: these have a right of their own to be long.
_THING_WORDS = re.compile(
    "订单|单号|工单|流水|运单|快递|物流|编号|编码|序列|资产|设备|机身|合同|发票|凭证|税号|电话|手机"
    "|传真|时间戳|imei|meid|iccid|imsi|s/n|sn[:：]|serial|asset|order|invoice|tracking|ticket"
    "|tel[:：. ]|fax|phone|mobile|model|licen[sc]e|product key"
)


def find_ids(folded: str) -> Iterator[Span]:
    """Resident ID numbers: of 18 digits with checksum, or with a word beside them; of 15 only so.

    A number whose checksum fails is still somebody's, mistyped, when the text calls it one.
    """
    for groups in _list_runs(folded, _ID_RUN):
        at = 0
        while at < len(groups):
            for span, digits, count in _list_windows(folded, groups, at):
                if len(digits) in (15, 18) and _is_id(folded, span, digits):
                    yield span
                    at += count
                    break
            else:
                at += 1


def find_cards(folded: str) -> Iterator[Span]:
    """Bank cards: Luhn, and an issuer's range, a card's grouping or a word beside them.

    A text that speaks of a bank card is believed without Luhn: accounts have no check digit.
    """
    for groups in _list_runs(folded, _RUN):
        at = 0
        while at < len(groups):
            for span, digits, count in _list_windows(folded, groups, at):
                sizes = tuple(end - start for start, end in groups[at : at + count])
                if len(digits) >= _FEWEST and _is_card(folded, span, digits, sizes):
                    yield span
                    at += count
                    break
            else:
                at += 1


def _list_runs(folded: str, runs: re.Pattern[str]) -> Iterator[list[Span]]:
    """The groups of each long run of digits, as blanks and hyphens part them."""
    for run in runs.finditer(folded) if _LONG.search(folded) else ():
        if run.end() - run.start() < _FEWEST:
            continue
        groups = [found.span() for found in _GROUP.finditer(folded, *run.span())]
        if _GOES_ON.match(folded, run.end()):
            groups.pop()
        if groups:
            yield groups


def _list_windows(folded: str, groups: list[Span], first: int) -> list[tuple[Span, str, int]]:
    """(span, digits, groups) of what may be one number from group `first` on, the longest first."""
    digits, found = "", []
    for count, (start, end) in enumerate(groups[first : first + _MOST_GROUPS], 1):
        digits += _DROP.sub("", folded[start:end])
        if len(digits) > _MOST:
            break
        found.append(((groups[first][0], end), digits, count))
    return found[::-1]


def _is_id(folded: str, span: Span, digits: str) -> bool:
    body, old = digits[:17], len(digits) == 15
    if "x" in (digits if old else body):
        return False
    born = ("19" + digits[6:12]) if old else digits[6:14]
    likely = _REGION.match(digits) is not None and _is_day(born)
    if likely and not old:
        total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
        if _CHECKS[total % 11] == digits[17]:
            return True
    if "\n" in folded[slice(*span)] or (
        folded[max(0, span[0] - 1) : span[0]].isascii()
        and (folded[max(0, span[0] - 1) : span[0]].isalpha())
    ):
        return False
    named = _ID_WORDS.search(_look_around(folded, span)) is not None
    return named and (likely or (not old and (_REGION.match(digits) is not None or _is_day(born))))


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return day.year in _YEARS


def _is_card(folded: str, span: Span, digits: str, sizes: tuple[int, ...]) -> bool:
    grouped = sizes == (4, 6, 5) or (
        len(sizes) > 3 and set(sizes[:3]) == {4} and len(digits) in range(16, 20)
    )
    if "x" in digits or len(set(digits)) == 1 or (len(sizes) > 1 and not grouped):
        return False
    before = folded[max(0, span[0] - _BEFORE) : span[0]]
    around = _look_around(folded, span)
    if _find_last(_THING_WORDS, before) > _find_last(_CARD_WORDS, before):
        return False
    if len(digits) > 15 and _BANK_WORDS.search(around):
        return True
    if not _passes_luhn(digits):
        return False
    if _ISSUERS.fullmatch(digits) or (grouped and digits[0] in "23456"):
        return True
    return _CARD_WORDS.search(around) is not None


def _find_last(words: re.Pattern[str], text: str) -> int:
    """Where the last of these words begins; -1: there is none."""
    return max((found.start() for found in words.finditer(text)), default=-1)


def _passes_luhn(digits: str) -> bool:
    total = sum(map(int, digits[-1::-2]))
    total += sum(_DOUBLED[int(digit)] for digit in digits[-2::-2])
    return total % 10 == 0


_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def _look_around(folded: str, span: Span) -> str:
    start, end = span
    return f"{folded[max(0, start - _BEFORE) : start]}\n{folded[end : end + _BEHIND]}"
