"""No control character of an argument, a file, a variable or a store reaches the terminal."""

import io
import json
import re
import sys
from pathlib import Path

import pytest

from perimeter365.cli import main
from perimeter365.cli._streams import PlainStream
from tests.cli.conftest import SERIES, Cli

HOSTILE = "a\x1b[31mb\x1b]0;title\x07c\rd\x08e\u202ef\u2066g\x9b2Jh\x85i\x7fj\x01k\ufeffl"
"""Colors, the title of a window, carriage return, backspace, bidi overrides, C1 controls, DEL, a zero-width character."""

CONTROL = re.compile(r"[^\n\x20-\x7e\u00a1-\u00ac\u00ae-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ufefe\uff00-\U0010ffff]")
"""Everything but line feeds and visible characters: "\\x1b", "\\x9b", "\\u202e" and "\\ufeff" match, "é" and "…" do not."""

RENDER = ("--profile", "contoso.toml")

COMMANDS = {
    "no command": ([HOSTILE], {}),
    "an option": ([f"--{HOSTILE}"], {}),
    "an option of a command": (["plan", f"--{HOSTILE}", "p.toml"], {}),
    "lookup": (["lookup", HOSTILE], {}),
    "lookup without click": (["lookup", "40.96.0.1", "--cloud", HOSTILE], {}),
    "lookup --json": (["lookup", "--json", HOSTILE], {}),
    "cloud": (["versions", "--cloud", HOSTILE], {}),
    "sync --cloud": (["sync", "--cloud", HOSTILE], {}),
    "show": (["show", HOSTILE], {}),
    "explain": (["explain", HOSTILE], {}),
    "targets": (["targets", HOSTILE], {}),
    "profile": (["plan", f"{HOSTILE}.toml"], {}),
    "a profile that exists": (["plan", "file.toml"], {}),
    "init": (["init", f"{HOSTILE}/p.toml"], {}),
    "init again": (["init", f"{HOSTILE}.txt"], {}),
    "render": (["render", HOSTILE, *RENDER, "-o", "out"], {}),
    "render -o": (["render", "nftables", *RENDER, "-o", f"out/{HOSTILE}"], {}),
    "render -O": (["render", "nftables", *RENDER, "-o", "out", "-O", f"{HOSTILE}=1"], {}),
    "render --limit": (["render", "nftables", *RENDER, "-o", "out", "--limit", f"{HOSTILE}={HOSTILE}"], {}),
    "render --since": (["render", "nftables", *RENDER, "-o", "out", "--since", HOSTILE], {}),
    "render --observed": (["render", "nftables", *RENDER, "-o", "out", "--observed", HOSTILE], {}),
    "budget": (["budget", "contoso.toml", "--max-prefixes", HOSTILE], {}),
    "losses": (["losses", HOSTILE], {}),
    "diff": (["diff", HOSTILE, HOSTILE], {}),
    "history": (["history", HOSTILE, "--store", "lists.sqlite"], {}),
    "pin": (["pin", HOSTILE, "--store", "lists.sqlite"], {}),
    "held": (["held", "admit", HOSTILE], {}),
    "import": (["import", "history", HOSTILE], {}),
    "store": (["history", "40.96.0.1", "--store", HOSTILE], {}),
    "a store that is created": (["import", "history", "lists", "--store", f"contoso.toml/{HOSTILE}"], {}),
    "store of the environment": (["versions"], {"PERIMETER365_STORE": f"mysql{HOSTILE}://"}),
    "a URL of the store": (["lookup", "40.96.0.1"], {"PERIMETER365_STORE": f"postgresql://{HOSTILE}@127.0.0.1:1/db"}),
    "catalog": (["--catalog", HOSTILE, "lookup", "40.96.0.1"], {}),
    "catalog of the environment": (["lookup", "40.96.0.1"], {"PERIMETER365_CATALOG": HOSTILE}),
    "an unknown variable": (["versions"], {f"PERIMETER365_{HOSTILE}": HOSTILE}),
    "config": (["config", "show"], {"PERIMETER365_STORE": f"x{HOSTILE}", "PERIMETER365_UPSTREAM": HOSTILE}),
    "config --color": (["--color", "always", "config", "show"], {"PERIMETER365_STORE": f"x{HOSTILE}"}),
    "doctor": (["doctor", "--offline"], {"PERIMETER365_STORE": f"x{HOSTILE}", "PERIMETER365_CONSTRAINTS": HOSTILE}),
    "notify": (["notify", "--test", "--file", HOSTILE], {}),
    "completion": (["completion", HOSTILE], {}),
    "color": (["--color", HOSTILE, "versions"], {}),
}


@pytest.fixture
def shell(cli: Cli, tmp_path: Path) -> Cli:
    """`cli` in a folder with hostile names and contents."""
    example = Path(__file__).resolve().parents[2] / "examples" / "contoso.toml"
    (tmp_path / "contoso.toml").write_text(example.read_text("utf-8"), "utf-8")
    (tmp_path / "file.toml").write_text(f'[organization]\nname = "x"\n"k{json.dumps(HOSTILE)[1:-1]}" = 1\n', "utf-8")
    (tmp_path / f"{HOSTILE}.txt").write_text("x")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "2026010100.json").write_bytes((SERIES / "001-2030-01-06.json").read_bytes())
    assert cli("import", "history", "lists", "--store", "lists.sqlite").code == 0
    return cli


@pytest.mark.skipif(sys.platform == "win32", reason="names of files have no control characters on Windows")
@pytest.mark.parametrize("name", COMMANDS)
def test_no_control_character_is_printed(name: str, shell: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    words, variables = COMMANDS[name]
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    ran = shell(*words)
    assert ran.code != 70, ran.err
    plain = re.sub(r"\x1b\[[0-9;]*m", "", ran.out) if "always" in words else ran.out
    assert not CONTROL.findall(plain) + CONTROL.findall(ran.err)
    assert "title" in ran.out + ran.err, "the command does not repeat the text, so it tries nothing"


def test_json_has_escapes(shell: Cli) -> None:
    ran = shell("config", "show", "--json", "--store", HOSTILE)
    assert not CONTROL.findall(ran.out)
    assert json.dumps(HOSTILE)[1:-1] in ran.out


def test_the_streams_are_restored(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert main(["versions"]) == 0
    assert (sys.stdout, sys.stderr) == (out, err)


def test_bytes_are_not_text() -> None:
    stream = PlainStream(io.StringIO())
    with pytest.raises(TypeError):
        stream.write(b"a")  # type: ignore[arg-type]
    stream.writelines(["a\n", "\tb\x00"])
    assert stream.getvalue() == "a\n b\N{REPLACEMENT CHARACTER}"
