"""The answers of a PAC file in several JavaScript engines.

    by_pacparser(pac, [("https://outlook.office.com/", "outlook.office.com")])      ["DIRECT"]
    by_pacparser("function FindProxyForURL(", [])                                   raises Refused

| engine | used by | accepts |
| --- | --- | --- |
| `by_pacparser` | command-line tools; runs in this process, fast enough for property tests | more than Windows |
| `by_node` | V8, as in Chromium and Edge; `node_speed` measures it | more than Windows |
| `tests.consumers.browser` | Chromium, with real connections | more than Windows |
| `tests.consumers.wine` | jsproxy, the engine of WinHTTP and WinINET | ES3 only |
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.consumers import need
from tests.consumers.refusal import Refused

Question = tuple[str, str]
"""A URL and its host, the two arguments of FindProxyForURL."""

ENGINE = Path(__file__).with_name("pac_engine.js")


def by_pacparser(pac: str, questions: Sequence[Question]) -> list[str]:
    """Return the answers of pacparser.

    Raises `Refused` if the file does not parse or a call fails.
    """
    need("pacparser")
    import pacparser  # type: ignore[import-untyped]
    from pacparser._pacparser import error as pacparser_error  # type: ignore[import-untyped]

    pacparser.init()  # after a parse error, the previous script stays active: restart each time
    try:
        pacparser.parse_pac_string(pac)
        return [str(pacparser.find_proxy(url, host)) for url, host in questions]
    except pacparser_error as error:
        raise Refused(f"pacparser: {error}") from error
    finally:
        pacparser.cleanup()


def by_node(pac: str, questions: Sequence[Question]) -> list[str]:
    """Return the answers of V8.

    Raises `Refused` if the file does not parse, a call fails or resolves a name.
    """
    answers: list[str] = _node(pac, questions, 0)["answers"]
    return answers


def node_speed(pac: str, questions: Sequence[Question], calls: int = 100_000) -> float:
    """Return the nanoseconds per call in V8: the median of seven rounds."""
    return float(_node(pac, questions, calls)["nanoseconds"])


def _node(pac: str, questions: Sequence[Question], calls: int) -> dict[str, Any]:
    request = json.dumps({"pac": pac, "questions": list(questions), "calls": calls})
    done = subprocess.run([need("node"), ENGINE], input=request, capture_output=True, text=True, check=True, timeout=100)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise Refused(f"node: {answer['refused']}")
    return answer
