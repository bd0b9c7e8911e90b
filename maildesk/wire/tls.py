"""Which certificates we trust: the system's authorities, or exactly the configured file.

Verification is never switched off; a private authority is named by `ca_file`.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from maildesk.wire.fault import Cause, Refused


def make_context(ca_file: Path | None) -> ssl.SSLContext:
    """A verifying client context; `Refused` when `ca_file` cannot be read as PEM."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Refused(
            f"ca_file {ca_file} cannot be used ({error}); it must be a readable PEM file",
            Cause.CERTIFICATE,
        ) from error
