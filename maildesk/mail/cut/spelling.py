"""When are two spellings the same words? Lines are compared by letters and digits alone.

One width, case and script; wrapping, quote marks, table bars and dashes hide nothing.
"""

from __future__ import annotations

import unicodedata

# The letters of 请在此行以上回复, 原始邮件 and their likes as Hong Kong and Taiwan write them.
_SIMPLER = str.maketrans(
    "請復覆郵為時間發來還這個話機電處訊網頁雲傳單號組從內務於後問題",
    "请复复邮为时间发来还这个话机电处讯网页云传单号组从内务于后问题",
)


def fold_key(text: str) -> str:
    """Letters and digits alone, one width, case and script: how two spellings are compared."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLER)
    else:
        text = text.lower()
    return "".join(filter(str.isalnum, text))
