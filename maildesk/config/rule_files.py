"""Where the rules and profiles of a configuration lie, and whether they are other files by now.

Knows names, sizes and times of files, not what stands in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maildesk.config import shipped

Stamp = tuple[tuple[str, int, int], ...]
"""Path, time of change in nanoseconds and size of each file."""


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """`own` is the user's folder, None where only the shipped one counts. `profiles` are the names
    of the desks' profiles, by desk."""

    own: Path | None = None
    profiles: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the rules are read from."""
        return self.own or shipped.folder("rules")

    def find_profile(self, name: str) -> Path | None:
        """The file of a profile: the user's own first, then a shipped one."""
        files = (place / f"{name}.yaml" for place in self._profile_folders())
        return next((file for file in files if file.is_file()), None)

    def list_profiles(self) -> list[str]:
        """The names of all profiles there are."""
        folders = self._profile_folders()
        return sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})

    def stamp(self) -> Stamp:
        """Another one when a file was changed, came or went."""
        profiles = {self.find_profile(name) for name in self.profiles.values()}
        files = [*self.folder.glob("*.yaml"), *self.folder.glob("*.yml")]
        files += [file for file in profiles if file is not None]
        files += (self.folder / "holidays").glob("*.yaml")
        found = []
        for file in sorted(files):
            try:
                now = file.stat()
            except OSError:  # it went between the look into the folder and this one
                continue
            found.append((str(file), now.st_mtime_ns, now.st_size))
        return tuple(found)

    def _profile_folders(self) -> tuple[Path, ...]:
        places = dict.fromkeys((self.folder, shipped.folder("rules")))
        return tuple(place / "profiles" for place in places)
