"""Reads the report of dotnet-stryker, which judges the C# library and the codec by their unit tests."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

DETECTED = ("Killed", "Timeout")


def read(report: Path, root: Path, suites: set[str]) -> dict[str, str]:
    """
    The fates of the report's mutants, by name: killed, survived, or suite for one that no unit test sees in the files
    `suites`, which need a socket: there mutants.py makes its own, for the suite's cases to judge. Mutants that do not compile or are doubles of others are none.
    """
    fates: dict[str, str] = {}
    names = Counter[str]()
    for path, file in sorted(json.loads(report.read_text())["files"].items()):
        place = str(Path(path).relative_to(root)) if Path(path).is_absolute() else path
        lines = file["source"].splitlines(keepends=True)
        starts = [sum(map(len, lines[:i])) for i in range(len(lines) + 1)]
        for mutant in sorted(file["mutants"], key=lambda each: int(each["id"])):
            begin, end = (starts[at["line"] - 1] + at["column"] - 1
                          for at in (mutant["location"]["start"], mutant["location"]["end"]))
            if mutant["location"]["start"]["line"] == mutant["location"]["end"]["line"]:  # the rest of its line tells where
                first, last = starts[mutant["location"]["start"]["line"] - 1], starts[mutant["location"]["end"]["line"]]
            else:
                first, last = begin, end
            after = file["source"][first:begin] + mutant.get("replacement", "") + file["source"][end:last]
            name = f"{place}: {shown(file['source'][first:last])} ==> {shown(after)}"
            names[name] += 1
            if names[name] > 1:
                name = f"{name} [{names[name]}]"
            status = mutant["status"]
            if status in DETECTED:
                fates[name] = "killed"
            elif status in ("Survived", "NoCoverage"):
                fates[name] = "suite" if place in suites else "survived"
    return fates


def shown(code: str) -> str:
    """Code on one line, its middle left out if it is long."""
    line = " ".join(code.split())
    return line if len(line) <= 200 else f"{line[:120]} ... {line[-75:]}"
