"""The registry of targets: every module is a complete target, or an error.

The rules for a target's module are here, so that a new target is checked without a new test.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import Perimeter365Error, PrefixError, UnknownNameError
from perimeter365.model.host import KINDS as HOST_KINDS
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.registry import ModuleRegistry
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.targets import Style, Target, built_in, targets
from perimeter365.targets.target import KINDS, PROOFS, Capabilities, Option
from tests.targets.cases import plan

ROOT = Path(__file__).parents[2]
FOLDER = Path(sys.modules["perimeter365.targets"].__file__ or "").parent
EVERY = pytest.mark.parametrize("name", list(targets))
MOST_LINES = 180

MANUAL = {
    "Output": r"^Output\b.*:",
    "Vendor page": r"^Vendor pages?\b.*:",
    "Supported": r"^Supported\b.*:",
    "Not supported": r"^Not supported\b.*:|^Supported and not supported\b.*:",
    "Install": r"^Install\b.*:",
    "Update": r"^Update:|^Install and update\b.*:",
}
"""Sections of the docstring of a target's module, which is its manual page."""


def lacking(cls: type[Target]) -> Iterator[str]:
    """Yield what is missing or wrong in a target's declarations and docstring."""
    can = cls.capabilities
    rules = {
        "name": re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cls.name),
        "module": cls.__module__ == f"perimeter365.targets.{cls.name.replace('-', '_')}",
        "kind": cls.kind in KINDS,
        "proof": cls.proof in PROOFS,
        "proof_detail, by which program, or how": len(cls.proof_detail) > 5,
        "vendor_page": re.fullmatch(r"https://[!-~]+", cls.vendor_page),
        "title": re.fullmatch(r"\S.*\S", cls.title),
        "hosts": set(can.hosts) <= set(HOST_KINDS),
        "directions": set(can.directions) <= set(DIRECTIONS),
        "families": set(can.families) <= {4, 6},
        "limits": all(bound > 0 for bound in cls.limits.values()),
        "options": all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", key) and o.help for key, o in cls.options.items()),
        "choices": all(len(set(o.choices)) == len(o.choices) for o in cls.options.values()),
    }
    yield from (f"{cls.name}: {what}" for what, fine in rules.items() if not fine)
    text = ast.get_docstring(ast.parse(source(cls.name))) or ""
    if not re.match(r"[^\n]{10,79}\.\n\n", text):
        yield f"{cls.name}: the first line of the docstring is a summary of at most 80 characters"
    needed = MANUAL if cls.manual is None else {k: v for k, v in MANUAL.items() if k not in ("Install", "Update")}
    yield from (f"{cls.name}: {p}" for p, pattern in needed.items() if not re.search(pattern, text, re.MULTILINE))
    if len(source(cls.name).splitlines()) > MOST_LINES:
        yield f"{cls.name}: over {MOST_LINES} lines; move shared code to a base class"


def source(name: str) -> str:
    """The text of a target's module."""
    return (FOLDER / f"{name.replace('-', '_')}.py").read_text("utf-8")


def test_each_target_is_complete_short_and_documented() -> None:
    assert all(issubclass(cls, Target) for cls in targets.values())
    assert [name for name, cls in targets.items() if cls.name != name] == []
    assert [problem for cls in targets.values() for problem in lacking(cls)] == []


def test_what_is_missing_in_a_target_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    capabilities: dict[str, Any] = {"hosts": ("any",), "directions": ("up",), "families": (5,)}
    wrong: dict[str, Any] = {
        "kind": "toy",
        "proof": "",
        "proof_detail": "",
        "vendor_page": "http://example.com/",
        "title": " CSV",
        "capabilities": Capabilities(**capabilities),
        "limits": {"entries": 0},
        "options": {"No Name": Option(default="", help=""), "same": Option(default="a", help="x", choices=("a", "a"))},
    }
    monkeypatch.setattr(targets["csv"], "manual", None)
    for key, value in wrong.items():
        monkeypatch.setattr(targets["csv"], key, value)
    monkeypatch.setattr(f"{__name__}.source", lambda name: '"""Short."""\n' * (MOST_LINES + 1))
    assert {problem.removeprefix("csv: ").partition(",")[0] for problem in lacking(targets["csv"])} == {
        *(set(wrong) - {"capabilities"}),
        *("hosts", "directions", "families", "choices"),
        *MANUAL,
        "the first line of the docstring is a summary of at most 80 characters",
        "over 180 lines; move shared code to a base class",
    }


@EVERY
def test_the_default_or_the_example_of_each_option_is_valid(name: str) -> None:
    for key, option in targets[name].options.items():
        value = option.example.strip("'") if option.default is None else option.default
        targets[name](Style(options={key: value}))
        assert value or option.default is not None, f"{key} has neither a default nor an example"


DOCUMENTATION = PrefixSet.parse(["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"])
"""Addresses that no network has (RFC 5737, RFC 3849, RFC 9637)."""


@EVERY
def test_no_default_is_an_example(name: str) -> None:
    """A guessed next hop, resolver or proxy sends traffic to the wrong place."""
    for key, option in targets[name].options.items():
        for word in re.findall(r"[0-9A-Za-z.:-]+", option.default or ""):
            assert not re.search(r"(?i)(^|[.-])(example|contoso|fabrikam)([.-]|$)", word), key
            with suppress(PrefixError):
                assert not PrefixSet.parse([word]) <= DOCUMENTATION, key


@EVERY
def test_an_unknown_option_or_value_is_an_error_with_help(name: str) -> None:
    wrong = [Style(options={"no-such-option": "x"}), Style(limits={"no-such-limit": 1})]
    wrong += [Style(options={key: "no\nvalue"}) for key in targets[name].options]
    for style in wrong:
        with pytest.raises(Perimeter365Error, match=f"{name}") as caught:
            targets[name](style)
        assert caught.value.code == "P365-OPTION"
        assert caught.value.help


def test_describe_is_complete_and_json() -> None:
    keys = {
        "name",
        "title",
        "kind",
        "proof",
        "proof_detail",
        "extra",
        "side",
        "manual",
        "life",
        "vendor_page",
        "capabilities",
        "limits",
        "options",
    }
    for name, cls in targets.items():
        said = json.loads(json.dumps(cls.describe()))
        assert set(said) == keys, name
        assert said["name"] == name
        assert set(said["capabilities"]) == set(type(cls.capabilities).__slots__), name
        assert set(said["options"]) == set(cls.options), name
        assert all(set(option) == {"default", "choices", "help", "several"} for option in said["options"].values()), name


def test_every_module_of_the_folder_is_a_target() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py") if not path.name.startswith("_")}
    modules -= {"life", "loss", "many", "organizations", "reasons", "settings", "since", "target", "write"}
    assert {name.replace("-", "_") for name in targets} == modules
    assert list(targets) == sorted(targets)
    assert len(targets) == len(modules)


def test_an_unknown_name_is_an_error_with_the_nearest_name() -> None:
    assert "nftable" not in targets
    with pytest.raises(UnknownNameError, match="'nftable' is not a target") as caught:
        targets["nftable"]
    assert "nftables" in caught.value.help


@pytest.mark.parametrize("name", ["all", "al", "x"])
def test_all_is_not_offered_where_one_target_is_looked_up(name: str) -> None:
    for registry in (targets, built_in):
        with pytest.raises(UnknownNameError, match=f"'{name}' is not a target") as caught:
            registry[name]
        assert not re.search(r"\ball\b", caught.value.help)


def test_rendering_one_target_imports_no_other() -> None:
    """In a separate process; imported modules are removed between two targets."""
    code = """
import json, sys
from perimeter365.targets import render, targets
from tests.targets.cases import plan, style

def loaded():
    names = {m.split(".")[2] for m in sys.modules if m.startswith("perimeter365.targets.")}
    return {name for name in names if name.replace("_", "-") in targets}

found = {"": sorted(loaded())}
for name in targets:
    render(plan("nothing-selected"), name, style("nothing-selected", name))
    found[name] = sorted(loaded())
    for module in loaded():
        del sys.modules[f"perimeter365.targets.{module}"]
print(json.dumps(found))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("") == []
    for name, modules in found.items():
        others = {module.replace("_", "-") for module in modules} - {name}
        assert not others, f"{name} imports {others}"


# -- other folders ---------------------------------------------------------------------------------------------

DUMMY = '''"""A dummy target: made up.

Makes one file that says how many flows there are, and never more. Install: look at it. Update: again.
"""

from perimeter365.targets import Artifact, Target
from perimeter365.targets.target import Capabilities


class Dummy(Target):
    """Counts."""

    name = "dummy"
    title = "Dummy"
    kind = "data"
    vendor_page = "https://example.com/"
    proof = "by eye"
    capabilities = Capabilities()

    def artifacts(self, plan):
        """One file."""
        yield self.text("count.txt", [*self.header(plan), str(len(plan.flows))], entries=1)
'''


def test_a_new_target_needs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new_targets").mkdir()
    (tmp_path / "new_targets" / "__init__.py").touch()
    (tmp_path / "new_targets" / "dummy.py").write_text(DUMMY)
    monkeypatch.syspath_prepend(str(tmp_path))
    package = import_module("new_targets")
    registry = ModuleRegistry(package, Target, kind="target")  # type: ignore[type-abstract]
    assert list(registry) == ["dummy"]
    made = registry["dummy"]().render(plan("small"))
    assert made.artifacts[0].content.decode().splitlines()[-1] == str(len(plan("small").flows))
