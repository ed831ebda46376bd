"""The list of mutants that may survive: survivors.txt, a reason and under it, indented, the mutants that it holds for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Survivors:
    """Names of mutants (`PLACE: LINE ==> LINE AFTER IT`), each with the reason why nothing can be seen of it."""

    reasons: dict[str, str]

    @staticmethod
    def load(file: Path) -> Survivors:
        """Reads the list. Lines that begin with # say nothing; an entry without a reason above it is an error."""
        reasons: dict[str, str] = {}
        reason, entries_began = "", False
        for line in file.read_text().splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            if not line.startswith(" "):
                reason, entries_began = line if entries_began or not reason else f"{reason} {line}", False
            elif not reason or line.strip() in reasons:
                raise ValueError(f"{file.name}: '{line.strip()}' has no reason above it, or stands there twice")
            else:
                reasons[line.strip()], entries_began = reason, True
        return Survivors(reasons)

    def complaints(self, possible: set[str], killed: set[str]) -> list[str]:
        """What no longer holds of the list: a mutant that there is not, or that something has seen after all."""
        return ([f"listed, but there is no such mutant: {name}" for name in self.reasons if name not in possible] +
                [f"listed as a survivor, but killed: {name}" for name in self.reasons if name in killed])
