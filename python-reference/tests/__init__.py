"""Unit tests of the parts without sockets: python3 -m unittest, from python-reference/."""
