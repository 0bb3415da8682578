"""Shared cases x all targets: the ledger, the goldens, and laws on each.

`make goldens` writes both; the difference is then read by a person and listed in the changelog. A new target needs no edit
here. The ledger has the SHA-256 of every file of every case: a file that changes is one line. Whole, to be read, in
goldens/<case>/<target>/, are:

    small            each file
    all-scenarios    each file of the targets that no real program reads, but losses.json: a megabyte that says, scenario by
                     scenario, what the file of `small` shows
    china            each file of one target a family
    a refusal        REFUSED.txt, where a target says that the case is too much for its device

The expected bytes are not a proof by themselves (each target has its own, by the program that reads it); they show what a
change does to every format at once. The laws below need no golden.
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
from perimeter365.model.special import is_public_suffix
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Artifact, Rendered, render, targets
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED
from perimeter365.targets.write import KEPT, LOSSES, MANIFEST, losses_json, write
from tests.targets.cases import CASES, FOLDER, made, outcome, plan, style

ROOT = Path(__file__).parents[2]
GOLDENS = Path(__file__).parent / "goldens"
LEDGER = GOLDENS / "ledger.txt"
REFUSED = "REFUSED.txt"
MOST_FILES, MOST_BYTES = 750, 4_000_000
"""Of all goldens together."""

EACH = [pytest.param(case, name, id=f"{case}-{name}") for case in CASES for name in targets]
each = pytest.mark.parametrize(("case", "name"), EACH)


def to_read() -> Iterator[tuple[str, str]]:
    """The cases and targets whose files are kept whole."""
    first: dict[str, str] = {}
    for name in sorted(targets):
        yield "small", name
        if targets[name].proof != "consumer":
            yield "all-scenarios", name
        # A family is the base over which a target is a short class of differences: perimeter365.targets._bases.feed.
        if first.setdefault(targets[name].__bases__[0].__module__, name) == name:
            yield "china", name


READ = sorted(to_read())


def files(case: str, name: str) -> dict[str, bytes]:
    """The files that a user would see, by name; not the plan that firewalls keep (`KEPT`), which every format shares."""
    found = outcome(case, name)
    if isinstance(found, LimitError):
        return {REFUSED: f"{found.message}\n{found.help}\n".encode()}
    return {**{a.name: a.content for a in found.artifacts}, LOSSES: losses_json(found)}


def kept(case: str, name: str) -> dict[str, bytes]:
    """Those of the files that are kept to be read."""
    found = files(case, name)
    return {file: found[file] for file in found if (case, file) != ("all-scenarios", LOSSES)}


def texts(rendered: Rendered) -> Iterator[tuple[Artifact, str]]:
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


@pytest.mark.parametrize(("case", "name"), READ, ids="-".join)
def test_what_a_target_makes_of_a_case(
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
        assert not stray, "goldens that are not made any more; make goldens removes them"
    for file, content in wanted.items():
        golden(folder / file, content)


def test_the_ledger_names_the_sum_of_every_file(golden: Callable[[Path, str | bytes], None]) -> None:
    """One line a file, of all cases: what a change does to a format shows as one line, however large the file."""
    lines = [
        f"{case} {name} {file} {sha256(content).hexdigest()}\n"
        for case in CASES
        for name in targets
        for file, content in sorted(files(case, name).items())
    ]
    golden(LEDGER, "".join(lines))


def test_no_golden_is_left_of_what_is_not_kept(update_goldens: bool) -> None:
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


def test_what_is_written_is_what_the_goldens_show(tmp_path: Path) -> None:
    rendered = [each for name in targets if (each := made("small", name))]
    write(rendered, tmp_path)
    for one in rendered:
        found = {
            str(p.relative_to(tmp_path / one.target)): p.read_bytes()
            for p in (tmp_path / one.target).rglob("*")
            if p.is_file() and p.name not in (KEPT, MANIFEST)
        }
        assert found == files("small", one.target)


# -- laws ----------------------------------------------------------------------------------------------------------


@each
def test_two_renders_are_equal(case: str, name: str) -> None:
    if first := made(case, name):
        assert render(plan(case), name, style(case, name)) == first


@pytest.mark.parametrize("case", CASES)
def test_another_process_makes_the_same_bytes(case: str, tmp_path: Path) -> None:
    """With another hash seed, time zone, language and working folder, and the targets in another order."""
    code = """
import json, sys
from hashlib import sha256
from perimeter365.targets import targets
from tests.targets.test_goldens import files

case = sys.argv[1]
names = reversed(list(targets))
sums = {name: {file: sha256(content).hexdigest() for file, content in files(case, name).items()} for name in names}
print(json.dumps(sums))
"""
    here = {n: {f: sha256(c).hexdigest() for f, c in files(case, n).items()} for n in targets}
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "365",
        "PYTHONPATH": str(ROOT),
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "HOME": str(tmp_path),
    }
    words = [sys.executable, "-c", code, case]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=110)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == here


@each
def test_losses_are_of_declared_kinds_about_the_plan_and_say_why(case: str, name: str) -> None:
    if rendered := made(case, name):
        which = plan(case)
        known = {(f.id, str(f.cloud)) for f in which.flows} | {(s.id, str(s.cloud)) for s in which.sites}
        known |= {(r.id, str(r.cloud)) for r in which.records}
        assert list(rendered.losses) == sorted(set(rendered.losses))
        for loss in rendered.losses:
            assert loss.kind in (WIDENED, NARROWED, DROPPED)
            assert (loss.id, loss.cloud) in known
            assert loss.subject
            assert loss.reason
            assert all(text.isprintable() for text in loss.to_dict().values())


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""All but the tab and the line feed; also what moves text or breaks lines in ways that an editor does not show."""


@each
def test_text_holds_no_control_character(case: str, name: str) -> None:
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
def test_five_clouds_and_a_long_name_push_nothing_out_of_a_header(name: str) -> None:
    text = f'[organization]\nname = "{"Contoso " * 12}"\nclouds = ["worldwide", "gcchigh", "dod", "china", "germany"]'
    many = make_plan(load_catalog(), parse_profile(text))
    try:
        rendered = render(many, name)
    except LimitError:
        return
    if rendered.artifacts and targets[name].capabilities.comments:
        wanted = [many.profile_hash, *(v.version for v in many.versions.values())]
        assert any(all(word in text for word in wanted) for _, text in texts(rendered)), NO_ORIGIN


PREFIX = re.compile(r"(?<![\w.:])((?:\d{1,3}\.){3}\d{1,3}/\d{1,2}|[0-9a-f:]*:[0-9a-f:]*/\d{1,3})(?![\w.:/])")
WILDCARD = re.compile(r"\*\.([a-z0-9.-]*[a-z0-9])")
ALLOWS = ("firewall", "feed", "cloud", "data")
"""Kinds of targets that write what they open as it is. (Routes may be the rest of the world; a PAC file or a registry takes
names to pieces, and is read by its own tests.)"""


@each
def test_no_artifact_opens_what_the_plan_does_not_need(case: str, name: str) -> None:
    """The never-list, read from the artifacts: each prefix lies in the plan, no wildcard is a public suffix."""
    rendered = made(case, name)
    if rendered and targets[name].kind in ALLOWS:
        planned = PrefixSet()
        for flow in plan(case).flows:
            planned |= flow.source.prefixes | flow.destination.prefixes
        anyone = (
            {"0.0.0.0/0", "::/0"} if any(e.anyone for f in plan(case).flows for e in (f.source, f.destination)) else set()
        )
        for artifact, text in texts(rendered):
            for found in PREFIX.findall(text):
                assert found in anyone or PrefixSet.parse([found]) <= planned, f"{artifact.name}: {found}"
            for domain in WILDCARD.findall(text):
                assert not is_public_suffix(domain), f"{artifact.name}: *.{domain}"


@pytest.mark.parametrize(
    "prefixes", [["0.0.0.0/1", "128.0.0.0/1"], ["52.0.0.0/7"], ["::/3"], ["127.0.0.1"], ["10.0.0.0/24"]]
)
@pytest.mark.parametrize("name", list(targets))
def test_no_target_writes_what_must_never_be_open(name: str, prefixes: list[str]) -> None:
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
"""What a profile takes for a name. (It refuses what cannot be printed: line breaks, escapes, marks of direction.)"""


def named(name: str) -> Plan:
    """The small plan, of an organization that is called so."""
    text = (FOLDER / "small.toml").read_text("utf-8").replace('"Contoso"', json.dumps(name, ensure_ascii=False), 1)
    return replace(make_plan(load_catalog(), parse_profile(text)), profile_hash=plan("small").profile_hash)


@pytest.mark.parametrize("payload", NAMES, ids=ascii)
def test_no_name_of_an_organization_becomes_syntax(payload: str) -> None:
    """Nothing differs but what stands in the name's place, there is not one line more, and what was JSON or XML still is.

    (csv quotes line breaks, as RFC 4180 has it; that its cells come back is tested with it.)
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
"""A file may say its own size."""


@cache
def plainly(name: str) -> dict[str, list[str]]:
    """The lines of a target's files for an organization that is called MARK."""
    return dict(_lines(render(named(MARK), name, style("small", name))))


def _lines(rendered: Rendered) -> Iterator[tuple[str, list[str]]]:
    for artifact, text in texts(rendered):
        if not artifact.name.endswith(".csv"):
            yield artifact.name, text.splitlines()
