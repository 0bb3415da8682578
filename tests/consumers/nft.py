"""Check files with nft.

    check("table inet t { }")           None
    check("table inet t {")             raises Refused with the message of nft

It runs in a separate network namespace, so that names refer only to the file itself.
"""

import subprocess

from tests.consumers import isolated, need
from tests.consumers.refusal import Refused


def check(text: str) -> None:
    """Check a file with `nft -c`. Raises `Refused`."""
    _nft(text, "-c")


def listing(text: str) -> str:
    """Load a file and return the output of `nft list ruleset`. Raises `Refused`."""
    program = need("nft")
    return _nft(text, after=f" && {program} list ruleset")


def _nft(text: str, *flags: str, after: str = "") -> str:
    command = f"{need('nft')} {' '.join(flags)} -f -{after}"
    done = subprocess.run(isolated("sh", "-c", command), input=text, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise Refused(f"nft: {done.stderr.strip()}")
    return done.stdout
