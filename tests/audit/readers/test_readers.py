"""All readers: they read the same rule, report unsupported lines, and enforce the limits."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perimeter365
from perimeter365.audit import reader as limits
from perimeter365.audit.packets import differences
from perimeter365.audit.reader import ConfigurationReader
from perimeter365.audit.readers import read, readers
from perimeter365.errors import ConfigurationError, UnknownNameError
from tests.audit.readers.samples import RULE, SAMPLES

EVERY = pytest.mark.parametrize("name", SAMPLES)
PACKAGE = Path(perimeter365.__file__).parent


def test_the_registry_is_the_folder() -> None:
    files = {p.stem.replace("_", "-") for p in (PACKAGE / "audit" / "readers").glob("[a-z]*.py")}
    assert set(readers) == files == set(SAMPLES)
    assert len(readers) == len(files)
    assert "cisco-asa" in readers
    assert "_cisco" not in readers


def test_the_error_for_an_unknown_reader_names_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError) as caught:
        readers["fortigat"]
    assert caught.value.help == "did you mean 'fortigate'?"


def test_readers_are_found_in_a_zip_file_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in PACKAGE.rglob("*.py"):
            archive.write(path, Path("perimeter365") / path.relative_to(PACKAGE))
    program = "import perimeter365.audit.readers as r; print(r.__file__); print(*r.readers); print(*r.readers.values())"
    found = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(tmp_path / "all.zip")}, capture_output=True, text=True
    )
    where, names, classes = found.stdout.splitlines()
    assert "all.zip" in where, found.stderr
    assert names.split() == sorted(SAMPLES)
    assert classes.count("perimeter365.audit.readers") == len(SAMPLES)


@EVERY
def test_the_same_rule_is_read_from_each_language(name: str) -> None:
    reading = read(name, SAMPLES[name])
    assert reading.unread == ()
    assert reading.complete
    assert reading.lines == SAMPLES[name].count("\n")
    assert differences(reading.rules, [RULE]) == []
    device = readers[name]()
    device.load(SAMPLES[name])
    assert differences(device.rules(), [RULE]) == []


@EVERY
def test_lines_may_end_with_crlf(name: str) -> None:
    assert read(name, SAMPLES[name].replace("\n", "\r\n")).rules == read(name, SAMPLES[name]).rules
    assert read(name, SAMPLES[name].removesuffix("\n")) == read(name, SAMPLES[name])


@EVERY
@pytest.mark.parametrize(
    "hostile", ["frobnicate all", "]]>", '"', "'", "\x00\x1b[31m", "\u2028set", "set \u202e", "no", "\\ x", "${"]
)
def test_an_unknown_line_is_reported_with_its_number_and_the_rest_is_read(name: str, hostile: str) -> None:
    lines = SAMPLES[name].splitlines()
    for at in (0, len(lines)):
        text = "\n".join([*lines[:at], hostile, *lines[at:]]) + "\n"
        reading = read(name, text)
        assert not reading.complete
        assert [line.number for line in reading.unread if line.number == at + 1] == [at + 1]
        shown = next(line for line in reading.unread if line.number == at + 1)
        assert shown.reason
        assert str(shown).isprintable()
        with pytest.raises(ConfigurationError, match=f"line {at + 1}: ") as caught:
            readers[name]().load(text)
        assert caught.value.line == at + 1
        if hostile[0].isalpha():
            assert differences(reading.rules, [RULE]) == []


@EVERY
def test_a_missing_line_is_detected(name: str) -> None:
    """Without any one line, a line is reported or other packets pass, except for comments and descriptions."""
    spared = re.compile(r".*remark|.*intf|.*schedule|.*type ipmask|    (next|end)|end|\$group")
    lines = SAMPLES[name].splitlines()
    for at, line in enumerate(lines):
        if not spared.match(line):
            reading = read(name, "\n".join(lines[:at] + lines[at + 1 :]))
            assert reading.unread or differences(reading.rules, [RULE]), line


@EVERY
def test_an_empty_text_has_no_rules(name: str) -> None:
    for text in ("", "\n", "\n\n\r\n"):
        assert read(name, text).rules == ()
        assert read(name, text).unread == ()


@EVERY
@pytest.mark.parametrize(
    ("limit", "most", "reason"),
    [("MOST_CHARACTERS", 60, "characters"), ("MOST_LINES", 1, "lines"), ("LONGEST_LINE", 20, "line [0-9]+ has")],
)
def test_a_text_that_exceeds_a_limit_is_rejected(
    name: str, limit: str, most: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, limit, most)
    with pytest.raises(ConfigurationError, match=reason):
        read(name, SAMPLES[name])
    with pytest.raises(ConfigurationError, match=reason):
        readers[name]().load(SAMPLES[name])


def broken(text: str, chance: Random) -> str:
    """A configuration with random damage: lines, words and characters duplicated, lost, moved, swapped."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        words = lines[at].split(" ")
        match chance.randrange(6):
            case 0:
                lines.insert(at, chance.choice(lines))
            case 1:
                lines[at] = " ".join(words[: chance.randrange(len(words) + 1)])
            case 2:
                words[chance.randrange(len(words))] = chance.choice(chance.choice(lines).split(" "))
                lines[at] = " ".join(words)
            case 3:
                where = chance.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:where] + chance.choice("\"'{}[]()=~$\\/-:. \x00é9*#;<>") + lines[at][where:]
            case 4:
                lines[at] = chance.choice(("no ", "delete ", " ", "set ", "/ip ")) + lines[at]
            case _:
                words.insert(
                    chance.randrange(len(words) + 1), chance.choice(("0", "::/0", "255.0.255.0", "99999", "any", "all", ""))
                )
                lines[at] = " ".join(words)
    return "\n".join(lines)


def strictly(device: ConfigurationReader, text: str) -> None:
    """Load a text and return its rules."""
    device.load(text)
    device.rules()


@EVERY
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.randoms(use_true_random=False))
def test_a_damaged_text_raises_no_other_exceptions(name: str, chance: Random) -> None:
    text = broken(SAMPLES[name], chance)
    reading = read(name, text)
    numbers = [line.number for line in reading.unread]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= max(1, reading.lines) for number in numbers)
    device = readers[name]()
    if reading.complete:
        device.load(text)
        assert tuple(device.rules()) == reading.rules
    else:
        with pytest.raises(ConfigurationError) as caught:
            strictly(device, text)
        assert caught.value.line in numbers
