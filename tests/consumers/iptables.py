r"""Check files with iptables, ip6tables and ipset.

    check("*filter\n-A FORWARD -j ACCEPT\nCOMMIT\n")                          None
    check(tables, ipset="create teams hash:net\nadd teams 52.112.0.0/14\n")    the sets that the tables name
    check("*filter\n-A FORWARD -j NOWHERE\nCOMMIT\n")                         raises Refused

Everything is loaded into a temporary network namespace, because `iptables-restore --test` does not detect all rules
that the kernel rejects.
"""

import subprocess
import tempfile
from pathlib import Path

from tests.consumers import isolated, need
from tests.consumers.refusal import Refused


def check(ipv4: str = "", ipv6: str = "", *, ipset: str = "") -> None:
    """Restore sets, then test and load the tables of both families.

    Empty texts are skipped. Raises `Refused`.
    """
    steps = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text, tests in (
            ("ipset", ipset, False),
            ("iptables-restore", ipv4, True),
            ("ip6tables-restore", ipv6, True),
        ):
            if not text:
                continue
            program, file = need(name), Path(folder, name)
            file.write_text(text, encoding="utf-8")
            if tests:
                steps += [f"{program} --test <{file}", f"{program} <{file}"]
            else:
                steps.append(f"{program} restore <{file}")
        # A private /run for the lock file: the real one is not writable without root.
        script = " && ".join(["mount -t tmpfs tmpfs /run", *steps])
        done = subprocess.run(isolated("sh", "-c", script), capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise Refused((done.stderr + done.stdout).strip())
