"""The namespace laboratory: a router between two hosts, for real packets.

    inside host ──in0── router ──out0── outside host

A rendered rule set is loaded into the forward path of the router; then connections are opened through it. The
outside host answers for every public address, so that `52.112.0.5:443` can be contacted without leaving the
machine; the inside host answers for the prefixes of the organization.

    from tests.lab import Lab, Probe

    with Lab("10.0.0.0/8", "203.0.113.10", "2001:db8::/32") as lab:
        lab.load_nft(rules)
        assert lab.probe("tcp", "10.0.0.7", "52.112.0.5", 443).passed             # outbound
        assert lab.probe("tcp", "40.96.0.1", "203.0.113.10", 443).passed          # inbound
        verdicts = lab.probe_all([Probe("udp", "10.0.0.7", "52.112.0.5", port) for port in range(3478, 3482)])

| verdict | meaning |
| --- | --- |
| `PASSED` | the packet arrived, and the answer came back |
| `REFUSED` | an ICMP error or a TCP reset |
| `TIMED_OUT` | no answer in any attempt: dropped |
"""

from tests.lab.laboratory import Lab, Outcome, Probe, Side, Verdict
from tests.lab.namespaces import LabError, LabUnavailable

__all__ = ["Lab", "LabError", "LabUnavailable", "Outcome", "Probe", "Side", "Verdict"]
