"""Which codec does a charset label mean? What senders write, and the superset they really send.

Labels come in any spelling (`UTF_8`, `cp-850`, `"x-gbk"`, `charset=utf-8`), some name codecs of
Python that are no charsets at all, and some say nothing. Bytes are `charset`'s question.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

# Keys are labels squeezed to letters and digits; values what is really meant. The WHATWG's table
# in spirit, with the names mail knows besides.
_MEANT = {
    # Unicode
    **dict.fromkeys(
        ("utf8", "utf8mb4", "utf8mb3", "utf8n", "utf8sig", "utf8bom", "unicode11utf8", "u8",
         "al32utf8",
         "unicode20utf8", "cesu8", "utf", "utf08", "utf8utf8", "iso10646utf8", "isoutf8"),
        "utf-8",
    ),
    **dict.fromkeys(
        ("utf16", "unicode", "ucs2", "iso10646ucs2", "unicodefeff", "unicodefffe", "u16",
         "csunicode"),
        "utf-16",
    ),
    **dict.fromkeys(("utf16le", "unicodelittle", "unicodelittleunmarked", "ucs2le"), "utf-16-le"),
    **dict.fromkeys(("utf16be", "unicodebig", "unicodebigunmarked", "ucs2be"), "utf-16-be"),
    **dict.fromkeys(("utf32", "ucs4", "iso10646ucs4", "u32"), "utf-32"),
    "utf32le": "utf-32-le",
    "utf32be": "utf-32-be",
    **dict.fromkeys(
        ("utf7", "u7", "unicode11utf7", "unicode20utf7", "unicodeutf7", "utf7imap"), "utf-7"
    ),
    # Chinese
    **dict.fromkeys(
        ("gb18030", "gb180302000", "gb180302005", "gb180302022", "gbk", "gb2312", "gb231280",
         "gb23121980", "gb", "gbeuc", "euccn", "euccngb", "chinese", "isoir58", "csgb2312",
         "csiso58gb231280", "gbk2k", "gb18030gb2312", "zhcn", "cngb", "gb13000", "gbk18030",
         "chinesegb",
         "macchinesesimp", "gb1988", "hanzi", "chinesesimplified", "simplifiedchinese"),
        "gb18030",
    ),
    **dict.fromkeys(("hz", "hzgb2312", "hzgb", "hzgbk"), "hz"),
    **dict.fromkeys(
        ("big5", "big5hkscs", "big5eten", "big5tw", "csbig5", "cnbig5", "big5hk", "big5e",
         "bigfive",
         "zhtw", "macchinesetrad", "chinesebig5", "hkscs", "big5hkscs2004", "chinesetraditional",
         "traditionalchinese"),
        "big5",
    ),
    **dict.fromkeys(("iso2022cn", "iso2022cnext"), "iso-2022-cn"),
    # Japanese
    **dict.fromkeys(
        ("shiftjis", "sjis", "shiftjis2004", "shiftjisx0213", "sjis2004", "sjisx0213", "csshiftjis",
         "mskanji", "msshiftjis", "macjapanese", "windows31j", "cswindows31j", "sjiswin",
         "shiftjisms",
         "shiftjs", "sjisopen", "shift"),
        "shift-jis",
    ),
    **dict.fromkeys(
        ("eucjp", "ujis", "eucjp2004", "eucjisx0213", "eucjis2004", "cseucpkdfmtjapanese",
         "eucjpms",
         "eucjpwin", "jiseuc", "eucjapanese", "ajec", "extendedunixcodepackedformatforjapanese",
         "euc"),
        "euc-jp",
    ),
    **dict.fromkeys(
        ("iso2022jp", "iso2022jp1", "iso2022jp2", "iso2022jp3", "iso2022jp2004", "iso2022jpext",
         "iso2022jpms", "csiso2022jp", "csiso2022jp2", "jis", "jis7", "jisx0208", "junet",
         "jisencoding"),
        "iso-2022-jp",
    ),
    # Korean
    **dict.fromkeys(
        ("euckr", "ksc5601", "ksc56011987", "ksc56011989", "ksx1001", "korean", "uhc", "isoir149",
         "cseuckr", "csksc56011987", "mackorean", "euckorean", "eckr", "kscs56011987", "ksc5601euc",
         "kr", "windows949ks"),
        "cp949",
    ),
    **dict.fromkeys(("iso2022kr", "csiso2022kr", "iso2022kr1"), "iso-2022-kr"),
    **dict.fromkeys(("johab", "ksc56011992", "cp1361"), "johab"),
    # One byte a character: the ISO parts stand for the Windows pages in `charset`.
    **dict.fromkeys(
        ("latin1", "l1", "isolatin1", "isoir100", "csisolatin1", "westerneuropean", "ansi",
         "ansix31101983",
         "iso88591windows30latin1", "iso88591windows31latin1", "windowslatin1", "latin", "8859",
         "iso8859",
         "iso88591iso88591", "iso5988591", "iso88511", "is088591", "ios88591", "iso88591en",
         "isolatin",
         "ansix3110", "westerniso88591", "iso885911987", "iso885911988"),
        "iso8859-1",
    ),
    **dict.fromkeys(("latin2", "l2", "isoir101", "csisolatin2", "iso885921987",
    "easteurope"), "iso8859-2"),
    **dict.fromkeys(("latin3", "l3", "isoir109", "csisolatin3", "iso885931988"), "iso8859-3"),
    **dict.fromkeys(("latin4", "l4", "isoir110", "csisolatin4", "iso885941988"), "iso8859-4"),
    **dict.fromkeys(("cyrillic", "isoir144", "csisolatincyrillic", "iso885951988"), "iso8859-5"),
    **dict.fromkeys(
        ("arabic", "asmo708", "ecma114", "isoir127", "csisolatinarabic", "iso88596e", "iso88596i",
         "iso885961987", "csiso88596e", "csiso88596i"),
        "iso8859-6",
    ),
    **dict.fromkeys(
        ("greek", "greek8", "ecma118", "elot928", "isoir126", "csisolatingreek", "suneugreek",
         "iso885971987"),
        "iso8859-7",
    ),
    **dict.fromkeys(
        ("hebrew", "isoir138", "csisolatinhebrew", "iso88598i", "iso88598e", "visual", "logical",
         "csiso88598i", "csiso88598e", "iso885981988", "hebrewiso88598i"),
        "iso8859-8",
    ),
    **dict.fromkeys(
        ("latin5", "l5", "isoir148", "csisolatin5", "turkish", "turkish8",
         "iso885991989"), "iso8859-9"
    ),
    **dict.fromkeys(("latin6", "l6", "isoir157", "csisolatin6", "iso8859101992"), "iso8859-10"),
    **dict.fromkeys(
        ("tis620", "tis6200", "tis62025290", "tis62025330", "isoir166", "thai", "thai8",
         "macthai", "tactis",
         "iso885911", "dos874"),
        "cp874",
    ),
    **dict.fromkeys(("latin7", "l7", "isoir179", "baltic"), "iso8859-13"),
    **dict.fromkeys(("latin8", "l8", "isoceltic", "isoir199"), "iso8859-14"),
    **dict.fromkeys(("latin9", "l9", "latin0", "csisolatin9", "iso885915euro"), "iso8859-15"),
    **dict.fromkeys(("latin10", "l10", "isoir226"), "iso8859-16"),
    **dict.fromkeys(("koi8r", "koi8", "koi", "koir8", "cskoi8r", "koi8rrussian",
    "gost1976874"), "koi8-r"),
    **dict.fromkeys(("koi8u", "koi8ru", "cskoi8u"), "koi8-u"),
    **dict.fromkeys(("koi8t", "koi8tajik"), "koi8-t"),
    **dict.fromkeys(("winsami2", "ansicyrillic", "windowscyrillic", "win1251"), "cp1251"),
    **dict.fromkeys(("mac", "macintosh", "macroman", "csmacintosh", "applemacroman"), "mac-roman"),
    **dict.fromkeys(("maccyrillic", "macukrainian", "macukraine"), "mac-cyrillic"),
    **dict.fromkeys(("macce", "maccentraleurope", "maccentraleurroman", "maclatin2"), "mac-latin2"),
    "macgreek": "mac-greek",
    "macturkish": "mac-turkish",
    **dict.fromkeys(("maciceland", "macicelandic"), "mac-iceland"),
    **dict.fromkeys(("maccroatian", "macromanian", "macromania"), "mac-latin2"),
    "macarabic": "iso8859-6",
    "machebrew": "iso8859-8",
    **dict.fromkeys(("ptcp154", "pt154", "cp154", "csptcp154", "cyrillicasian"), "ptcp154"),
    **dict.fromkeys(("kz1048", "strk10482002", "rk1048"), "kz1048"),
    **dict.fromkeys(("hproman8", "roman8", "r8", "cshproman8"), "hp-roman8"),
}  # fmt: skip
# Labels that say nothing: treated as no label at all.
_SILENT = frozenset(
    ("", "usascii", "ascii", "ansix341968", "ansix341986", "iso646us", "us", "isoir6", "646",
     "csascii",
     "usacii", "asciius", "iso646irv1991", "unknown8bit", "8bitunknown", "unknown", "default",
     "8bit", "7bit", "none",
     "binary", "userdefined", "defaultcharset", "null", "undefinedcharset", "defaultcharacterset",
     "defcharset", "charset", "nil", "auto", "system", "any", "iso8bit", "unspecified", "other")
)  # fmt: skip
# What numbers mean in `cp936`, `windows-1252`, `ibm850`, `x-cp50220` and alone.
_PAGES = {
    "367": "ascii",
    **dict.fromkeys(("20127",), "ascii"),
    **dict.fromkeys(("1386", "936", "54936", "51936", "20936", "1383", "5488"), "gb18030"),
    **dict.fromkeys(("950", "951", "1370", "10002", "20002"), "big5"),
    **dict.fromkeys(("932", "943", "943c", "942", "10001"), "shift-jis"),
    **dict.fromkeys(("51932", "20932", "954", "33722"), "euc-jp"),
    **dict.fromkeys(("50220", "50221", "50222"), "iso-2022-jp"),
    **dict.fromkeys(("949", "51949", "1363", "970", "20949", "10003"), "cp949"),
    "50225": "iso-2022-kr",
    "50227": "iso-2022-cn",
    "52936": "hz",
    "1361": "johab",
    "65001": "utf-8",
    "65000": "utf-7",
    "1208": "utf-8",
    "1200": "utf-16-le",
    "1201": "utf-16-be",
    "12000": "utf-32-le",
    "12001": "utf-32-be",
    "20866": "koi8-r",
    "878": "koi8-r",
    "21866": "koi8-u",
    "819": "iso8859-1",
    "912": "iso8859-2",
    "915": "iso8859-5",
    "1089": "iso8859-6",
    "813": "iso8859-7",
    "916": "iso8859-8",
    "920": "iso8859-9",
    "923": "iso8859-15",
    "38598": "iso8859-8",
    "708": "iso8859-6",
    "1051": "hp-roman8",
    "10000": "mac-roman",
    "10006": "mac-greek",
    "10007": "mac-cyrillic",
    "10017": "mac-cyrillic",
    "10029": "mac-latin2",
    "10079": "mac-iceland",
    "10081": "mac-turkish",
    **{str(28590 + part): f"iso8859-{part}" for part in (*range(1, 11), 13, 15)},
}
_SINGLE_PAGES = frozenset(
    ("437", "720", "737", "775", "850", "852", "855", "856", "857", "858", "860", "861", "862",
     "863", "864",
     "865", "866", "869", "874", "1006", "1125", "1140", "1250", "1251", "1252", "1253", "1254",
     "1255",
     "1256", "1257", "1258", "037", "273", "424", "500", "875", "1026")
)  # fmt: skip
_PAGE = re.compile(
    r"(?:cs)?(?:cp|windows|win|ibm|ms|oem|dos|codepage|ccsid|microsoft)?(?:cp)?(\d{3,5}c?)"
)
_PART = re.compile(r"(?:cs)?(?:iso)?8859(1[0-6]|[1-9])(?:19\d\d)?")
# The beginning of a label that something was glued to (`utf-8MIME-Version`), tried last.
_BEGINNING = re.compile(
    r"utf8|iso8859(?:1[0-6]|[1-9])|windows125\d|cp125\d|gb18030|gbk|gb2312|big5|koi8[ru]|euc(?:jp|kr)|"
    r"shiftjis|iso2022(?:jp|kr)"
)
_NOISE = re.compile(r"[^a-z0-9]+")
_COMMENT = re.compile(r"\([^()]*+\)?")
_CODECS = {
    "big5": "big5hkscs",
    "shift-jis": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "iso-2022-kr": "iso2022_kr",
    "iso-2022-cn": "iso2022_cn",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-8": "cp1255",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """`codec` is None where the label names no charset; `defect` says so where it should have."""

    codec: str | None
    defect: str | None = None


@lru_cache(maxsize=512)
def resolve(label: str | None) -> Meaning:
    """What a label means. Codecs are Python's, but for `iso2022_cn`, which is our own."""
    if label is None:
        return Meaning(None)
    name = _COMMENT.sub(" ", label[:200].lower())
    while name.lstrip(" \t\"'").startswith("charset="):
        name = name.partition("=")[2]
    name = name.strip(" \t\r\n\"'<>").partition(";")[0].partition(",")[0].strip()
    key = _NOISE.sub("", name)[:64]
    meant = _look_up(key)
    while meant is None and key.startswith("x"):
        key = key[1:]
        meant = _look_up(key)
    if meant is None and key.startswith("cs"):
        meant = _look_up(key[2:])
    if meant is not None:
        codec = _CODECS.get(meant, meant)
        return Meaning(codec if codec != "ascii" else None)
    if _is_codec(name):
        return Meaning(None, f"charset: {show(label)} is not a charset")
    glued = _BEGINNING.match(key)
    if glued is not None:
        meant = _look_up(glued[0]) or "utf-8"
        return Meaning(_CODECS.get(meant, meant), f"charset: {show(label)} taken as {meant}")
    return Meaning(None, f"charset: {show(label)} is unknown")


def show(label: str | None) -> str:
    """A label fit for a defect: short and printable."""
    clean = "".join(char if " " < char < "\x7f" else "?" for char in (label or "").strip()[:40])
    return clean.strip("\"'").lower() or "empty"


def is_narrow(label: str | None) -> bool:
    """Whether a label names plain GB 2312, which holds less than what we read under it."""
    return "2312" in (label or "")


def _look_up(key: str) -> str | None:
    if key in _SILENT:
        return "ascii"
    found = _MEANT.get(key)
    if found is not None:
        return found
    part = _PART.fullmatch(key)
    if part is not None:
        return f"iso8859-{part[1]}" if part[1] != "12" else "cp1252"
    page = _PAGE.fullmatch(key)
    if page is None:
        return None
    if page[1] in _PAGES:
        return _PAGES[page[1]]
    return f"cp{page[1]}" if page[1] in _SINGLE_PAGES else None


def _is_codec(name: str) -> bool:
    """Whether Python knows a codec of that name (hex, rot13, idna): a charset it is not."""
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return name in ("mbcs", "oem")  # known on Windows only
    return True
