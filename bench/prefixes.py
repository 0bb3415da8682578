"""Merging 70,000 prefixes from text, against netaddr.

Goal: the same result at least 8 times as fast.

    python bench/prefixes.py [ROUNDS]

The prefixes are random with a fixed seed, and distributed like Azure's service tags: 70,000 prefixes, 40,000 of them
distinct, 90 % IPv4, clustered so that many overlap or are adjacent. Both libraries parse the text, merge, and format the
result. They are measured alternately; the result is the ratio of the best rounds (default 9), in processor time.
"""

import ipaddress
import random
import sys
import time
from collections.abc import Callable

import netaddr

from perimeter365.model.prefix import PrefixSet

GOAL = 8.0
COUNT, DISTINCT = 70_000, 40_000


def make(seed: int = 365) -> list[str]:
    """Generate prefixes as text, shuffled."""
    source = random.Random(seed)
    bases4 = [source.getrandbits(32) >> 16 << 16 for _ in range(300)]
    bases6 = [(0x2603 << 112) | source.getrandbits(24) << 88 for _ in range(60)]
    distinct: dict[str, None] = {}
    while len(distinct) < DISTINCT:
        six = source.random() < 0.1
        width, lengths = (128, (40, 48, 56, 64)) if six else (32, (20, 22, 24, 26, 28, 31, 32))
        length = source.choice(lengths)
        address = source.choice(bases6 if six else bases4) | source.getrandbits(40 if six else 16) << (48 if six else 0)
        first = address >> (width - length) << (width - length)
        distinct[f"{ipaddress.IPv6Address(first) if six else ipaddress.IPv4Address(first)}/{length}"] = None
    texts = list(distinct)
    texts += source.choices(texts, k=COUNT - DISTINCT)
    source.shuffle(texts)
    return texts


def ours(texts: list[str]) -> list[str]:
    """Merge with perimeter365."""
    return [str(p) for p in PrefixSet.parse(texts)]


def theirs(texts: list[str]) -> list[str]:
    """Merge with netaddr."""
    return [str(p) for p in netaddr.cidr_merge(texts)]


def timed(work: Callable[[list[str]], list[str]], texts: list[str]) -> tuple[float, list[str]]:
    """Return the processor time in seconds and the result."""
    start = time.process_time()
    made = work(texts)
    return time.process_time() - start, made


def main(rounds: int = 9) -> bool:
    """Measure and print the results; return True if the goal is reached.

    Exits if the two results differ.
    """
    texts = make()
    fast, slow, merged = [], [], 0
    for _ in range(rounds):
        (mine, made), (other, expected) = timed(ours, texts), timed(theirs, texts)
        if made != expected:
            sys.exit("prefixes: the results of perimeter365 and netaddr differ")
        fast.append(mine)
        slow.append(other)
        merged = len(made)
    ratio = min(slow) / min(fast)
    print(
        f"prefixes: {len(texts)} merged to {merged}, {1e6 * min(fast) / len(texts):.2f} µs per prefix, "
        f"{ratio:.1f} times as fast as netaddr (goal: at least {GOAL:g})"
    )
    return ratio >= GOAL


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
