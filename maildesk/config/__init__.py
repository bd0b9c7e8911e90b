"""What we were told: maildesk.toml, people, rules/ and templates/, as frozen values.

Read once, validated whole, passed as an argument. All faults are reported together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from maildesk.config.values import Config


def load(file: Path, environ: Mapping[str, str], *, patient: bool = False) -> Config:
    """The whole configuration named by `file`, paths resolved, secrets filled in.

    Makes the data folder's signing key when none is configured and none is there yet; writes
    nothing else. Raises ConfigFault whose text lists every fault, one a line (DESIGN §11);
    `patient` with those in rules and profiles: it does without them.
    """
    from maildesk.config.reading import survey
    from maildesk.config.secrets import ensure_secret
    from maildesk.errors import ConfigFault

    found = survey(file, environ, patient=patient)
    if found.config is None:
        raise ConfigFault("\n".join(str(fault) for fault in found.faults))
    if found.config.secret:
        return found.config
    return replace(found.config, secret=ensure_secret(found.config.data))
