"""Shared cases x all targets: the ledger, the goldens, and laws on each.

`make goldens` writes both; the difference is then reviewed and listed in the changelog. A new target needs no edit here. The
ledger has the SHA-256 of every file of every case: a changed file is one line. These files are also kept in full, to be
read, in goldens/<case>/<target>/:

    small            every file
    all-scenarios    one target per family that no real program reads, except losses.json, which repeats the one of
                     `small` for every scenario
    china            one target per family
    a refusal        REFUSED.txt, if the case exceeds a limit of the target

A file of more than MOST_TO_READ bytes is only in the ledger: nobody reads it, and smaller ones have the same lines.

The expected bytes are not a proof (each target is proved by the program that reads it); they show the effect of a change on
all formats at once. The laws below need no goldens.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest

from perimeter365 import load_catalog, make_plan
from perimeter365.errors import LimitError, NeverListError
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.suffixes import is_public_suffix
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Artifact, RenderResult, render, targets
from perimeter365.targets.loss import LOSSES
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED
from perimeter365.targets.write import MANIFEST, SAVED_PLAN, losses_json, write
from tests.targets.cases import CASES, FOLDER, made, outcome, plan, style, without_commands

ROOT = Path(__file__).parents[2]
GOLDENS = Path(__file__).parent / "goldens"
LEDGER = GOLDENS / "ledger.txt"
REFUSED = "REFUSED.txt"
MOST_FILES, MOST_BYTES = 500, 2_000_000
"""Of all goldens together."""
MOST_TO_READ = 60_000
"""Bytes of a file that is kept in full."""

EACH = [pytest.param(case, name, id=f"{case}-{name}") for case in CASES for name in targets]
each = pytest.mark.parametrize(("case", "name"), EACH)


def to_read() -> Iterator[tuple[str, str]]:
    """The cases and targets whose files are kept in full."""
    first: set[tuple[str, str]] = set()
    for name in sorted(targets):
        yield "small", name
        # A family is the base class of a target, such as in perimeter365.targets._bases.feed.
        family = targets[name].__bases__[0].__module__
        for case in ("china",) if targets[name].proof == "consumer" else ("china", "all-scenarios"):
            if (case, family) not in first:
                first.add((case, family))
                yield case, name


READ = sorted(to_read())


def files(case: str, name: str) -> dict[str, bytes]:
    """The files that a user sees, by name, without the saved plan (`SAVED_PLAN`)."""
    found = outcome(case, name)
    if isinstance(found, LimitError):
        return {REFUSED: f"{found.message}\n{found.help}\n".encode()}
    return {**{a.name: a.content for a in found.artifacts}, LOSSES: losses_json(found)}


def kept(case: str, name: str) -> dict[str, bytes]:
    """The files that are kept in full."""
    found = files(case, name)
    return {
        file: content
        for file, content in found.items()
        if len(content) <= MOST_TO_READ and (case, file) != ("all-scenarios", LOSSES)
    }


def texts(rendered: RenderResult) -> Iterator[tuple[Artifact, str]]:
    """The artifacts that are text, decoded."""
    for artifact in rendered.artifacts:
        if artifact.content.startswith(b"\xff\xfe"):
            yield artifact, artifact.content.decode("utf-16")
        elif b"\x00" not in artifact.content:
            try:
                yield artifact, artifact.content.decode("utf-8-sig")
            except UnicodeDecodeError:
                continue


# -- goldens -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("case", "name"), READ, ids=["-".join(each) for each in READ])
def test_a_case_rendered_for_a_target_matches_its_goldens(
    case: str, name: str, golden: Callable[[Path, str | bytes], None], update_goldens: bool
) -> None:
    folder = GOLDENS / case / name
    wanted = kept(case, name)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    stray = sorted(found - set(wanted))
    if update_goldens:
        for file in stray:
            (folder / file).unlink()
    else:
        assert not stray, "goldens that are no longer needed; make goldens removes them"
    for file, content in wanted.items():
        golden(folder / file, content)


def test_the_ledger_has_the_sum_of_every_file(golden: Callable[[Path, str | bytes], None]) -> None:
    """A changed file of any case is one changed line."""
    lines = [
        f"{case} {name} {file} {sha256(content).hexdigest()}\n"
        for case in CASES
        for name in targets
        for file, content in sorted(files(case, name).items())
    ]
    golden(LEDGER, "".join(lines))


def test_no_unneeded_golden_is_left(update_goldens: bool) -> None:
    known = {GOLDENS / case / name for case, name in READ}
    stray = [path for path in sorted(GOLDENS.glob("*/*")) if path not in known]
    if update_goldens:
        for path in stray:
            shutil.rmtree(path)
    else:
        assert not stray, "make goldens removes them"
    assert {path for path in GOLDENS.iterdir() if path.is_file()} == {LEDGER}


def test_all_goldens_stay_small() -> None:
    sizes = {path: path.stat().st_size for path in GOLDENS.rglob("*") if path.is_file()}
    largest = sorted(sizes, key=lambda path: -sizes[path])[:5]
    assert sum(sizes.values()) < MOST_BYTES, [f"{p.relative_to(GOLDENS)}: {sizes[p]}" for p in largest]
    assert len(sizes) < MOST_FILES


def test_the_written_files_are_those_of_the_goldens(tmp_path: Path) -> None:
    rendered = [each for name in targets if (each := made("small", name))]
    write(rendered, tmp_path)
    for one in rendered:
        found = {
            str(p.relative_to(tmp_path / one.target)): p.read_bytes()
            for p in (tmp_path / one.target).rglob("*")
            if p.is_file() and p.name not in (SAVED_PLAN, MANIFEST)
        }
        assert found == files("small", one.target)


# -- laws ----------------------------------------------------------------------------------------------------------


def test_another_process_makes_the_same_bytes(tmp_path: Path) -> None:
    """With another hash seed, time zone, language, folder, and order of cases and targets."""
    code = """
import json, sys
from hashlib import sha256
from perimeter365.targets import targets
from tests.targets.test_goldens import files

sums = {}
for case in reversed(sys.argv[1:]):
    sums[case] = {n: {f: sha256(c).hexdigest() for f, c in files(case, n).items()} for n in reversed(list(targets))}
print(json.dumps(sums))
"""
    here = {case: {n: {f: sha256(c).hexdigest() for f, c in files(case, n).items()} for n in targets} for case in CASES}
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "365",
        "PYTHONPATH": str(ROOT),
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "HOME": str(tmp_path),
    }
    words = [sys.executable, "-c", code, *CASES]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=110)
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout)
    assert [(case, n) for case in CASES for n in targets if there[case][n] != here[case][n]] == []
    assert there.keys() == here.keys()


@each
def test_losses_have_declared_kinds_requirements_of_the_plan_and_reasons(case: str, name: str) -> None:
    if rendered := made(case, name):
        which = plan(case)
        known = {(f.id, str(f.cloud)) for f in which.flows} | {(s.id, str(s.cloud)) for s in which.sites}
        known |= {(r.id, str(r.cloud)) for r in which.records}
        assert len(rendered.losses) == len(set(rendered.losses))
        for loss in rendered.losses:
            assert loss.kind in (WIDENED, NARROWED, DROPPED)
            assert {(id, cloud) for id in loss.ids for cloud in loss.clouds} & known
            assert json.dumps(loss.to_dict(), ensure_ascii=False).isprintable()


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters except tab and line feed, and invisible characters that move text or break lines."""


@each
def test_text_contains_no_control_character(case: str, name: str) -> None:
    if rendered := made(case, name):
        for artifact, text in texts(rendered):
            assert not CONTROL.findall(text.replace("\r\n", "\n")), artifact.name


NO_ORIGIN = "no text has the catalog versions and the profile hash; a format without comments: Capabilities(comments=False)"


@each
def test_some_artifact_names_catalog_and_profile(case: str, name: str) -> None:
    rendered = made(case, name)
    if rendered and rendered.artifacts and targets[name].capabilities.comments:
        wanted = [plan(case).profile_hash, *(v.version for v in plan(case).versions.values())]
        assert any(all(word in text for word in wanted) for _, text in texts(rendered)), NO_ORIGIN


@pytest.mark.parametrize("name", list(targets))
def test_a_header_is_complete_with_five_clouds_and_a_long_name(name: str) -> None:
    text = f'[organization]\nname = "{"Contoso " * 12}"\nclouds = ["worldwide", "gcchigh", "dod", "china", "germany"]'
    many = make_plan(load_catalog(), parse_profile(text))
    try:
        rendered = render(many, name, style("small", name))
    except LimitError:
        return
    if rendered.artifacts and targets[name].capabilities.comments:
        wanted = [many.profile_hash, *(v.version for v in many.versions.values())]
        assert any(all(word in text for word in wanted) for _, text in texts(rendered)), NO_ORIGIN


PREFIX = re.compile(r"(?<![\w.:])((?:\d{1,3}\.){3}\d{1,3}/\d{1,2}|[0-9a-f:]*:[0-9a-f:]*/\d{1,3})(?![\w.:/])")
WILDCARD = re.compile(r"\*\.([a-z0-9.-]*[a-z0-9])")
ALLOWS = ("firewall", "feed", "cloud", "data")
"""Kinds of targets that write addresses and names literally. (Routes can be the complement; a PAC file or a registry file
splits names, and has its own tests.)"""


@each
def test_no_artifact_opens_what_the_plan_does_not_need(case: str, name: str) -> None:
    """Each prefix is in the plan, and no wildcard is a public suffix."""
    rendered = made(case, name)
    if rendered and targets[name].kind in ALLOWS:
        planned = PrefixSet()
        for flow in plan(case).flows:
            planned |= flow.source.prefixes | flow.destination.prefixes
        anyone = (
            {"0.0.0.0/0", "::/0"} if any(e.anyone for f in plan(case).flows for e in (f.source, f.destination)) else set()
        )
        for artifact, said in texts(rendered):
            text = without_commands(name, style(case, name), said)
            for found in PREFIX.findall(text):
                assert found in anyone or PrefixSet.parse([found]) <= planned, f"{artifact.name}: {found}"
            for domain in WILDCARD.findall(text):
                assert not is_public_suffix(domain), f"{artifact.name}: *.{domain}"


@pytest.mark.parametrize(
    "prefixes", [["0.0.0.0/1", "128.0.0.0/1"], ["52.0.0.0/7"], ["::/3"], ["127.0.0.1"], ["10.0.0.0/24"]]
)
@pytest.mark.parametrize("name", list(targets))
def test_no_target_writes_what_the_never_list_forbids(name: str, prefixes: list[str]) -> None:
    flow = next(flow for flow in plan("small").flows if flow.direction == "outbound" and flow.destination.prefixes)
    bad = replace(flow, destination=replace(flow.destination, prefixes=PrefixSet.parse(prefixes)))
    with pytest.raises(NeverListError):
        render(replace(plan("small"), flows=(bad,)), name)


NAMES = [
    *[
        '"',
        "'",
        "`",
        "\\",
        "$(id)",
        "${x}",
        "%x%",
        "#",
        "//",
        "*/",
        "-->",
        "]]>",
        "</script><script>",
        "{{ 7*7 }}",
        "{% x %}",
    ],
    *[";", "|", "&", "!", "=1+1", "@", "<b>", "exit", "é", "-1", "--", "^", "[x]", "?", "/*", "<!--", "@echo off"],
]
"""Names that a profile accepts. (It rejects unprintable characters: line breaks, escapes, direction marks.)"""


def named(name: str) -> Plan:
    """The small plan with this name of the organization."""
    text = (FOLDER / "small.toml").read_text("utf-8").replace('"Contoso"', json.dumps(name, ensure_ascii=False), 1)
    return replace(make_plan(load_catalog(), parse_profile(text)), profile_hash=plan("small").profile_hash)


@pytest.mark.parametrize("payload", NAMES, ids=ascii)
def test_no_name_of_an_organization_becomes_syntax(payload: str) -> None:
    """Only the text in place of the name differs; JSON and XML stay well-formed.

    (csv quotes line breaks, as in RFC 4180; its cells are read back in its own tests.)
    """
    nasty_plan = named(payload)
    for name in targets:
        plain, nasty = plainly(name), dict(_lines(render(nasty_plan, name, style("small", name))))
        assert plain.keys() == nasty.keys()
        for file in plain:
            assert len(plain[file]) == len(nasty[file]), f"{name}: {file} has other lines"
            for before, after in zip(plain[file], nasty[file], strict=True):
                around = before.split(MARK)
                assert COUNT.sub("", after).startswith(COUNT.sub("", around[0])), f"{name}: {file}: {after}"
                assert COUNT.sub("", after).endswith(COUNT.sub("", around[-1])), f"{name}: {file}: {after}"
                assert len(around) > 1 or COUNT.sub("", before) == COUNT.sub("", after), f"{name}: {file}: {after}"
            text = "\n".join(nasty[file])
            if file.endswith(".json"):
                json.loads(text)
            elif file.endswith((".xml", ".svg")):
                ElementTree.fromstring(text)


MARK = "ORGANIZATION"
COUNT = re.compile(r"\d+(?= bytes)")
"""A file may contain its own size."""


@cache
def plainly(name: str) -> dict[str, list[str]]:
    """The lines of a target's files for an organization with the name MARK."""
    return dict(_lines(render(named(MARK), name, style("small", name))))


def _lines(rendered: RenderResult) -> Iterator[tuple[str, list[str]]]:
    for artifact, text in texts(rendered):
        if not artifact.name.endswith(".csv"):
            yield artifact.name, text.splitlines()
