"""--serve: runs for those who ask over the network."""

from __future__ import annotations

import hashlib
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from . import PATIENCE, SUPERVISOR, await_that, is_gone, state_of
from .asker import Asker, Serving

PYTHON = sys.executable
SHELL = ("sh", "-c", 'exec "$@"', "sh")  # becomes its arguments
MIB = 1 << 20
STANDARD = (1 << 31) - 1  # signals 1 to 31; those above are the library's own, and inherited by whoever wants them


class AskingTest(unittest.TestCase):
    """What is run, and what is told of it."""

    def run_of(self, command: tuple[str, ...], *arguments: str, **variables: str) -> Asker:
        with Serving(*command) as serving, Asker(serving.port) as asker:
            asker.start(*arguments, **variables)
            asker.say("C")
            asker.hear_all()
            return asker

    def test_each_argument_goes_to_its_place(self) -> None:
        self.assertEqual(self.run_of(("echo", "a", "{port}", "b", "{report}"), "1", "2").text(), b"a 1 b 2\n")

    def test_arguments_that_do_not_fit_come_at_the_end(self) -> None:
        for arguments, wanted in (((), b"a b\n"), (("1",), b"a b 1\n"), (("1", "2", "3"), b"a b 1 2 3\n")):
            with self.subTest(arguments):
                self.assertEqual(self.run_of(("echo", "a", "{port}", "b", "{report}"), *arguments).text(), wanted)

    def test_what_only_resembles_a_place_is_none(self) -> None:
        self.assertEqual(self.run_of(("echo", "{}", "{A}", "{a", "x{a}", "{a}x"), "1").text(), b"{} {A} {a x{a} {a}x 1\n")

    def test_an_argument_is_an_argument(self) -> None:
        self.assertEqual(self.run_of(("printf", "<%s>", "{a}", "{b}"), "$(id) *", "").text(), b"<$(id) *><>")

    def test_locale_reaches_the_program(self) -> None:
        self.assertEqual(self.run_of(("sh", "-c", "echo $LC_ALL $LANG"), LC_ALL="tr_TR.UTF-8", LANG="C").text(), b"tr_TR.UTF-8 C\n")

    def test_all_frames_of_a_run(self) -> None:
        before = time.monotonic_ns()
        asker = self.run_of(SHELL, "sh", "-c", "echo out; echo err >&2; exit 300")
        self.assertEqual((asker.text("O"), asker.text("R")), (b"out\n", b"err\n"))
        self.assertEqual(sorted(asker.types()), sorted("PORorX"))
        self.assertEqual(asker.types()[0], "P")
        self.assertEqual([frame.number for frame in asker.seen if frame.type == "X"], [300 % 256])
        times = [frame.when for frame in asker.seen]
        self.assertEqual(times, sorted(times))
        self.assertTrue(before < times[0] and times[-1] < time.monotonic_ns())

    def test_an_end_by_a_signal(self) -> None:
        ends = [frame.number for frame in self.run_of(SHELL, "sh", "-c", "kill -SEGV $$").seen if frame.type == "X"]
        self.assertEqual(ends, [128 + signal.SIGSEGV])

    def test_the_program_leads_a_session_with_no_descriptor_or_signal_of_ours(self) -> None:
        script = """
import os, signal
print(os.getsid(0) == os.getpid(), sorted(map(int, os.listdir("/proc/self/fd")))[:-1], signal.pthread_sigmask(signal.SIG_BLOCK, []))
print([line.split()[1] for line in open("/proc/self/status") if line.startswith(("SigIgn", "SigBlk"))])
"""
        self.assertEqual(self.run_of((PYTHON, "-ISc", script)).text().splitlines()[0], b"True [0, 1, 2] set()")
        ignored = self.run_of(("grep", "SigIgn", "/proc/self/status")).text()
        self.assertEqual(int(ignored.split()[1], 16) & STANDARD, 0)

    def test_all_that_was_printed_comes_before_the_end(self) -> None:
        for _ in range(20):
            asker = self.run_of((PYTHON, "-ISc", "import os; os.write(1, b'o' * 60000); os.write(2, b'e' * 60000); os._exit(0)"))
            end = asker.types().index("X")
            self.assertNotIn("O", asker.types()[end:])
            self.assertNotIn("R", asker.types()[end:])
            self.assertEqual((len(asker.text("O")), len(asker.text("R"))), (60000, 60000))

    def test_over_IPv6_too(self) -> None:
        if not pathlib.Path("/proc/net/if_inet6").exists():
            self.skipTest("there is no IPv6")
        with Serving("echo", "six") as serving, Asker(serving.port, "::1") as asker:
            asker.start()
            asker.hear_all()
            self.assertEqual(asker.text(), b"six\n")


class SteeringTest(unittest.TestCase):
    """stdin, signals, the clock."""

    def setUp(self) -> None:
        self.serving = self._enter(Serving(*SHELL))
        self.asker = self._enter(Asker(self.serving.port))

    def _enter(self, thing: object) -> object:
        self.addCleanup(thing.__exit__, None, None, None)
        return thing

    def test_stdin_goes_through_unharmed_with_its_end(self) -> None:
        everything = bytes(range(256)) * 4096
        self.asker.start("cat")
        self.asker.say("I", everything)
        self.asker.say("I")
        self.asker.say("I", b"the end")
        self.asker.say("C")
        self.asker.hear_all()
        self.assertEqual(self.asker.text(), everything + b"the end")
        self.assertIn("X", self.asker.types())

    def test_a_program_that_closed_its_stdin_runs_on(self) -> None:
        self.asker.start("sh", "-c", "exec 0</dev/null; echo closed; read x; exec sleep 60")
        self.asker.hear_text(b"closed")
        for _ in range(40):
            self.asker.say("I", bytes(MIB))
        self.asker.say("N", b"?")
        self.asker.hear("N")
        self.asker.signal(signal.SIGTERM)
        self.assertEqual(self.asker.hear("X").number, 128 + signal.SIGTERM)

    def test_stop_and_continue(self) -> None:
        peer = self.asker.start("sleep", "60")
        for _ in range(3):
            self.asker.signal(signal.SIGSTOP)
            stopped = self.asker.hear("Z")
            self.assertEqual(state_of(peer), "T")
            self.asker.signal(signal.SIGCONT)
            self.assertGreater(self.asker.hear("z").when, stopped.when)
        self.asker.signal(signal.SIGKILL)
        self.assertEqual(self.asker.hear("X").number, 128 + signal.SIGKILL)

    def test_a_signal_goes_to_the_program_alone(self) -> None:
        self.asker.start("sh", "-c", "trap 'echo told' USR1; sleep 60 & echo $!; while :; do wait; done")
        child = int(self.asker.hear("O").payload)
        self.asker.signal(signal.SIGUSR1)
        self.asker.hear_text(b"told")
        self.assertFalse(is_gone(child))

    def test_the_clock(self) -> None:
        for question in (b"", b"?", bytes(range(64))):
            before = time.monotonic_ns()
            self.asker.say("N", question)
            answer = self.asker.hear("N")
            self.assertEqual(answer.payload, question)
            self.assertTrue(before < answer.when < time.monotonic_ns())

    def test_what_its_threads_wait_for(self) -> None:
        script = "import threading; [threading.Thread(target=input).start() for _ in range(2)]; print('ready', flush=True)\nwhile True: pass"
        peer = self.asker.start(PYTHON, "-ISc", script)
        self.asker.hear_text(b"ready")

        def threads() -> dict[int, list[str]]:
            self.asker.say("W")
            return {int(line.split()[0]): line.split()[1:] for line in self.asker.hear("W").payload.decode().splitlines()}

        # A thread that was just started may run before it waits.
        await_that("two wait and one runs", lambda: [line[0] for thread, line in sorted(threads().items()) if thread >= peer] == ["R", "S", "S"])
        first = threads()
        runners = pathlib.Path(f"/proc/{self.serving.process.pid}/task/{self.serving.process.pid}/children").read_text().split()
        theirs = {int(thread) for thread in os.listdir(f"/proc/{peer}/task")}
        self.assertEqual(set(first), theirs | {int(runner) for runner in runners})
        await_that("it has run on", lambda: int(threads()[peer][1]) > int(first[peer][1]))
        await_that("it has waited", lambda: int(threads()[peer][2]) > int(first[peer][2]))
        self.asker.signal(signal.SIGKILL)
        self.assertEqual(self.asker.hear("X").number, 128 + signal.SIGKILL)

    def test_output_and_signals_pass_while_stdin_is_not_read(self) -> None:
        script = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
while True:
    print("told" if signal.sigtimedwait({signal.SIGUSR1}, 0.001) else "x" * 1000, flush=True)
"""
        self.asker.start(PYTHON, "-ISc", script)
        self.asker.hear("O")
        for _ in range(15):
            self.asker.say("I", bytes(MIB))
        self.asker.signal(signal.SIGUSR1)
        self.asker.hear_text(b"told")
        self.asker.signal(signal.SIGTERM)
        self.assertEqual(self.asker.hear("X").number, 128 + signal.SIGTERM)

    def test_more_stdin_than_there_is_room_for_waits_and_none_is_lost(self) -> None:
        script = """
import hashlib, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
print("ready", flush=True)
signal.sigwait({signal.SIGUSR1})
print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())
"""
        peer = self.asker.start(PYTHON, "-ISc", script)
        self.asker.hear_text(b"ready\n")
        digest = hashlib.sha256()
        self.asker.socket.settimeout(0.5)
        sent = 0
        frame = b"I" + struct.pack(">I", MIB) + os.urandom(MIB)
        with self.assertRaises(socket.timeout):
            while True:
                left = frame
                while left:
                    left = left[self.asker.socket.send(left):]
                digest.update(frame[5:])
                sent += 1
        # Beside the supervisor's own room the system has some at each end of the connection.
        systems = sum(int(pathlib.Path(f"/proc/sys/net/ipv4/{name}").read_text().split()[2]) for name in ("tcp_rmem", "tcp_wmem"))
        self.assertTrue(16 <= sent <= 20 + systems // MIB, f"{sent} MiB before it waited")
        self.asker.socket.settimeout(PATIENCE)
        os.kill(peer, signal.SIGUSR1)
        self.asker.socket.sendall(left)
        digest.update(frame[5:])
        self.asker.say("C")
        self.asker.hear_all()
        self.assertEqual(self.asker.text(), b"ready\n" + digest.hexdigest().encode() + b"\n")

    def test_a_peer_waits_while_the_asker_does_not_read_and_signals_still_reach_it(self) -> None:
        peer = self.asker.start("yes", "y" * 1000)
        await_that("the peer waits in write", lambda: "pipe_w" in pathlib.Path(f"/proc/{peer}/wchan").read_text() or state_of(peer) == "S")
        self.asker.signal(signal.SIGTERM)
        await_that("the signal has come", lambda: is_gone(peer))
        self.assertEqual(self.asker.hear("X").number, 128 + signal.SIGTERM)
        self.assertLess(len(self.asker.text()), 20 * MIB)

    def test_two_runs_at_once_know_nothing_of_each_other(self) -> None:
        with Asker(self.serving.port) as other:
            first, second = self.asker.start("cat"), other.start("cat")
            self.assertNotEqual(first, second)
            self.asker.say("I", b"one")
            other.say("I", b"two")
            self.assertEqual((self.asker.hear("O").payload, other.hear("O").payload), (b"one", b"two"))
            self.asker.say("C")
            self.assertEqual(self.asker.hear("X").number, 0)
            other.say("I", b"three")
            self.assertEqual(other.hear("O").payload, b"three")


class EndingTest(unittest.TestCase):
    """Whoever goes leaves nobody behind."""

    def test_when_the_asker_goes(self) -> None:
        def close(asker: Asker) -> None:
            asker.socket.close()

        def reset(asker: Asker) -> None:
            asker.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            asker.socket.close()

        def shut(asker: Asker) -> None:
            asker.socket.shutdown(socket.SHUT_WR)

        with Serving(*SHELL) as serving:
            for go in (close, reset, shut):
                for script in ("echo $$; trap '' TERM INT HUP; sleep 60 & echo $!; wait", "echo $$; kill -STOP $$", "echo $$; yes"):
                    with self.subTest(f"{go.__name__}, {script}"), Asker(serving.port) as asker:
                        asker.start("sh", "-c", script)
                        while len(asker.text().split()) < (2 if "&" in script else 1):
                            asker.hear("O")
                        processes = [int(word) for word in asker.text().split() if word.isdigit()]
                        go(asker)
                        await_that("all are gone", lambda: all(map(is_gone, processes)))

    def test_when_the_asker_goes_while_his_bytes_wait(self) -> None:
        with Serving(*SHELL) as serving, Asker(serving.port) as asker:
            peer = asker.start("sleep", "60")
            for _ in range(17):  # one more than there is room for
                asker.say("I", bytes(MIB))
            asker.say("N")
            asker.socket.close()
            await_that("the peer is gone", lambda: is_gone(peer))

    def test_when_the_supervisor_goes(self) -> None:
        for number, wanted in ((signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)):
            with self.subTest(number.name), Serving(*SHELL) as serving, Asker(serving.port) as one, Asker(serving.port) as other:
                peers = [one.start("sh", "-c", "trap '' TERM; sleep 60"), other.start("yes")]
                status, errors = serving.end(number)
                if wanted == 0:
                    self.assertEqual([is_gone(peer) for peer in peers], [True, True], "they are gone before it is")
                await_that("all are gone", lambda: all(map(is_gone, peers)))
                self.assertEqual((status, errors), (wanted, b""))

    def test_a_peer_says_goodbye_when_the_supervisor_is_told_to_end(self) -> None:
        with tempfile.TemporaryDirectory() as folder, Serving(*SHELL) as serving, Asker(serving.port) as asker:
            said = os.path.join(folder, "said")
            asker.start("sh", "-c", f"trap 'echo bye >{said}; exit 0' TERM; echo up; while :; do read line || sleep 0.05; done")
            asker.hear("O")
            self.assertEqual(serving.end(signal.SIGTERM), (0, b""))
            with open(said, encoding="ascii") as file:
                self.assertEqual(file.read(), "bye\n")

    def test_a_grandchild_that_holds_stdout_is_told_of_and_goes_with_the_asker(self) -> None:
        with Serving(*SHELL) as serving, Asker(serving.port) as asker:
            asker.start("sh", "-c", "sleep 60 & echo $!")
            asker.hear("X")
            self.assertNotIn("o", asker.types())
            grandchild = int(asker.text())
            asker.say("N")
            asker.hear("N")
            self.assertFalse(is_gone(grandchild))
            asker.socket.close()
            await_that("the grandchild is gone", lambda: is_gone(grandchild))

    def test_a_grandchild_that_floods_does_not_hold_up_the_end(self) -> None:
        with Serving(*SHELL) as serving, Asker(serving.port) as asker:
            asker.start("sh", "-c", "yes & exit 4")
            self.assertEqual(asker.hear("X").number, 4)

    def test_of_a_hundred_runs_nothing_is_left(self) -> None:
        with Serving("true") as serving:
            for _ in range(100):
                with Asker(serving.port) as asker:
                    asker.start()
                    asker.hear("X")
            children = pathlib.Path(f"/proc/{serving.process.pid}/task/{serving.process.pid}/children")
            await_that("all are reaped", lambda: children.read_text() == "")
            self.assertLess(len(os.listdir(f"/proc/{serving.process.pid}/fd")), 10)


class WrongFramesTest(unittest.TestCase):
    """What is refused, with a sentence, and what is cut off."""

    def refusal_of(self, frames: list[tuple[str, bytes]], command: tuple[str, ...] = ("cat",)) -> bytes:
        with Serving(*command) as serving, Asker(serving.port) as asker:
            for type, payload in frames:
                asker.say(type, payload)
            asker.hear_all()
            self.assertEqual(asker.seen[-1].type, "F", asker.seen)
            peers = [frame.number for frame in asker.seen if frame.type == "P"]
            self.assertTrue(all(map(is_gone, peers)))
            with Asker(serving.port) as next_asker:
                next_asker.say("N")
                next_asker.hear("N")
            return asker.seen[-1].payload

    def test_each(self) -> None:
        start = ("S", b"")
        for frames, wanted in (
            ([("E", b"PATH=/tmp")], b"only LC_ALL and LANG"), ([("E", b"LANG")], b"only LC_ALL and LANG"), ([("E", b"LANGX=C")], b"only LC_ALL and LANG"),
            ([("A", b"a\0b")], b"no byte 0"), ([("A", b"")] * 65, b"too many arguments"),
            ([("I", b"x")], b"was started"), ([("C", b"")], b"was started"), ([("W", b"")], b"was started"), ([start, ("W", b"x")], b"no payload"), ([("K", b"\x0f")], b"was started"),
            ([start, start], b"before"), ([start, ("A", b"x")], b"before"), ([start, ("E", b"LANG=C")], b"before"),
            ([start, ("C", b""), ("C", b"x")], b"no payload"), ([("S", b"x")], b"no payload"),
            ([start, ("K", b"")], b"no such signal"), ([start, ("K", b"\0")], b"no such signal"), ([start, ("K", b"\xff")], b"no such signal"), ([start, ("K", b"\x0f\x0f")], b"no such signal"),
            ([("N", bytes(65))], b"64 bytes"), ([("Q", b"")], b"no such frame"), ([("\0", b"")], b"no such frame"), ([start, ("X", b"")], b"no such frame"),
        ):  # fmt: skip
            with self.subTest(frames[-1]):
                self.assertIn(wanted, self.refusal_of(frames))

    def test_stdin_after_its_end(self) -> None:
        self.assertIn(b"ended before", self.refusal_of([("S", b""), ("C", b""), ("I", b"x")], ("sleep", "60")))

    def test_a_program_that_cannot_be_started(self) -> None:
        self.assertEqual(self.refusal_of([("S", b"")], ("/no/such/program",)), b"'/no/such/program' cannot be started: No such file or directory")
        self.assertIn(b"Permission denied", self.refusal_of([("S", b"")], ("/etc/passwd",)))

    def test_a_frame_that_is_too_long_is_cut_off(self) -> None:
        with Serving("sleep", "60") as serving, Asker(serving.port) as asker:
            peer = asker.start()
            asker.socket.sendall(b"I" + struct.pack(">I", MIB + 1))
            asker.hear_all()
            self.assertEqual(asker.types(), "P")
            await_that("the peer is gone", lambda: is_gone(peer))

    def test_bytes_in_any_pieces(self) -> None:
        with Serving("echo", "{a}") as serving, Asker(serving.port) as asker:
            for byte in b"A\0\0\0\5hello" + b"S\0\0\0\0":
                asker.socket.sendall(bytes([byte]))
            asker.hear_all()
            self.assertEqual(asker.text(), b"hello\n")

    def test_questions_without_end_from_one_who_does_not_read_take_no_memory(self) -> None:
        with Serving("cat") as serving, Asker(serving.port, receive_buffer=4096) as asker:
            asker.socket.settimeout(0.5)
            with self.assertRaises(socket.timeout):
                while True:
                    asker.socket.sendall((b"N\0\0\0\x40" + bytes(64)) * 1000)
            children = pathlib.Path(f"/proc/{serving.process.pid}/task/{serving.process.pid}/children").read_text().split()
            status = pathlib.Path(f"/proc/{children[0]}/status").read_text()
            self.assertLess(int(status.partition("VmRSS:")[2].split()[0]), 16 * 1024)

    def test_a_port_in_use(self) -> None:
        with Serving("cat") as serving:
            ended = subprocess.run([SUPERVISOR, "--serve", str(serving.port), "cat"], capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual((ended.returncode, ended.stderr), (1, b"supervisor: cannot listen on port %d: Address already in use\n" % serving.port))
