"""A primary and a secondary name server (BIND) on loopback, and what dig gets from them.

    with named_pair({"contoso.com": text}, folder) as ports:
        dig(ports[1], [("contoso.com", "MX")])
        {("contoso.com", "MX"): ("NOERROR", ["0 mail.example."])}

Both servers listen on a free high port of 127.0.0.1 and send nothing elsewhere. The secondary gets the zones from the
primary.
"""

import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.consumers import need

Question = tuple[str, str]
"""Name and type."""
_HEADER = re.compile(r"status: ([A-Z]+), id: .*?;; flags: ([a-z ]+);", re.DOTALL)  # of one answer that dig prints

_OPTIONS = """options {
    directory "%s"; listen-on port %d { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; notify no; pid-file none;
    session-keyfile none; managed-keys-directory "."; dnssec-validation no; allow-transfer { 127.0.0.1; };
    empty-zones-enable no;
}; controls { };"""


@contextmanager
def named_pair(zones: Mapping[str, str], folder: Path) -> Iterator[tuple[int, int]]:
    """Serve zones, given as master files by name; yield the ports of the primary and the secondary."""
    named = need("named")
    ports = _free_ports(2)
    transfer = f"primaries {{ 127.0.0.1 port {ports[0]}; }};"
    with ExitStack() as stack:
        for port, role in zip(ports, ("primary", "secondary"), strict=True):
            place = folder / role
            place.mkdir()
            source = transfer if role == "secondary" else ""
            parts = [_OPTIONS % (place, port)]
            for name, text in zones.items():
                parts.append(f'zone "{name}" {{ type {role}; file "{name}.db"; {source} }};')
                if role == "primary":
                    (place / f"{name}.db").write_text(text, encoding="utf-8")
            (place / "named.conf").write_text("\n".join(parts))
            log = stack.enter_context((place / "log").open("w"))
            server = subprocess.Popen([named, "-g", "-4", "-n", "1", "-c", place / "named.conf"], stderr=log)
            stack.callback(server.wait)
            stack.callback(server.terminate)
            _wait(port, zones, place / "log", server)
        yield ports[0], ports[1]


def dig(port: int, questions: Sequence[Question]) -> dict[Question, tuple[str, list[str]]]:
    """Ask a server; return status and sorted data of the answer of each question, which has to be authoritative."""
    command: list[str | Path] = [need("dig"), "@127.0.0.1", "-p", str(port), "+norecurse", "+tries=1", "+time=5"]
    command += [word for question in questions for word in question]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    answers = done.stdout.split(";; Got answer:")[1:]
    assert len(answers) == len(questions), done.stdout
    return {question: _answer(text, question) for question, text in zip(questions, answers, strict=True)}


def _answer(text: str, question: Question) -> tuple[str, list[str]]:
    header = _HEADER.search(text)
    assert header, text
    assert "aa" in header[2].split(), text
    section = text.partition(";; ANSWER SECTION:\n")[2].partition("\n\n")[0]
    fields = (line.split(None, 4) for line in section.splitlines())
    return header[1], sorted(data for _, _, _, kind, data in fields if kind == question[1])


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in found:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in found]


def _wait(port: int, zones: Mapping[str, str], log: Path, server: "subprocess.Popen[bytes]") -> None:
    """Wait until all zones are loaded, or transferred."""
    command: list[str | Path] = [need("dig"), "@127.0.0.1", "-p", str(port), "+tries=1", "+time=1", "+short"]
    command += [word for zone in zones for word in (zone, "SOA")]
    for _ in range(100):
        assert server.poll() is None, log.read_text()
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0 and len(done.stdout.splitlines()) == len(zones):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())
