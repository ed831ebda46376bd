"""Conversation, answers and codec: bytes in, bytes out (clauses 1 to 5)."""

from __future__ import annotations

import unittest

from easytcp import wire
from easytcp.answers import Answers
from easytcp.conversation import CLOSE, DROP, ENOUGH, READ, WRITE, Conversation
from easytcp.schedule import SECOND


class ConversationTest(unittest.TestCase):
    """A client's bytes are given in all ways that TCP may bring them."""

    def setUp(self) -> None:
        self.now = 0
        self.answers = Answers(0, lambda: self.now)

    def talk(self, pieces: list[bytes], end: bool = False) -> tuple[bytes, int]:
        """All that is replied to the pieces, and what is wanted after them."""
        conversation = Conversation(self.answers, b"192.0.2.1:7")
        replies = b""
        for piece in pieces + [b""] * end:
            if conversation.wants == CLOSE:
                break
            conversation.receive(piece)
            while conversation.wants == WRITE:
                replies += conversation.output
                conversation.sent(len(conversation.output))
        return replies, conversation.wants

    def check(self, sent: bytes, expected: bytes, wants: int = READ) -> None:
        """`sent` gets `expected`: whole, cut in two at each byte, in single bytes."""
        cuts = range(1, len(sent)) if len(sent) < 300 else ()
        ways = [[sent], [sent[at : at + 1] for at in range(len(sent))]]
        for pieces in ways + [[sent[:at], sent[at:]] for at in cuts]:
            self.assertEqual(self.talk(pieces), (expected, wants), pieces[:3])

    def test_upper_turns_ascii_alone(self) -> None:
        payload = bytes(range(256)) * 255 + bytes(range(255))
        expected = bytes(byte - 32 if 0x61 <= byte <= 0x7A else byte for byte in payload)
        self.check(wire.request(b"UPPER", payload), wire.ok(expected))
        self.check(wire.request(b"UPPER"), wire.ok(b""))

    def test_replies_come_in_order(self) -> None:
        sent = b"ADDR 0\nCOUNT 1\nxFOO 3\nabcUPPER 1\na"
        expected = (
            wire.ok(b"192.0.2.1:7")
            + wire.err(b"unexpected payload")
            + wire.err(b"unknown command")
            + wire.ok(b"A")
        )
        self.check(sent, expected)

    def test_count_counts_ok_replies_alone(self) -> None:
        replies, _ = self.talk([b"FOO 0\nUPPER 1\naADDR 1\nxCOUNT 0\n"])
        self.assertTrue(replies.endswith(b"OK 1\n2"))

    def test_uptime_is_cut_off(self) -> None:
        self.now = 100 * 3600 * SECOND - 1
        self.check(b"UPTIME 0\n", wire.ok(b"99:59:59"))
        self.now += 1
        self.check(b"UPTIME 0\n", wire.ok(b"100:00:00"))

    def test_malformed_headers(self) -> None:
        for header in (
            b"", b" ", b" 0", b"UPPER", b"UPPER ", b"UPPER  0", b"UPPER 0 ", b"UPPER 00",
            b"UPPER 01", b"UPPER +1", b"UPPER 1_0", b"UPPER 0\r", b"upper 0", b"A" * 17 + b" 0",
            b"UPPER 100000", b"UPPER 065536", b"UPPER \xd9\xa1", b"\xc3\x84 0", b"UPPER\t0",
        ):  # fmt: skip
            sent = b"UPPER 1\na" + header + b"\nUPPER 1\nb"
            self.check(sent, wire.ok(b"A") + wire.err(b"malformed header"), DROP)

    def test_a_header_is_judged_at_its_lf_or_at_23_bytes(self) -> None:
        self.check(b"x" * 22, b"")
        self.check(b"x" * 23, wire.err(b"malformed header"), DROP)
        self.check(b"A" * 16 + b" 65536", b"")
        self.check(b"A" * 16 + b" 65536\n", wire.err(b"payload too large"), DROP)
        self.check(b"UPPER 99999\n", wire.err(b"payload too large"), DROP)

    def test_the_end_cuts_short(self) -> None:
        for sent in (b"", b"UPPER", b"UPPER 3\n", b"UPPER 3\nab", b"FOO 3\nab", b"x" * 22):
            self.assertEqual(self.talk([b"UPPER 1\na", sent], end=bool(sent)), (
                wire.ok(b"A"), CLOSE,
            ))  # fmt: skip
        self.assertEqual(self.answers.count, 6)

    def test_output_is_bounded_and_sent_in_steps(self) -> None:
        conversation = Conversation(self.answers, b"192.0.2.1:7")
        conversation.receive(b"ADDR 0\n" * 5000)
        replies = b""
        while conversation.wants == WRITE:
            self.assertLess(len(conversation.output), ENOUGH + 100)
            replies += conversation.output[:7]
            conversation.sent(min(7, len(conversation.output)))
        self.assertEqual(replies, wire.ok(b"192.0.2.1:7") * 5000)


class ReplyReaderTest(unittest.TestCase):
    """The client's side of the codec (clause 10.11)."""

    def test_pieces(self) -> None:
        reader = wire.ReplyReader()
        whole = [reader.feed(bytes([byte])) for byte in b"ERR 3\nabc"]
        self.assertEqual(whole, [False] * 8 + [True])
        self.assertEqual((reader.status, reader.payload, reader.surplus), (b"ERR", b"abc", False))
        reader.feed(b"x")
        self.assertTrue(reader.surplus)

    def test_illegal_headers(self) -> None:
        for header in (
            b"\n", b"OK\n", b"ok 1\n", b"OK 01\n", b"OK 65536\n", b"YES 1\n", b"OK 1\r\n",
            b"ERR 655350",
        ):  # fmt: skip
            with self.assertRaises(wire.WireError, msg=repr(header)):
                wire.ReplyReader().feed(header)


if __name__ == "__main__":
    unittest.main()
