"""The line above which an engineer answers: everything below it is never passed on (DESIGN §6).

One line in both languages, short enough that no client wraps it, of characters GB2312 has.
"""

from __future__ import annotations

MARKER = "≡≡≡ 请在此行以上回复 · Reply above this line ≡≡≡"

SIGNS = ("请在此行以上回复", "reply above this line")
"""Either of them, lower-cased, makes a line the marker: clients change the rest of it."""
