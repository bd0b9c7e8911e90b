"""What do a file's first bytes say it is? For labels that are wrong or say nothing.

Looks at a few kilobytes, in constant time. A type is only called different from the label beyond
doubt: containers (zip, OLE, XML) hold other formats, and all text may be any text.
"""

from __future__ import annotations

import re

LOOKED_AT = 4096
"""Bytes from a file's beginning that are worth handing in."""

_OPAQUE = frozenset(
    ("", "application/octet-stream", "binary/octet-stream", "application/octetstream",
     "application/unknown", "application/x-unknown", "application/x-download",
     "application/download",
     "application/force-download", "application/binary", "application/x-octet-stream",
     "application/octet", "application/x-unknown-content-type", "application/x-forcedownload",
     "application/save", "application/file", "application/attachment", "unknown/unknown",
     "application/x-msdownload-octet", "application/stream", "octet/stream")
)  # fmt: skip
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"8BPS\x00\x01", "image/vnd.adobe.photoshop"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (40, b" EMF", "image/emf"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"%!PS-Adobe", "application/postscript"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (257, b"ustar", "application/x-tar"),
    (0, b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (0, b"ITSF\x03\x00", "application/vnd.ms-htmlhelp"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"!BDN", "application/vnd.ms-outlook-pst"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS\x00", "audio/ogg"),
    (0, b"fLaC\x00", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
)
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis"), "image/heic"),
    **dict.fromkeys((b"mif1", b"msf1"), "image/heif"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3ge6"), "video/3gpp"),
}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OOXML = (
    (b"word/", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}.presentationml.presentation"),
    (b"visio/", "application/vnd.ms-visio.drawing"),
)
# What the name says where the container holds several formats.
_BY_NAME = {
    "application/x-ole-storage": {
        "doc": "application/msword",
        "dot": "application/msword",
        "xls": "application/vnd.ms-excel",
        "xlt": "application/vnd.ms-excel",
        "ppt": "application/vnd.ms-powerpoint",
        "pps": "application/vnd.ms-powerpoint",
        "msg": "application/vnd.ms-outlook",
        "vsd": "application/vnd.visio",
        "mpp": "application/vnd.ms-project",
        "msi": "application/x-msi",
    },
    "application/zip": {
        "docx": _OOXML[0][1],
        "xlsx": _OOXML[1][1],
        "pptx": _OOXML[2][1],
        "jar": "application/java-archive",
        "apk": "application/vnd.android.package-archive",
    },
}
_ALIKE = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/jfif": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-ms-bmp": "image/bmp",
    "image/x-bmp": "image/bmp",
    "image/x-windows-bmp": "image/bmp",
    "image/tif": "image/tiff",
    "image/x-tiff": "image/tiff",
    "image/heif": "image/heic",
    "image/heic-sequence": "image/heic",
    "image/x-wmf": "image/wmf",
    "image/x-emf": "image/emf",
    "image/x-psd": "image/vnd.adobe.photoshop",
    "application/x-pdf": "application/pdf",
    "application/acrobat": "application/pdf",
    "text/pdf": "application/pdf",
    "text/rtf": "application/rtf",
    "application/x-rtf": "application/rtf",
    "application/x-zip-compressed": "application/zip",
    "application/x-zip": "application/zip",
    "multipart/x-zip": "application/zip",
    "application/x-compressed": "application/zip",
    "application/x-rar-compressed": "application/vnd.rar",
    "application/x-rar": "application/vnd.rar",
    "application/rar": "application/vnd.rar",
    "application/x-gzip": "application/gzip",
    "application/x-gtar": "application/gzip",
    "application/x-compressed-tar": "application/gzip",
    "application/x-tgz": "application/gzip",
    "application/x-7zip": "application/x-7z-compressed",
    "application/vnd.ms-tnef": "application/ms-tnef",
    "application/x-msdownload": "application/vnd.microsoft.portable-executable",
    "application/x-msdos-program": "application/vnd.microsoft.portable-executable",
    "application/x-dosexec": "application/vnd.microsoft.portable-executable",
    "application/exe": "application/vnd.microsoft.portable-executable",
    "application/x-exe": "application/vnd.microsoft.portable-executable",
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "application/ogg": "audio/ogg",
    "video/ogg": "audio/ogg",
    "audio/x-m4a": "audio/mp4",
    "video/avi": "video/x-msvideo",
    "video/webm": "video/x-matroska",
    "audio/webm": "video/x-matroska",
    "audio/x-matroska": "video/x-matroska",
    "video/x-ms-wmv": "video/x-ms-asf",
    "audio/x-ms-wma": "video/x-ms-asf",
    "application/xml": "text/xml",
    "application/x-pkcs7-mime": "application/pkcs7-mime",
    "application/pkcs7-signature": "application/pkcs7-mime",
    "application/x-pkcs7-signature": "application/pkcs7-mime",
}
# Formats other formats are made of: their presence contradicts no vendor's label.
_CONTAINERS = frozenset(
    ("application/zip", "application/x-ole-storage", "application/gzip", "text/xml", "text/plain",
     "application/vnd.sqlite3", "application/x-tar")
)  # fmt: skip
_PICTURES = re.compile(r"(?:image|audio|video|font)/")
_DOCUMENTS = re.compile(
    r"application/(?:pdf|zip|msword|vnd\.(?:ms-(?:excel|powerpoint|word)|openxml|oasis)|vnd\.rar|gzip)"
)
_TEXT = re.compile(rb"[^\x00-\x08\x0e-\x1a\x1c-\x1f]*+")
_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--[^>]{0,500}-->\s*+)?"
    rb"<(?:!doctype\s+html|html|head|body|table)\b",
    re.IGNORECASE,
)
_MAIL = re.compile(
    rb"(?:received|return-path|delivered-to|from|to|subject|date|message-id|mime-version|"
    rb"x-[a-z-]{1,40}|dkim-signature|content-type|reply-to|cc|sender|authentication-results):[ \t]",
    re.IGNORECASE,
)
_FOLDED = re.compile(rb"\r?\n[ \t]+")


def detect(head: bytes, label: str, name: str = "") -> str | None:
    """The type the bytes tell, where the label says nothing or something else; else None."""
    found = identify(head)
    if found is None:
        return None
    extension = name.rpartition(".")[2].lower()
    found = _BY_NAME.get(found, {}).get(extension, found)
    said = _ALIKE.get(label.lower(), label.lower())
    if said in _OPAQUE:
        return found
    if said.startswith(("message/", "multipart/")) or _agree(said, found):
        return None
    return found


def identify(head: bytes) -> str | None:
    """The type of a file by its beginning alone, or None."""
    for place, sign, kind in _MAGIC:
        if head.startswith(sign, place):
            return kind
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _open_zip(head)
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00" and len(head) > 26:
        return "image/bmp"
    if head.startswith(b"MZ") and b"\x00" in head[:64]:
        return "application/vnd.microsoft.portable-executable"
    if head[:1] == b"\x30" and b"\x2a\x86\x48\x86\xf7\x0d\x01\x07" in head[:40]:
        return "application/pkcs7-mime"
    if head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2") and head[2:3] > b"\x10":
        return "audio/mpeg"
    if head.startswith(b"\x00\x00\x01\x00") and 0 < _little(head, 4, 2) < 50:
        return "image/x-icon"
    return _read_text(head)


def measure(head: bytes) -> tuple[int, int] | None:
    """Width and height of a picture in pixels, where its beginning tells them."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return _big(head, 16, 4), _big(head, 20, 4)
    if head.startswith((b"GIF87a", b"GIF89a")) and len(head) >= 10:
        return _little(head, 6, 2), _little(head, 8, 2)
    if head.startswith(b"BM") and len(head) >= 26:
        return _little(head, 18, 4), abs(int.from_bytes(head[22:26], "little", signed=True))
    if head.startswith(b"\xff\xd8\xff"):
        return _measure_jpeg(head)
    if head[8:12] == b"WEBP":
        return _measure_webp(head)
    return None


def _agree(said: str, found: str) -> bool:
    """Whether a label can be meant for a file of that type."""
    if said == _ALIKE.get(found, found):
        return True
    text = found.startswith("text/") or found == "message/rfc822"
    strict = _PICTURES.match(said) is not None or _DOCUMENTS.match(said) is not None
    if text:
        return not strict or said in ("image/svg+xml", "image/x-xpixmap", "image/x-portable-pixmap")
    if found.startswith(("video/", "audio/")) and said.startswith(("video/", "audio/")):
        return found.partition("/")[2] == said.partition("/")[2] or "mp4" in found
    if found in _CONTAINERS and not said.startswith(("image/", "audio/", "video/", "text/")):
        inside = {
            "application/zip": ("openxml", "oasis", "+zip", "java-archive", "android", "epub"),
            "application/x-ole-storage": ("msword", "vnd.ms-", "visio", "x-msi", "outlook"),
        }.get(found, ())
        return not strict or any(part in said for part in inside)
    family = "vnd.ms-word", "vnd.ms-excel", "vnd.ms-powerpoint"
    macros = (
        found.startswith(_OFFICE) and said.startswith("application/vnd.ms-") and "macro" in said
    )
    return (
        macros
        or (found.startswith(_OFFICE) and "openxml" in said)
        or (found.startswith("application/vnd.ms-") and said in family)
    )


def _open_zip(head: bytes) -> str:
    """By the first entries' names: an office document says early what it is."""
    size = _little(head, 26, 2)
    first = head[30 : 30 + size]
    if first == b"mimetype":
        found = re.match(rb"application/[a-z0-9.+-]{1,100}", head[30 + size :])
        return found[0].decode("ascii").partition("PK")[0] if found else "application/zip"
    if first in (b"[Content_Types].xml", b"_rels/.rels") or first.startswith(b"docProps/"):
        for part, kind in _OOXML:
            if part in head:
                return kind
    if first.startswith((b"word/", b"xl/", b"ppt/")):
        return next(kind for part, kind in _OOXML if first.startswith(part))
    if first.startswith(b"META-INF/"):
        return "application/java-archive"
    return "application/zip"


def _read_text(head: bytes) -> str | None:
    """The kinds of text that say what they are; plain text is what nothing speaks against."""
    if not head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    bare = head.removeprefix(b"\xef\xbb\xbf")
    found = _TEXT.match(bare)
    if found is None or found.end() < len(bare):
        return None
    start = bare[:600].lstrip()
    if _HTML.match(bare[:2000]):
        return "text/html"
    if start.startswith(b"<?xml"):
        return "image/svg+xml" if b"<svg" in bare else "text/xml"
    if start.startswith(b"<svg"):
        return "image/svg+xml"
    upper = start[:40].upper()
    for sign, kind in ((b"BEGIN:VCALENDAR", "text/calendar"), (b"BEGIN:VCARD", "text/vcard")):
        if upper.startswith(sign):
            return kind
    if bare.startswith(b"#!/"):
        return "text/x-shellscript"
    if start.startswith(b"-----BEGIN PGP SIGNATURE-----"):
        return "application/pgp-signature"
    if start.startswith(b"-----BEGIN PGP MESSAGE-----"):
        return "application/pgp-encrypted"
    if _is_mail(bare):
        return "message/rfc822"
    try:
        bare[: len(bare) - 4 if len(bare) >= LOOKED_AT - 8 else len(bare)].decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "text/plain"


def _is_mail(text: bytes) -> bool:
    """Whether it begins with a mail's header: three fields mail has, and no other line."""
    lines = _FOLDED.sub(b" ", text[:3000].removeprefix(b"From ")).split(b"\n")[:8]
    known = 0
    for line in lines:
        if _MAIL.match(line):
            known += 1
        elif known < 3:
            return known == 0 and text.startswith(b"From ") and _is_mail(text.partition(b"\n")[2])
    return known >= 3


def _measure_jpeg(head: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 < len(head) and head[position] == 0xFF:
        marker = head[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return _big(head, position + 7, 2), _big(head, position + 5, 2)
        position += 2 + max(2, _big(head, position + 2, 2))
    return None


def _measure_webp(head: bytes) -> tuple[int, int] | None:
    kind = head[12:16]
    if kind == b"VP8X" and len(head) >= 30:
        return _little(head, 24, 3) + 1, _little(head, 27, 3) + 1
    if kind == b"VP8 " and len(head) >= 30:
        return _little(head, 26, 2) & 0x3FFF, _little(head, 28, 2) & 0x3FFF
    if kind == b"VP8L" and len(head) >= 25:
        bits = _little(head, 21, 4)
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    return None


def _big(data: bytes, place: int, size: int) -> int:
    return int.from_bytes(data[place : place + size], "big")


def _little(data: bytes, place: int, size: int) -> int:
    return int.from_bytes(data[place : place + size], "little")
