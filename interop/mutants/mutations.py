"""Small faults in C and C# sources: a comparison swapped, a constant shifted by one, a statement dropped."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HIDDEN = re.compile(r'/\*.*?\*/|//[^\n]*|@?\$?"(?:\\.|[^"\\\n])*"(?:u8)?|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
ELSEWHERE = re.compile(r"^#else\n.*?^#endif\n", re.DOTALL | re.MULTILINE)  # what other systems compile: here no change to it shows
FENCE = re.compile(r"^/\* ==== (?:end )?shared: (.+) ==== \*/\n", re.MULTILINE)
SWAPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&"}
OPERATOR = re.compile(r"(?<= )(?:[<>]=?|[=!]=|&&|\|\|)(?=\s)")
CONSTANT = re.compile(r"(?<![\w.])\d+(?![\w.])")
DECLARATION = re.compile(r"(?!return|else|throw|goto)[\w<>,\[\]?.* ]+[ *]\w+(\[\w*\])?(,.*)?( = .*)?;")


@dataclass(frozen=True)
class Mutation:
    """One fault in a text: `before` and `after` are the whole of it, `name` tells place, line and mutated line."""

    name: str
    before: str
    after: str


def texts(root: Path, source: str) -> list[tuple[str, str]]:
    """A source's texts with their places: each fenced block, which other sources may have too, and all between them."""
    parts = FENCE.split((root / source).read_text())
    return [(f"shared: {parts[i - 1]}" if i % 4 == 2 else source, parts[i]) for i in range(0, len(parts), 2)]


def mutations(place: str, text: str, names: Counter[str]) -> list[Mutation]:
    """Every mutation of a text, in its order. `names` counts the names given: a number tells the same lines apart."""
    code = ELSEWHERE.sub(lambda other: re.sub(r"[^\n]", " ", other[0]), text)
    code = HIDDEN.sub(lambda hidden: re.sub(r"[^\n]", "\0" if hidden[0][0] in "\"'" else " ", hidden[0]), code)
    found, above, start = [], "", 0
    for line in code.splitlines(keepends=True):
        for begin, end, new in edits(line, above):
            after = text[:start + begin] + new + text[start + end:]
            name = f"{place}: {shown(text, start)} ==> {shown(after, start)}"
            names[name] += 1
            found.append(Mutation(name if names[name] == 1 else f"{name} [{names[name]}]", text, after))
        above, start = line.strip() or above, start + len(line)
    return found


def edits(line: str, above: str) -> list[tuple[int, int, str]]:
    """What can be changed in a line of code, whose comments and strings are blanked: from, to, new text."""
    bare = line.strip()
    found = [(at.start(), at.end(), SWAPS[at[0]]) for at in OPERATOR.finditer(line) if not bare.startswith("#")]
    found += [(at.start(), at.end(), str(int(at[0]) + step)) for at in CONSTANT.finditer(line)
              for step in (1, -1) if int(at[0]) + step >= 0 and not bare.startswith("#")]
    begins_statement = above[-1:] in "{};):" or above.endswith(("else", "do"))
    if (bare.endswith(";") and len(bare) > 1 and line[0] == " " and bare.count("(") == bare.count(")")
            and begins_statement and not DECLARATION.fullmatch(bare)):
        found.append((line.index(bare), line.index(bare) + len(bare), ";"))
    return found


def shown(text: str, start: int) -> str:
    """The line at `start` as the list of survivors has it: single spaces, no comment at its end."""
    line = text[start:].split("\n", 1)[0]
    return " ".join(re.sub(r"\s+(/\*.*|// .*)$", "", line).split())
