"""No text in a plan becomes syntax of a configuration, in any target.

A plan is rendered with a harmless and with a hostile word in the same place. Both outputs must have the same structure:
the same lines, elements, keys and cells, with differences only in the texts and comments that contain the word. In
formats without a parser, the rest of the word must be plain: no quotes, no brackets, no control characters, and nothing
that ends a comment.

Names of hosts and roles cannot be hostile, since `HostPattern` and the profile reject them.
"""

import csv
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perimeter365.errors import HostPatternError, OptionError, ProfileError
from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.sources.embedded import embedded
from perimeter365.targets import Artifact, RenderResult, Style, render, targets
from tests.plan.samples import every_role, planned
from tests.targets.documents import load_yaml
from tests.targets.values import example_options

PIECES = [
    "\n",
    "\r",
    "\r\n",
    "\x0b",
    "\x0c",
    "\x00",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",  # new lines and controls
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",  # direction
    '"',
    "'",
    "`",
    "\\",
    '\\"',
    '"""',
    "'''",  # quotes
    "$(reboot)",
    "${x}",
    "$x",
    "%COMSPEC%",
    "%s",
    "{{x}}",
    "{%x%}",
    "<?php",
    "#{x}",  # substitution
    "*/",
    "/*",
    "-->",
    "<!--",
    "#>",
    "<#",
    "]]>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "&amp;",
    "&#10;",  # ends of comments
    ";",
    "#",
    "//",
    "!",
    "|",
    "&",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",  # comments, pipes, formulas
    "}",
    "{",
    ")",
    "]",
    ",",
    ":",
    "accept",
    "\nallow all",
    "\nexit\n",
    "\n.include /etc/shadow\n",
    "[x](javascript:alert(1))",
]
START, END = "ZQ", "QZ"
hostile = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
HARMLESS = f"{START}x{END}"

PLAIN = re.compile(r"(?:(?!\*/)[^<>\"'`\\$%{}\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069])*")
"""The allowed rest of a hostile word in a format without a parser."""
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
FORMULA = re.compile(r"[=+\-@\t\r]")


@cache
def plan() -> Plan:
    return planned(
        embedded(),
        *("mailbox-migration", "graph-change-notifications", "teams-sites", "ncsi", "dns"),
        service_areas=("exchange", "teams"),
        tenant="contoso",
        email_domains=("contoso.com",),
        roles=every_role(),
    )


def with_name(word: str) -> Plan:
    return replace(plan(), organization=word)


def with_condition(word: str) -> Plan:
    """Replace the free texts of the catalog; an external catalog may contain any text."""
    return replace(
        plan(),
        flows=tuple(replace(f, condition=word) for f in plan().flows),
        sites=tuple(replace(s, condition=word) for s in plan().sites),
        records=tuple(replace(r, condition=word) for r in plan().records),
        warnings=tuple(replace(w, message=word) for w in plan().warnings),
    )


# -- structures --------------------------------------------------------------------------------------------


def hidden(text: str) -> str:
    """Replace a text of a structured format by `*` if it contains the word."""
    return "*" if START in text else text


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [(name, hidden(value or "")) for name, value in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.found.append(hidden(data))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", hidden(data)))


def of_html(text: str) -> Any:
    page = _Page()
    page.feed(text)
    page.close()
    return page.found


def of_xml(text: str) -> Any:
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True, insert_pis=True))
    root = ElementTree.fromstring(text.encode(), parser)
    return [
        (str(e.tag), sorted((k, hidden(v)) for k, v in e.attrib.items()), hidden(e.text or ""), hidden(e.tail or ""))
        for e in root.iter()
    ]


def of_values(value: Any) -> Any:
    """Return a value of JSON or YAML with the texts hidden."""
    if isinstance(value, dict):
        return {hidden(k): of_values(v) for k, v in value.items()}
    if isinstance(value, list):
        return [of_values(v) for v in value]
    return hidden(value) if isinstance(value, str) else value


def of_json(text: str) -> Any:
    return of_values(json.loads(text))


def of_variables(text: str) -> Any:
    """Return the comments and values of YAML whose texts are templates of Jinja, and lines of a list.

    (The play has both on purpose; only the texts with the word are looked at.)
    """

    def check(value: Any) -> None:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                check(each)
        elif isinstance(value, str) and START in value:
            assert not re.search(rf"{CONTROL.pattern}|[\n{{]", value), f"{value!r} is not one plain text"

    documents = load_yaml(text)
    check(documents)
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    return of_lines("\n".join(comments)), of_values(documents)


def of_csv(text: str) -> Any:
    rows = list(csv.reader(io.StringIO(text)))
    for row in rows:
        for cell in row:
            assert not (START in cell and FORMULA.match(cell)), f"a spreadsheet would evaluate {cell!r}"
    return [[hidden(cell) for cell in row] for row in rows]


def of_lines(text: str) -> Any:
    for found in re.finditer(f"{START}(.*?)(?:{END}|$)", text, re.DOTALL | re.MULTILINE):
        assert PLAIN.fullmatch(found[1]), f"{found[1]!r} is not plain"
    # the size of the file in its own header depends on the word
    return [hidden(re.sub(r"\b\d+ bytes\b", "? bytes", line)) for line in text.split("\n")]


def of_sql(text: str) -> Any:
    """Return the lines of SQL, where `--` starts a comment."""
    assert not re.search(rf"{START}.*--", text), "a hostile word starts a comment"
    return of_lines(text)


def of_zone(text: str) -> Any:
    """Return the lines of a zone file without its comments, where quotes have no meaning (RFC 1035 5.1)."""
    lines = [re.sub(r'(?:^|(?<= ));[^"]*$|^;.*', "", line) for line in text.split("\n")]
    assert not any(START in line or END in line for line in lines), "a hostile word is outside of the comments"
    return [line for line in lines if line]


BINARY = (".mmdb", ".parquet", ".pol")
PARSERS = {
    ".html": of_html,
    ".svg": of_xml,
    ".xml": of_xml,
    ".mobileconfig": of_xml,
    ".plist": of_xml,
    ".json": of_json,
    ".csv": of_csv,
    ".sql": of_sql,
    ".yml": of_variables,
    ".zone": of_zone,
}


def files(artifact: Artifact) -> Iterator[tuple[str, bytes]]:
    """Yield the file of an artifact, or the members of an archive."""
    if artifact.name.endswith((".tgz", ".tar.gz", ".tar")):
        with tarfile.open(fileobj=io.BytesIO(artifact.content)) as archive:
            for member in archive.getmembers():
                if opened := archive.extractfile(member):
                    yield member.name, opened.read()
    elif artifact.name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(artifact.content)) as packed:
            for name in packed.namelist():
                yield name, packed.read(name)
    else:
        yield artifact.name, artifact.content


def text_of(content: bytes) -> str | None:
    """Decode a file as text; return None for a binary file, such as a database."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16").replace("\r\n", "\n")
    try:
        return content.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def structure(made: RenderResult) -> list[Any]:
    found: list[Any] = []
    for artifact in made.artifacts:
        for name, content in files(artifact):
            text = text_of(content)
            suffix = "." + name.rpartition(".")[2]
            if text is None or suffix in BINARY:
                found.append((hidden(name), "binary"))
                continue
            if suffix != ".csv":  # quoted cells may contain line breaks
                assert not CONTROL.search(text), name
            found.append((hidden(name), PARSERS.get(suffix, of_lines)(text)))
    return found


SETTINGS = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
each_target = pytest.mark.parametrize("name", targets)


def style_of(name: str, options: dict[str, str] | None = None) -> Style:
    return Style(options=example_options(name) | (options or {}))


@cache
def harmless(name: str, place: str) -> list[Any]:
    return structure(render({"name": with_name, "condition": with_condition}[place](HARMLESS), name, style_of(name)))


@each_target
@SETTINGS
@given(word=hostile)
def test_the_name_of_the_organization_never_becomes_syntax(name: str, word: str) -> None:
    assert structure(render(with_name(f"{START}{word}{END}"), name, style_of(name))) == harmless(name, "name")


@each_target
@SETTINGS
@given(word=hostile)
def test_free_text_of_the_catalog_never_becomes_syntax(name: str, word: str) -> None:
    assert structure(render(with_condition(f"{START}{word}{END}"), name, style_of(name))) == harmless(name, "condition")


@cache
def harmless_option(name: str, key: str) -> list[Any] | None:
    """Return the structure with the harmless word as an option; None if rejected."""
    try:
        return structure(render(plan(), name, style_of(name, {key: HARMLESS})))
    except OptionError:
        return None


words = st.one_of(hostile, hostile.map(lambda w: f"{START}{w}{END}"), st.text(max_size=20).map(lambda w: f"{START}{w}{END}"))


@each_target
def test_the_value_of_an_option_is_rejected_or_stays_a_value(name: str) -> None:
    """Check all options that are not choices."""

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(word=words)
    def check(key: str, word: str) -> None:
        try:
            made = render(plan(), name, style_of(name, {key: word}))
        except OptionError:
            return
        assert word.isprintable()
        found = structure(made)  # asserts that the rest of the word is plain
        expected = harmless_option(name, key)
        if START in word and expected is not None:
            assert found == expected

    for key, option in targets[name].options.items():
        if not option.choices:
            check(key)


@given(hostile, st.sampled_from(["{}", "a{}.example.com", "{}.example.com", "a.example.com{}"]))
def test_hostile_host_names_are_rejected(word: str, form: str) -> None:
    text = form.format(word)
    if re.fullmatch(r"[A-Za-z0-9.-]*", text):
        return
    with pytest.raises(HostPatternError):
        HostPattern(text)
    for key in ("roles.mrs-proxy", "organization.email_domains"):
        with pytest.raises(ProfileError):
            parse_profile(f'organization.clouds = ["worldwide"]\n{key} = [{json.dumps(text)}]\n')


@given(hostile)
def test_hostile_tenants_are_rejected(word: str) -> None:
    if re.fullmatch(r"[A-Za-z0-9.-]*", word):
        return
    for text in (word, f"a{word}", f"{word}a"):
        with pytest.raises(ProfileError):
            parse_profile(f'organization.clouds = ["worldwide"]\norganization.tenant = {json.dumps(text)}\n')
