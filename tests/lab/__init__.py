"""The namespace laboratory: a router between two hosts, in network namespaces, that real packets cross.

    inside host ──in0── router ──out0── outside host

A rule set that a target rendered is loaded into the router's forward path; then connections are really
opened, and either they come through or they do not. The outside host answers for every public address of the
internet, so that `52.112.0.5:443` can be dialed without leaving the machine; the inside host answers for the
organization's own prefixes.

    from tests.lab import Lab, Probe

    with Lab("10.0.0.0/8", "203.0.113.10", "2001:db8::/32") as lab:
        lab.load_nft(rules)
        assert lab.probe("tcp", "10.0.0.7", "52.112.0.5", 443).passed             # outbound
        assert lab.probe("tcp", "40.96.0.1", "203.0.113.10", 443).passed          # inbound
        verdicts = lab.probe_all([Probe("udp", "10.0.0.7", "52.112.0.5", port) for port in range(3478, 3482)])

| verdict | meaning |
| --- | --- |
| `PASSED` | the packet arrived, and the answer came back |
| `REFUSED` | something said no: an ICMP error or a TCP reset |
| `TIMED_OUT` | silence, twice: dropped |
"""

from tests.lab.laboratory import Lab, Outcome, Probe, Side, Verdict
from tests.lab.namespaces import LabError, LabUnavailable

__all__ = ["Lab", "LabError", "LabUnavailable", "Outcome", "Probe", "Side", "Verdict"]
