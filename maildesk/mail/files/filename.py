"""What may an attachment be called? Safe, readable names (DESIGN §12).

A basename without control or bidirectional characters, at most 255 bytes of UTF-8; parts without
a name get one from their type. Whether two files share a name is the reader's business, not ours.
"""

from __future__ import annotations

import mimetypes
import re

LONGEST = 255
# Direction marks make `gpj.exe` read as `exe.jpg`; the others are invisible.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Windows means a device by these, whatever stands behind the first dot.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ .]*(?:\..*)?", re.IGNORECASE
)
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "text/rfc822-headers": ".txt",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/ms-tnef": ".dat",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/vnd.rar": ".rar",
    "application/x-7z-compressed": ".7z",
    "application/gzip": ".gz",
    "application/rtf": ".rtf",
    "application/vnd.microsoft.portable-executable": ".exe",
    "application/vnd.ms-outlook": ".msg",
    "application/x-ole-storage": ".bin",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/pgp-encrypted": ".asc",
    "application/pgp-keys": ".asc",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/avif": ".avif",
    "image/svg+xml": ".svg",
    "image/x-icon": ".ico",
    "image/wmf": ".wmf",
    "image/emf": ".emf",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/amr": ".amr",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/3gpp": ".3gp",
    "video/x-matroska": ".mkv",
    "video/x-ms-asf": ".wmv",
    "text/xml": ".xml",
    "text/x-shellscript": ".sh",
    "application/octet-stream": ".bin",
}


def clean(name: str) -> str:
    """A name from the mail made safe; empty when nothing usable is left."""
    name = name.encode("utf-8", "replace").decode("utf-8")
    name = _HIDDEN.sub("", name)
    name = "".join(char if char.isprintable() else " " for char in name[:2000])
    name = re.split(r"[/\\]", name)[-1].strip().rstrip(". ")
    if not name.strip(". "):
        return ""
    return _shorten(f"_{name}" if _DEVICE.fullmatch(name) else name)


def invent(content_type: str, number: int, *, title: str = "") -> str:
    """A name for a nameless part: `attachment-2.pdf`, or the forwarded mail's subject + `.eml`."""
    extension = _EXTENSIONS.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"
    stem = clean(re.sub(r"[/\\:*?\"<>|]+", " ", title)[:120]) if title else ""
    return _shorten(f"{stem or f'attachment-{number}'}{extension}")


def _shorten(name: str) -> str:
    """At most LONGEST bytes, keeping a short extension."""
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 20 or not stem:
        stem, dot, extension = name, "", ""
    room = LONGEST - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + dot + extension
