"""Deterministic mutations of seeds, for test runs without atheris."""

import random
from collections.abc import Iterator, Sequence


def mutated(seeds: Sequence[bytes], words: Sequence[str], count: int, name: str) -> Iterator[bytes]:
    """Yield the seeds, then `count` mutations; `name` is the random seed."""
    yield from seeds
    rng = random.Random(name)
    for _ in range(count):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.choice((1, 1, 2, 4))):
            data = _once(data, seeds, words, rng)
        yield bytes(data)


def mutated_once(data: bytes, seeds: Sequence[bytes], words: Sequence[str], rng: random.Random) -> bytes:
    """Return an input with one mutation."""
    return bytes(_once(bytearray(data), seeds, words, rng))


def _once(data: bytearray, seeds: Sequence[bytes], words: Sequence[str], rng: random.Random) -> bytearray:
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.choice((1, 2, 8, 64)))
    kind = rng.randrange(6)
    if kind == 0:
        data[at:end] = b""
    elif kind == 1:
        data[at:at] = rng.choice(words).encode("utf-8", "surrogatepass")
    elif kind == 2:
        data[at:end] = bytes(rng.randrange(256) for _ in range(end - at))
    elif kind == 3:
        data[at:at] = data[at:end] * rng.choice((2, 30))
    elif kind == 4:
        other = rng.choice(seeds)
        start = rng.randrange(len(other) + 1)
        data[at:end] = other[start : start + 64]
    elif at < len(data):
        data[at] ^= 1 << rng.randrange(8)
    return data
