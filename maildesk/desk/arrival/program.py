"""Is a file what it says, and does it run when somebody opens it? By its bytes, label and name.

For those who read about a file, so that they do not open it; nothing is kept out because of it.
"""

from __future__ import annotations

from mimetypes import MimeTypes

from maildesk.mail.message import Attachment

_TYPES = frozenset(
    {
        *("application/x-dosexec", "application/x-msdownload", "application/x-msdos-program"),
        *("application/vnd.microsoft.portable-executable", "application/x-ms-installer"),
        *("application/x-msi", "application/x-ms-shortcut", "application/x-executable"),
        *("application/x-elf", "application/x-sharedlib", "application/x-pie-executable"),
        *("application/x-mach-binary", "application/x-mach-o", "application/x-sh"),
        *("application/x-shellscript", "text/x-shellscript", "application/hta"),
        *("application/java-archive", "application/vnd.android.package-archive"),
        *("application/x-bat", "application/x-powershell", "text/vbscript"),
    }
)
# What Windows runs at a double click, and the phones' and macOS's own.
_ENDINGS = frozenset(
    {
        *("exe", "scr", "com", "pif", "cpl", "msi", "msp", "bat", "cmd", "ps1", "psm1", "vbs"),
        *("vbe", "js", "jse", "wsf", "wsh", "wsc", "hta", "jar", "lnk", "url", "reg", "scf"),
        *("inf", "sct", "msc", "chm", "gadget", "application", "appref-ms", "dll", "ocx"),
        *("apk", "ipa", "app", "command", "dmg", "pkg", "elf", "run", "sh"),
    }
)


def is_program(file: Attachment) -> bool:
    """Whether opening it may run something."""
    return runs(file.filename, file.content_type, file.detected)


def runs(filename: str, content_type: str, detected: str | None) -> bool:
    """The same for a file's values alone; the bytes outweigh the label, the name counts always."""
    kind = (detected or content_type).lower()
    ending = filename.rstrip(". ").rpartition(".")[2].lower()
    return kind in _TYPES or ("." in filename and ending in _ENDINGS)


_KNOWN = MimeTypes()  # not the machine's own table: everywhere the same
_SILENT = (  # a label that begins so tells nothing
    *("application/octet", "binary/", "application/x-download", "application/download"),
    *("application/force-download", "application/unknown", "application/x-unknown"),
)


def find_lie(filename: str, content_type: str, detected: str | None) -> str | None:
    """The type a file really has, where its label or, if that says nothing, its name tells another.

    Plain text is no news: most sources and settings are.
    """
    if detected is None or (content_type and not content_type.lower().startswith(_SILENT)):
        return detected
    named = _KNOWN.guess_type(filename, strict=False)[0]
    if named is None or detected in ("text/plain", named):
        return None
    both_run = runs(filename, "", None) and detected in _TYPES
    return None if both_run else detected
