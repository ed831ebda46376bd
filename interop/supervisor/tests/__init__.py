"""The supervisor as it was built, artifacts/c/supervisor, run for real: make artifacts/c/supervisor."""

from __future__ import annotations

import pathlib
import time
from collections.abc import Callable

SUPERVISOR = str(pathlib.Path(__file__).resolve().parents[3] / "artifacts" / "c" / "supervisor")
PATIENCE = 10.0  # seconds that anything may take that is to come


def await_that(what: str, condition: Callable[[], bool]) -> None:
    """Awaits what no file descriptor tells of, such as that another's process is gone."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.005)


def state_of(process: int) -> str:
    """The letter of /proc for a process: R, S, T, Z...; empty if there is none."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_gone(process: int) -> bool:
    return state_of(process) in ("", "Z")
