"""--run, --as-owner-of, --listens and the usage."""

from __future__ import annotations

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from . import PATIENCE, SUPERVISOR, await_that, state_of

PYTHON = sys.executable
TELL_SIGNAL = """
import signal, sys
numbers = set(map(int, sys.argv[1:]))
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
print("ready", flush=True)
while True:
    print(int(signal.sigwait(numbers)), flush=True)
"""


def supervisor(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([SUPERVISOR, *arguments], capture_output=True, timeout=PATIENCE, **options)


class RunTest(unittest.TestCase):
    def test_the_child_has_our_stdio_and_its_status_is_ours(self) -> None:
        ended = supervisor("--run", "sh", "-c", "cat; echo oh >&2; exit 7", input=b"typed\n")
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (7, b"typed\n", b"oh\n"))

    def test_an_end_by_a_signal_is_128_and_its_number(self) -> None:
        self.assertEqual(supervisor("--run", "sh", "-c", "kill -KILL $$").returncode, 128 + signal.SIGKILL)

    def test_signals_are_passed_on_once(self) -> None:
        numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH]
        with subprocess.Popen([SUPERVISOR, "--run", PYTHON, "-uc", TELL_SIGNAL, *map(str, map(int, numbers))], stdout=subprocess.PIPE) as process:
            self.assertEqual(process.stdout.readline(), b"ready\n")
            for number in numbers:
                process.send_signal(number)
                self.assertEqual(process.stdout.readline(), b"%d\n" % number)
            child = int(pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
            os.kill(child, signal.SIGKILL)
            self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGKILL)
            self.assertEqual(process.stdout.read(), b"")

    def test_a_child_begins_without_blocked_signals(self) -> None:
        ended = supervisor("--run", "grep", "SigBlk", "/proc/self/status")
        self.assertEqual(int(ended.stdout.split()[1], 16), 0)

    def test_a_command_that_is_not_there(self) -> None:
        ended = supervisor("--run", "/no/such/program")
        self.assertEqual((ended.returncode, ended.stderr), (1, b"supervisor: cannot start /no/such/program: No such file or directory\n"))

    def test_as_PID_1_it_reaps_orphans_and_no_signal_is_lost(self) -> None:
        alone = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc"]
        if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("this system lets nobody make a PID namespace")
        # Ten orphans end before the child does; only init is left of the others when the last line is printed.
        script = """
            i=0; while [ $i -lt 10 ]; do (sh -c 'exit 0' & ) ; i=$((i+1)); done
            while grep -qs '^State:.Z' /proc/[0-9]*/status || [ "$(ls -d /proc/[0-9]* | wc -l)" -gt 4 ]; do :; done
            trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.01; done
        """
        with subprocess.Popen([*alone, SUPERVISOR, "--run", "sh", "-c", script], stdout=subprocess.PIPE) as process:
            try:
                self.assertEqual(process.stdout.readline(), b"ready\n")
                init = int(pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
                os.kill(init, signal.SIGTERM)
                self.assertEqual(process.stdout.read(), b"told\n")
                self.assertEqual(process.wait(PATIENCE), 3)
            finally:
                process.kill()

    def test_in_a_terminal_the_child_is_in_front_and_gets_one_interrupt(self) -> None:
        ours, theirs = os.openpty()
        script = "import os, fcntl, termios, sys; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
        with subprocess.Popen([PYTHON, "-c", script, SUPERVISOR, "--run", PYTHON, "-uc", TELL_SIGNAL, "2", "15"],
                              stdin=theirs, stdout=subprocess.PIPE) as process:
            self.assertEqual(process.stdout.readline(), b"ready\n")
            os.write(ours, b"\x03")
            self.assertEqual(process.stdout.readline(), b"2\n")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.stdout.readline(), b"15\n", "no second interrupt came before it")
            os.killpg(os.tcgetpgrp(ours), signal.SIGKILL)
            self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGKILL)
        os.close(ours)
        os.close(theirs)


class OwnerTest(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0, "only root can become another")
    def test_root_becomes_the_owner(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            os.chown(folder, 4321, 4322)
            ended = supervisor("--as-owner-of", folder, "sh", "-c", "id -u; id -g; id -G; exit 5")
        self.assertEqual((ended.returncode, ended.stdout), (5, b"4321\n4322\n4322\n"))

    def test_of_ones_own_folder_one_stays_who_one_is(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            ended = supervisor("--as-owner-of", folder, "id", "-u")
        self.assertEqual(ended.stdout, b"%d\n" % os.geteuid())

    def test_a_folder_that_is_not_there(self) -> None:
        ended = supervisor("--as-owner-of", "/no/such/folder", "true")
        self.assertEqual((ended.returncode, ended.stderr), (1, b"supervisor: cannot see /no/such/folder: No such file or directory\n"))


class ListensTest(unittest.TestCase):
    def test_a_listener_is_seen_over_both_families_and_not_connected_to(self) -> None:
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with self.subTest(host), socket.socket(family) as listener:
                listener.bind((host, 0))
                port = str(listener.getsockname()[1])
                self.assertEqual(supervisor("--listens", port).returncode, 1, "bound, but not listening yet")
                listener.listen()
                self.assertEqual(supervisor("--listens", port).returncode, 0)
                listener.setblocking(False)
                with self.assertRaises(BlockingIOError):
                    listener.accept()
            self.assertEqual(supervisor("--listens", port).returncode, 1)

    def test_a_connection_of_that_port_is_no_listener(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as connection:
            self.assertEqual(supervisor("--listens", str(connection.getsockname()[1])).returncode, 1)


class UsageTest(unittest.TestCase):
    def test_help_is_on_stdout(self) -> None:
        ended = supervisor("--help")
        self.assertEqual((ended.returncode, ended.stdout[:17], ended.stderr), (0, b"Usage: supervisor", b""))

    def test_whatever_else_is_misuse(self) -> None:
        for arguments in ([], ["--run"], ["--as-owner-of", "/"], ["--listens"], ["--listens", "0"], ["--listens", "65536"], ["--listens", "1", "2"],
                          ["--listens", "+1"], ["--serve", "0"], ["--serve", "x", "true"], ["--serve", "123456", "true"], ["true"], ["--help", "x"]):
            with self.subTest(arguments):
                ended = supervisor(*arguments)
                self.assertEqual((ended.returncode, ended.stdout, ended.stderr[:17]), (2, b"", b"Usage: supervisor"))


class StandardDescriptorsTest(unittest.TestCase):
    def test_it_runs_without_any(self) -> None:
        process = subprocess.Popen([SUPERVISOR, "--run", "sleep", "60"], stdin=subprocess.DEVNULL, preexec_fn=lambda: [os.close(i) for i in range(3)])
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        await_that("the child runs", lambda: children.read_text() != "" and state_of(int(children.read_text())) == "S")
        process.terminate()
        self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGTERM)
