"""nftables: does nft accept the file?

    check("table inet t { }")           None
    check("table inet t {")             raises Refused with nft's words

In a network namespace of its own: names are resolved against nothing but the file itself.
"""

import subprocess

from tests.consumers import isolated, need
from tests.consumers.refusal import Refused


def check(text: str) -> None:
    """`nft -c`. Raises `Refused`."""
    _nft(text, "-c")


def listing(text: str) -> str:
    """What `nft list ruleset` prints after the file was loaded: the rule set as the kernel holds it. Raises
    `Refused`.
    """
    program = need("nft")
    return _nft(text, after=f" && {program} list ruleset")


def _nft(text: str, *flags: str, after: str = "") -> str:
    command = f"{need('nft')} {' '.join(flags)} -f -{after}"
    done = subprocess.run(isolated("sh", "-c", command), input=text, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise Refused(f"nft: {done.stderr.strip()}")
    return done.stdout
