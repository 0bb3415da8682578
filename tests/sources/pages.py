"""Pages to read: the recorded ones, the same in other forms, and the hazards of machine translation done to them."""

# ruff: noqa: E501 (one hazard a line)

import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "page"
NEWEST, JANUARY, FRENCH = (
    f"other-endpoints-page.{name}" for name in ("en-newest.md", "en-2025-01.md", "fr.txt")
)  # fmt: skip


def recorded(name: str) -> str:
    path = FOLDER / name
    if not path.exists():
        pytest.skip("the reference data folder is not here")
    return path.read_text("utf-8")


def as_html(markdown: str) -> str:
    """The page as Learn serves it: links, code and bold as elements, bare addresses as links to themselves."""
    rows: list[str] = []
    for line in markdown.splitlines():
        if not line.startswith("|") or set(line) <= set("|-"):
            continue
        cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
        tag = "td" if rows else "th"
        rows.append("<tr>\n" + "".join(f'<{tag} style="text-align: left">{_html(c)}</{tag}>\n' for c in cells) + "</tr>\n")
    head = '<!DOCTYPE html><html lang="xx"><head><title>Other endpoints</title><script>var a = "<td>";</script></head><body>'
    return (
        f"{head}<h1>Other</h1><p>1. one</p><table><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table></body>"
    )


def _html(cell: str) -> str:
    cell = cell.replace("\\|", "|").replace("\\<", "&lt;").replace("\\>", "&gt;")
    cell = re.sub(r"`([^`]*)`", lambda m: f"<code>{html.escape(m[1])}</code>", cell)
    cell = re.sub(r"<code>(https://[^<]*)</code>", r'<a href="\1" data-linktype="external">\1</a>', cell)
    cell = re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r'<a href="\2">\1</a>', cell)
    return re.sub(r"\*\*([^*]*)\*\*", r"<strong>\1</strong>", cell)


def _in_cells(change: Callable[[str], str]) -> Callable[[str], str]:
    def apply(page: str) -> str:
        return "\n".join(change(line) if line.startswith("|") else line for line in page.split("\n"))

    return apply


def _words(line: str) -> str:
    names = dict(
        enumerate(
            [
                "un",
                "deux",
                "trois",
                "quatre",
                "cinq",
                "six",
                "sept",
                "huit",
                "neuf",
                "dix",
                "onze",
                "douze",
                "treize",
                "quatorze",
                "quinze",
                "seize",
            ],
            1,
        )
    )
    return re.sub(r"^\|(\d+)\|", lambda m: f"|{names.get(int(m[1]), 'vingt')}|", line)


HAZARDS: Mapping[str, Callable[[str], str]] = {
    "no-break spaces before colons inside of IPv6": lambda p: re.sub(r"(?<=[0-9a-f]):(?=[0-9a-f:])", "\u00a0:", p),
    "a space inside of addresses": lambda p: p.replace("52.243.148.19", "52.243.148.1 9").replace("20.48.15.147", "20.48. 15.147"),
    "row numbers as words": _in_cells(_words),
    "row numbers gone": _in_cells(lambda line: re.sub(r"^\|\d+\|", "| |", line)),
    "wildcards split": lambda p: p.replace("`*.cloudapp.net`", "*. cloudapp.net").replace("`*.um.outlook.com`", "* .um.outlook.com"),
    "wildcards glued": lambda p: p.replace("`*.api.microsoftstream", r"`\*api.microsoftstream").replace("`*.digicert", r"`\*digicert"),
    "wildcards moved": lambda p: p.replace("`shcwreleaseprod.blob.core.windows.net/shcw/*`", r"\*shcwreleaseprod.blob.core.windows.net/shcw/"),
    "templates translated": lambda p: p.replace(r"'\<tenant\>'", "«< locataire> »").replace("<email_domain>", r"\<dominio de correo\>"),
    "thousands with commas": lambda p: p,
    "thousands with dots": lambda p: p.replace("50,000-59,999", "50.000–59.999").replace("49443", "49.443"),
    "thousands with spaces": lambda p: p.replace("50,000-59,999", "50\u202f000–59\u00a0999").replace("49443", "49\u202f443"),
    "thousands with apostrophes": lambda p: p.replace("50,000-59,999", "50’000 – 59’999"),
    "a bar inside of a cell": lambda p: p.replace(r"\|", "|"),
    "capital line breaks": lambda p: p.replace("<br>", "<BR/>").replace("<p>", "< P >"),
    "trailing semicolons": lambda p: p.replace("` <br>", "`; <br>").replace("`; <br>", " ;<br>`"[:1] + "; <br>"),
    "links broken by a space": lambda p: p.replace("](http", "] (http"),
    "hosts without code marks": lambda p: p.replace("`", ""),
    "Japanese": lambda p: p.replace("TCP ports", "TCP ポート").replace("TCP port", "TCP ポート").replace("UDP ports", "UDP ポート").replace(" and ", "と").replace(". ", "。"),
    "Chinese": lambda p: p.replace("TCP ports", "TCP端口").replace("TCP port", "TCP 端口").replace("UDP ports", "UDP 端口").replace(", ", "、").replace(":<br>", "：<br>"),
    "German": lambda p: p.replace("TCP ports", "TCP-Ports").replace("TCP port", "TCP-Port").replace("UDP ports", "UDP-Ports").replace(" & ", " und "),
    "Russian": lambda p: p.replace("TCP ports", "TCP-порты").replace("TCP port", "TCP-порт").replace("UDP ports", "порты UDP").replace(" & ", " и "),
    "Hungarian, numbers first": lambda p: p.replace("TCP ports 80 & 443", "a 80-as és 443-as TCP-port").replace("TCP port 443", "443-as TCP-port"),
    "Turkish, numbers first": lambda p: p.replace("TCP ports 80 & 443", "80 ve 443 TCP bağlantı noktaları").replace("TCP 443|", "443 TCP|"),
    "Arabic marks": lambda p: p.replace("TCP ports", "منافذ TCP").replace(", ", "، ").replace("; ", "؛ ").replace(" & ", " و"),
    "full-width forms": lambda p: p.replace(":80`", "：80`").replace("; ", "； "),
    "invisible characters": lambda p: p.replace(".com", ".\u200bcom").replace("TCP", "\u200eTCP\u200e"),
    "host and port apart": lambda p: re.sub(r":(80|443)`", r" : \1`", p),
    "Windows line ends": lambda p: p.replace("\n", "\r\n"),
}  # fmt: skip
"""What ROWS.md's hazards (and a few more of the kind) do to a page in Markdown; none of them changes its meaning."""
