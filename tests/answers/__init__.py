"""One engineer's answer to one dispatch letter of ours, as each mail client really sends it.

`ANSWERS` names them by client. Each holds canaries: in the quoted letter, in the signature, in the
company's footer, in the quoted header; none of them may reach the requester.
"""

from __future__ import annotations

from answers.abroad import ABROAD
from answers.china import CHINA
from answers.form import CANARIES, CARD, LETTER, TRACES, WORDS, WORDS_EN, Answer, read
from answers.microsoft import MICROSOFT

ANSWERS = (*MICROSOFT, *CHINA, *ABROAD)

__all__ = [
    "ANSWERS", "CANARIES", "CARD", "LETTER", "TRACES", "WORDS", "WORDS_EN", "Answer", "read",
]  # fmt: skip
