"""Do two domains belong to the same owner (RFC 7489 §3.1.1, relaxed)?

Without the public suffix list: equal, or one below the other, where the upper one is no suffix that
strangers share. Stricter than the RFC for siblings, which is the safe side.
"""

from __future__ import annotations

_KINDS = ("com", "net", "org", "gov", "edu", "ac", "co", "mil", "idv", "or", "ne", "go", "sch")
_COUNTRIES = ("cn", "hk", "tw", "mo", "uk", "jp", "kr", "sg", "my", "th", "id", "in", "vn", "ph")
_MORE = ("au", "nz", "za", "br", "mx", "ar", "tr", "il", "ru", "pk")
_SHARED = frozenset(f"{kind}.{land}" for kind in _KINDS for land in (*_COUNTRIES, *_MORE))


def fold_domain(text: str) -> str:
    """Lower case, without a final dot, a Chinese name in its ASCII form; never raises."""
    domain = text.strip().rstrip(".").lower()
    if domain.isascii() or len(domain) > 253:
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def is_aligned(one: str, other: str) -> bool:
    """Whether folded domains are equal or one lies below the other, as an owner's would."""
    if not one or not other:
        return False
    if one == other:
        return True
    upper, lower = sorted((one, other), key=len)
    labels = upper.count(".") + 1
    return labels >= (3 if upper in _SHARED else 2) and lower.endswith(f".{upper}")
