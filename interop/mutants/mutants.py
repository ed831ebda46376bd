"""
`make mutants`: mutates the programs that we ship, and has the suite's quick cases judge each mutant.

A text that several programs share (a fenced block of the C reference, a file of the C# library) is mutated once, and is
judged by each program that has it until one of them is seen to be wrong. A mutant that nobody sees must stand in
survivors.txt with the reason; so must those of the reports of dotnet-stryker, which are read here as well.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import stryker
from mutations import Mutation, mutations, texts
from survivors import Survivors

ROOT = Path(__file__).resolve().parents[2]
SUITE = "artifacts/bin/EasyTcp.Interop/release/EasyTcp.Interop"
LONGEST_RUN = 170  # s; less than the suite's last bound on any cell, which is no verdict on the mutant
LOOKS = 3  # how often a cell that was red is run alone, where it is red again at once unless the mutant is a race
C_SHARED = ("c-reference/NonBlockingTCPServer.c", "c-reference/MultiThreadTCPServer.c", "c-reference/EasyTCPClient.c", "c-reference/EventLoopTCPServer.c")
LIBRARY = (*(f"servers/EasyTcp.Servers/{name}.cs" for name in ("Acceptor", "ClientSession", "DescriptorLimit", "DirectSocket", "Listener", "ServerProgram")),
           "protocol/EasyTcp.Protocol/Signals.cs", "protocol/EasyTcp.Protocol/StandardStreams.cs")


@dataclass(frozen=True)
class Program:
    """A program: its sources, and how a copy of the checkout builds it and has the suite judge it."""

    name: str
    sources: tuple[str, ...]
    build: tuple[str, ...]
    command: str
    role: str = "server"

    @property
    def judge(self) -> tuple[str, ...]:
        """The suite's command line; the other side of the pairs is the quickest that there is."""
        pair = "your-server x c" if self.role == "server" else "c-nonblocking x your-client"
        return (SUITE, "--quick", "--stop-at-first-failure", f"--{self.role}", self.command,
                "--case", f"your-{self.role} / *,{pair} / *")


def c_program(name: str, source: str, role: str = "server") -> Program:
    places = "{port} {report}" if role == "server" else "{host} {port}"
    return Program(name, (source,), ("gcc", source, "-o", "mutant"), f"./mutant {places}", role)


def csharp_server(name: str, project: str, *parts: str) -> Program:
    # Native code, as it is shipped: managed code fails out-of-descriptors without being mutated.
    return Program(name, (*(f"servers/{project}/{part}.cs" for part in ("Program", *parts)), *LIBRARY),
                   ("dotnet", "publish", f"servers/{project}", "-c", "Release", "-o", "mutant-csharp", "-v", "quiet", "-m:1", "--no-restore",
                    "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false"),
                   f"mutant-csharp/{project} {{port}} {{report}}")


PROGRAMS = (
    c_program("c-nonblocking", C_SHARED[0]), c_program("c-multithread", C_SHARED[1]), c_program("c", C_SHARED[2], "client"),
    csharp_server("csharp-nonblocking", "NonBlockingTcpServer"), csharp_server("csharp-multithread", "MultiThreadTcpServer"),
    # AsyncSocketQueue is what waits on other systems; `make interop VARIANTS=portable` judges it here.
    c_program("c-eventloop", C_SHARED[3]), csharp_server("csharp-eventloop", "EventLoopTcpServer", "EpollQueue", "Guest", "IReadinessQueue"),
)


def all_mutations() -> dict[str, list[Mutation]]:
    """By program: the mutations of those of its texts that no earlier program has."""
    seen: set[tuple[str, str]] = set()
    names: Counter[str] = Counter()
    found = {}
    for program in PROGRAMS:
        own = [text for source in program.sources for text in texts(ROOT, source) if text not in seen]
        seen.update(own)
        found[program.name] = [mutation for text in own for mutation in mutations(*text, names)]
    return found


class Commands:
    """The commands that run now, so that an interrupted run leaves none behind."""

    def __init__(self) -> None:
        self.stopping = False
        self._running: set[subprocess.Popen[str]] = set()

    def run(self, command: tuple[str, ...], folder: Path) -> tuple[int, str]:
        """Runs a command, at most LONGEST_RUN. Returns its status, -1 if it took longer, and its output."""
        if self.stopping:
            raise CancelledError
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        self._running.add(process)
        try:
            output, _ = process.communicate(timeout=LONGEST_RUN)
            return process.returncode, output
        except subprocess.TimeoutExpired:
            process.terminate()  # the suite ends its peers then
            time.sleep(1)
            return -1, f"not over after {LONGEST_RUN} s"
        finally:
            self._running.discard(process)
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # nothing is left of it, as it should be
            process.wait()

    def stop(self) -> None:
        self.stopping = True
        for process in tuple(self._running):
            process.terminate()


class Workshop:
    """A copy of the checkout in a temporary folder, in which one mutant at a time is built and judged."""

    def __init__(self, folder: Path, commands: Commands) -> None:
        self.folder, self.commands = folder, commands
        tracked = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, check=True, capture_output=True, text=True).stdout
        built = [str(path.relative_to(ROOT)) for part in ("artifacts/c", "artifacts/csharp", str(Path(SUITE).parent))
                 for path in (ROOT / part).rglob("*") if path.is_file() and path.suffix != ".dbg"]
        for file in [name for name in tracked.split("\0") if name] + built:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, folder / file)

    def restore(self, program: Program) -> None:
        """What a build needs before the first."""
        if program.build[0] == "dotnet":
            self.commands.run(("dotnet", "restore", program.build[2], "-v", "quiet", "-m:1", "-nodeReuse:false"), self.folder)

    def judge(self, mutation: Mutation | None, programs: tuple[Program, ...]) -> str:
        """The fate of a mutant (None: of the program as it is): killed, survived, stillborn or undecided, and by what."""
        for program in programs:
            original = {source: (ROOT / source).read_text() for source in program.sources}
            changed = [source for source in program.sources if mutation and mutation.before in original[source]]
            if mutation and not changed:
                continue
            for source in changed:
                (self.folder / source).write_text(original[source].replace(mutation.before, mutation.after))
            status, output = self.commands.run(program.build, self.folder)
            for source in changed:
                (self.folder / source).write_text(original[source])
            fate = self.verdict(program) if status == 0 else f"stillborn: {output[-200:]}"
            if fate != "survived":
                return fate
        return "survived"

    def verdict(self, program: Program) -> str:
        """What the suite's quick cases say. A red cell must be red again alone: a busy machine is no kill."""
        said = ""
        for _ in range(2):
            status, output = self.commands.run(program.judge, self.folder)
            if status == 0:
                return "survived"
            failed = re.search(r"^FAILED (.+?)\s*$", output, re.MULTILINE)
            said = f"{failed[1]}, once" if failed else f"status {status}, {output[-200:]}"
            alone = (*program.judge[:-1], failed[1]) if failed else ()
            if status == 1 and alone and any(self.commands.run(alone, self.folder)[0] == 1 for _ in range(LOOKS)):
                return f"killed by {failed[1]}"
        return f"undecided: {said}"


def draw(group: list[Mutation], count: int, seed: int) -> list[Mutation]:
    """So many mutants, by their names: a line more or less in the source changes nothing for the others."""
    return sorted(group, key=lambda each: hashlib.sha256(f"{seed} {each.name}".encode()).digest())[:count]


def judge_program(name: str, drawn: list[Mutation], shops: list[Workshop]) -> dict[str, str]:
    """The fates of mutants, by name. The program as it is must pass first, or nothing that follows would mean anything."""
    first = next(program for program in PROGRAMS if program.name == name)
    judges = (first, *(program for program in PROGRAMS if program.build[0] == first.build[0] and program.name != name))
    for shop in shops:
        for program in judges:
            shop.restore(program)
    honest = shops[0].judge(None, (first,))
    if honest != "survived":
        raise SystemExit(f"mutants: {name} itself does not pass, so no mutant of it can be judged: {honest}")
    free: SimpleQueue[Workshop] = SimpleQueue()
    for shop in shops:
        free.put(shop)

    def judge(mutation: Mutation) -> tuple[str, str]:
        shop = free.get()
        try:
            fate = shop.judge(mutation, judges)
        finally:
            free.put(shop)
        print(f"{fate.splitlines()[0][:100]:60} {mutation.name}", flush=True)
        return mutation.name, fate

    with ThreadPoolExecutor(len(shops)) as pool:
        try:
            return dict(pool.map(judge, drawn))
        except KeyboardInterrupt:
            shops[0].commands.stop()
            raise


def sums(name: str, fates: dict[str, str], listed: Survivors, seconds: float) -> str:
    """The line of figures; listed ones are among the survivors."""
    count = Counter(fate.split(":")[0].split(" ")[0] for fate in fates.values())
    known = sum(fate == "survived" and mutant in listed.reasons for mutant, fate in fates.items())
    others = "".join(f", {count[kind]} {kind}" for kind in ("suite", "undecided") if count[kind])
    return (f"{name:18} {len(fates) - count['stillborn']:4} mutants, {count['killed']} killed, {count['survived']} survived, "
            f"of which {known} listed{others}; {seconds:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10, help="mutants a program, drawn at random; 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="what the mutants are drawn from")
    parser.add_argument("--jobs", type=int, default=2, help="mutants judged at a time")
    parser.add_argument("--program", default="", help="programs, separated by commas (all)")
    parser.add_argument("--stryker", type=Path, nargs="*", default=[], help="reports of dotnet-stryker to judge as well")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    listed = Survivors.load(Path(__file__).with_name("survivors.txt"))
    possible = all_mutations()
    everyone = {mutation.name for group in possible.values() for mutation in group}
    fates: dict[str, str] = {}
    figures = []
    for report in given.stryker:
        judged = stryker.read(report, ROOT, set(LIBRARY))
        everyone.update(judged)
        fates.update(judged)
        figures.append(sums(report.parent.parent.name.replace(".Tests", ""), judged, listed, 0))
    chosen = given.program.split(",") if given.program else list(possible)
    with tempfile.TemporaryDirectory(prefix="easytcp-mutants-") as folder:
        commands = Commands()
        shops = [Workshop(Path(folder, str(job)), commands) for job in range(given.jobs)]
        for name in chosen:
            start = time.monotonic()
            group = possible[name]
            drawn = draw(group, given.count or len(group), given.seed)
            judged = judge_program(name, drawn, shops)
            fates.update(judged)
            figures.append(sums(name, judged, listed, time.monotonic() - start))
    unlisted = [name for name, fate in fates.items() if fate == "survived" and name not in listed.reasons]
    complaints = ([f"SURVIVED, and is not listed: {name}" for name in unlisted] +
                  [f"UNDECIDED: {name}: {fate}" for name, fate in fates.items() if fate.startswith("undecided")] +
                  listed.complaints(everyone if given.stryker else set(listed.reasons), {name for name, fate in fates.items() if fate.startswith("killed")}))
    print("", *complaints, *figures, sums("all", fates, listed, time.monotonic() - began), sep="\n")
    return 1 if complaints else 0


began = time.monotonic()
if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("mutants: interrupted; nothing is left behind")
