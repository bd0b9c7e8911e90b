"""Who is spoken of in words that others will read?  Names, addresses and phones are taken out.

For articles, which strangers to the ticket read. Secrets were masked before (`privacy`); a name
that nobody on the ticket has is not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_MOBILE = re.compile(r"(?<![\d.-])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![\d.-])")
_LANDLINE = re.compile(r"(?<![\d.-])0\d{2,3}[ -]\d{7,8}(?![\d.-])")
_EXTENSION = re.compile(
    r"(分机号?|内线|短号|手机号?|座机|电话|ext\.?|extension|phone|mobile|tel\.?)"
    r"([ :：是为]{0,3})\+?\d[\d -]{2,18}\d",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:(?:某同事)?(?:您好|你好)|(?:hi|hello|dear)(?: a colleague)?\b)[，,。！!：:\s]*",
    re.IGNORECASE,
)
_HAN = re.compile("[\u3400-\u9fff]")
_SHORTEST = 2


def leave_out_people(text: str, names: Iterable[str]) -> str:
    """The text without its people, and without a greeting at its beginning: 您好，我是财务部张敏，
    分机8123 becomes 我是财务部某同事，分机…"""
    chinese = bool(_HAN.search(text))
    text = _ADDRESS.sub("…", text)
    text = _EXTENSION.sub(r"\1\2…", text)
    text = _LANDLINE.sub("…", _MOBILE.sub("…", text))
    for name in sorted({item.strip() for item in names}, key=len, reverse=True):
        if len(name) >= _SHORTEST:
            text = _find_name(name).sub("某同事" if chinese else "a colleague", text)
    greeting = _GREETING.match(text)
    return text[greeting.end() :] if greeting else text


def _find_name(name: str) -> re.Pattern[str]:
    """A Latin name is a word of its own; a Chinese one stands anywhere."""
    edge = r"\b" if name.isascii() else ""
    return re.compile(f"{edge}{re.escape(name)}{edge}", re.IGNORECASE)
