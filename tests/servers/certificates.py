"""A throw-away certificate authority and server certificates, made by the openssl command."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from servers import find_program

_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files: the authority to trust, the server's certificate and its key."""

    ca: Path
    cert: Path
    key: Path


def issue(folder: Path, name: str = "localhost", address: str = "127.0.0.1") -> Certificate:
    """A certificate for `name` and `address`, signed by a new authority, written to `folder`."""
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    cert, key = folder / "cert.pem", folder / "key.pem"
    _request(
        *("-x509", "-subj", "/CN=test authority", "-keyout", str(ca_key), "-out", str(ca)),
        *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
    )
    _request(
        *("-x509", "-CA", str(ca), "-CAkey", str(ca_key), "-subj", f"/CN={name}"),
        *("-addext", f"subjectAltName=DNS:{name},IP:{address}"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-keyout", str(key), "-out", str(cert)),
    )
    return Certificate(ca, cert, key)


def _request(*arguments: str) -> None:
    command = [find_program("openssl"), "req", *_NEW_KEY, *arguments]
    subprocess.run(command, check=True, capture_output=True)
