"""Registry, schedule, command line, addresses, and what the client takes for a reply."""

from __future__ import annotations

import unittest

from easytcp import address, answers, commandline
from easytcp.exchange import SessionError, shown
from easytcp.registry import Registry
from easytcp.schedule import SECOND, Schedule


class RegistryTest(unittest.TestCase):
    """The lines about clients (clauses 6.3 to 6.6)."""

    def setUp(self) -> None:
        self.said: list[bytes] = []
        self.registry = Registry(self.said.append)

    def test_lines(self) -> None:
        self.registry.join()
        self.registry.join()
        self.registry.leave(1)
        self.registry.leave(2)
        self.assertEqual(self.registry.join(), 3)
        self.registry.report()
        self.assertEqual(self.said, [
            b"Client 1 connected. Number of connected clients = 1\n"
            b"Connected clients = {client 1}\n",
            b"Client 2 connected. Number of connected clients = 2\n"
            b"Connected clients = {client 1, client 2}\n",
            b"Client 1 disconnected. Number of connected clients = 1\n"
            b"Connected clients = {client 2}\n",
            b"Client 2 disconnected. Number of connected clients = 0\nConnected clients = {}\n",
            b"Client 3 connected. Number of connected clients = 1\n"
            b"Connected clients = {client 3}\n",
            b"Number of connected clients = 1\n",
        ])  # fmt: skip

    def test_a_crowd_is_named_by_its_ten_lowest(self) -> None:
        for _ in range(13):
            self.registry.join()
        self.registry.leave(2)
        names = b", ".join(b"client %d" % number for number in (1, *range(3, 12)))
        self.assertTrue(self.said[-1].endswith(b"{" + names + b", 2 more}\n"))


class ScheduleTest(unittest.TestCase):
    """The report's times (part 7)."""

    def test_an_error_never_adds_up_and_none_is_skipped(self) -> None:
        schedule = Schedule(5 * SECOND, 60 * SECOND)
        self.assertEqual(schedule.seconds_left(5 * SECOND), 60)
        self.assertFalse(schedule.take_due(65 * SECOND - 1))
        self.assertTrue(schedule.take_due(190 * SECOND))
        self.assertEqual(schedule.seconds_left(190 * SECOND), 0)
        self.assertTrue(schedule.take_due(190 * SECOND))
        self.assertTrue(schedule.take_due(190 * SECOND))
        self.assertFalse(schedule.take_due(190 * SECOND))
        self.assertEqual(schedule.seconds_left(190 * SECOND), 55)


class CommandLineTest(unittest.TestCase):
    """The grammar of the arguments (clauses 6.1, 10.1)."""

    def test_server(self) -> None:
        self.assertEqual(commandline.server([]), (12000, 60 * SECOND))
        self.assertEqual(commandline.server(["00080", "01.50"]), (80, 3 * SECOND // 2))
        self.assertEqual(commandline.server(["0", "0.1"]), (0, SECOND // 10))
        self.assertEqual(commandline.server(["0", "86400.0"]), (0, 86400 * SECOND))

    def test_server_refusals(self) -> None:
        for port in (
            "", "-1", "+1", "65536", "000080", " 1", "1_0", "\u0661", "1\n", "\udcff", "9" * 5000,
        ):  # fmt: skip
            with self.assertRaises(commandline.UsageWanted, msg=repr(port)):
                commandline.server([port])
        for interval in (
            "0", "1.", ".5", "0.0999", "86400." + "0" * 5000 + "1", "1e1", "1,5", "nan", "\u0661",
        ):  # fmt: skip
            with self.assertRaises(commandline.UsageWanted, msg=repr(interval)):
                commandline.server(["0", interval])

    def test_client(self) -> None:
        self.assertEqual(commandline.client([]), ("localhost", 12000))
        self.assertEqual(commandline.client(["::1", "1"]), ("::1", 1))
        for arguments in ([""], ["-h"], ["a", "0"], ["a", "00000"], ["a", "1", "b"]):
            with self.assertRaises(commandline.UsageWanted, msg=repr(arguments)):
                commandline.client(arguments)

    def test_help_anywhere(self) -> None:
        with self.assertRaises(commandline.UsageWanted) as caught:
            commandline.server(["1", "2", "3", "--help"])
        self.assertTrue(caught.exception.asked)


class ReplyFormTest(unittest.TestCase):
    """Addresses, and the forms that OK replies promise (clauses 3.2, 10.11)."""

    def test_written(self) -> None:
        self.assertEqual(address.written("203.0.113.7", 50000), b"203.0.113.7:50000")
        self.assertEqual(address.written("::ffff:203.0.113.7", 5), b"203.0.113.7:5")
        self.assertEqual(address.written("fe80::1%eth0", 5), b"[fe80::1]:5")
        self.assertEqual(address.written("2001:0DB8:0:0:0:0:0:7", 5), b"[2001:db8::7]:5")

    def test_shown(self) -> None:
        self.assertEqual(shown(answers.ADDR, b"[::1]:5"), b"client IP = ::1, port = 5")
        self.assertEqual(shown(answers.COUNT, b"9" * 20), b"requests served = " + b"9" * 20)
        self.assertEqual(shown(answers.UPTIME, b"100:59:59"), b"run time = 100:59:59")
        self.assertEqual(shown(answers.UPPER, b"\xff\x00"), b"\xff\x00")

    def test_wrong_forms(self) -> None:
        for command, payloads in (
            (answers.ADDR, (
                b"", b"::1:5", b"[1.2.3.4]:5", b"[::FFFF]:5", b"[::ffff:1.2.3.4]:5", b"1.2.3.04:5",
                b"1.2.3.4:0", b"1.2.3.4:05", b"1.2.3.4:65536", b"[fe80::1%a]:5",
            )),
            (answers.COUNT, (b"", b"-1", b"1\n", b"\xd9\xa1")),
            (answers.UPTIME, (
                b"", b"1:00:00", b"00:60:00", b"00:00:60", b"00:00:00\n", b"000000:00",
            )),
        ):  # fmt: skip
            for payload in payloads:
                with self.assertRaises(SessionError, msg=repr(payload)):
                    shown(command, payload)


if __name__ == "__main__":
    unittest.main()
