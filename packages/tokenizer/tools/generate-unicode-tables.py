"""Writes src/unicode-14.ts: what google-research/bert's tokenization.py asks of Python's Unicode tables, as compact text.

Run from packages/tokenizer with a CPython whose tables are Unicode 14 (3.11):

    python3 tools/generate-unicode-tables.py > src/unicode-14.ts

Every property is read from the interpreter that the reference runs on, so nothing is transcribed by hand.
"""

import sys
import textwrap
import unicodedata

VERSION = "14.0.0"
SURROGATES = range(0xD800, 0xE000)
HANGUL = range(0xAC00, 0xD7A4)
CODE_POINTS = [c for c in range(0x110000) if c not in SURROGATES]
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number):
    if number < 0:
        return "-" + base36(-number)
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if number == 0:
            return text


def category(c):
    return unicodedata.category(chr(c))


def combining(c):
    return unicodedata.combining(chr(c))


def removed(c):
    return c in (0, 0xFFFD) or (chr(c) not in "\t\n\r" and category(c) in ("Cc", "Cf"))


def space(c):
    """str.split() also splits at the line and paragraph separators, which are no Zs."""
    return not removed(c) and (chr(c) in " \t\n\r" or category(c) == "Zs" or chr(c).isspace())


def punctuation(c):
    return 33 <= c <= 47 or 58 <= c <= 64 or 91 <= c <= 96 or 123 <= c <= 126 or category(c).startswith("P")


def nfd(c):
    return [ord(d) for d in unicodedata.normalize("NFD", chr(c))]


def bare(c):
    """The canonical decomposition without its nonspacing marks."""
    return [d for d in nfd(c) if category(d) != "Mn"]


def ends_a_run(c):
    """A nonspacing mark that is a starter: it vanishes, yet marks are not reordered across it."""
    return category(c) == "Mn" and any(combining(d) == 0 for d in nfd(c))


def case_ignorable(c):
    return ("a\u03a3" + chr(c)).lower()[1] == "\u03c2" and ("a\u03a3" + chr(c) + "a").lower()[1] == "\u03c3"


def cased(c):
    return ("a\u03a3" + chr(c)).lower()[1] == "\u03c3"


def ranges(predicate):
    """'gap length' pairs: code points since the end of the range before, and how many belong to the range."""
    numbers, end, start = [], 0, None
    for c in list(CODE_POINTS) + [None]:
        inside = c is not None and predicate(c)
        if inside and start is None:
            start = c
        elif start is not None and not inside:
            stop = previous + 1
            numbers += [start - end, stop - start]
            end, start = stop, None
        previous = c
    return " ".join(map(base36, numbers))


def lower_runs():
    """'gap count step difference' quadruples; U+0130, the only one that becomes two, is checked and left out."""
    entries = []
    for c in CODE_POINTS:
        low = chr(c).lower()
        if c in (0x3A3,):
            assert low == "\u03c3"
        if len(low) != 1:
            assert c == 0x130 and low == "i\u0307"
        elif ord(low) != c:
            entries.append((c, ord(low) - c))
    numbers, position, i = [], 0, 0
    while i < len(entries):
        start, difference = entries[i]
        best = (1, 1)
        for step in (1, 2):
            count = 1
            while i + count < len(entries) and entries[i + count] == (start + count * step, difference):
                count += 1
            best = max(best, (count, step), key=lambda pair: pair[0])
        count, step = best
        numbers += [start - position, count, step, difference]
        position = start + (count - 1) * step + 1
        i += count
    return " ".join(map(base36, numbers))


def decompositions():
    """'gap.target.target…' entries of every character that changes and does not vanish; Hangul is arithmetic."""
    entries, position = [], 0
    for c in CODE_POINTS:
        if c in HANGUL or category(c) == "Mn":
            continue
        target = bare(c)
        assert target, hex(c)
        assert len(target) == 1 or not any(punctuation(d) for d in target), hex(c)
        if target != [c]:
            entries.append(".".join(map(base36, [c - position, *target])))
            position = c + 1
    return " ".join(entries)


def reordered():
    """'gap class' pairs: marks that stay (no nonspacing mark) and take part in canonical ordering."""
    numbers, position = [], 0
    for c in CODE_POINTS:
        if category(c) != "Mn" and combining(c) != 0:
            numbers += [c - position, combining(c)]
            position = c + 1
    return " ".join(map(base36, numbers))


TABLES = [
    ("REMOVED", "Dropped by the reference's clean-up: NUL, U+FFFD and the categories Cc and Cf. Pairs `gap length`.", lambda: ranges(removed)),
    ("SPACES", "What separates words: Zs, tab, line feed, carriage return, U+2028, U+2029. Pairs `gap length`.", lambda: ranges(space)),
    ("PUNCTUATION", "A token of its own: the categories P* and ASCII's symbols. Pairs `gap length`.", lambda: ranges(punctuation)),
    ("NONSPACING", "Category Mn: dropped where accents are stripped. Pairs `gap length`.", lambda: ranges(lambda c: category(c) == "Mn")),
    ("NONSPACING_STARTERS", "Those of category Mn that stop canonical reordering. Pairs `gap length`.", lambda: ranges(ends_a_run)),
    ("REORDERED", "Marks outside Mn with a canonical combining class. Pairs `gap class`.", reordered),
    ("LOWER", "Lower case, U+0130 and final sigma aside. Quadruples `gap count step difference`.", lower_runs),
    ("DECOMPOSITIONS", "Canonical decomposition without nonspacing marks, Hangul aside. Entries `gap.target…`.", decompositions),
    ("CASED", "What counts as a letter beside a capital sigma. Pairs `gap length`.", lambda: ranges(cased)),
    ("CASE_IGNORABLE", "What a capital sigma looks past. Pairs `gap length`.", lambda: ranges(case_ignorable)),
]


def main():
    if unicodedata.unidata_version != VERSION:
        sys.exit(f"generate-unicode-tables: expected Unicode {VERSION}, got {unicodedata.unidata_version}. Use CPython 3.11.")
    print(f"// Written by tools/generate-unicode-tables.py from Unicode {VERSION}. Numbers are base 36. Do not edit.")
    print()
    print("/** The Unicode version of every table here, whatever the runtime's own is. */")
    print(f"export const UNICODE_VERSION = '{VERSION}';")
    for name, about, table in TABLES:
        print()
        print(f"/** {about} */")
        print(f"export const {name} = `")
        print("\n".join(textwrap.wrap(table(), 138, break_long_words=False, break_on_hyphens=False)))
        print("`;")


main()
