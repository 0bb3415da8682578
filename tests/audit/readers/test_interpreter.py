"""What statements of a RouterOS script do, seen in the tables of a router."""

import pytest

from perimeter365.audit.readers import _interpreter as interpreter
from perimeter365.audit.readers.mikrotik import Mikrotik
from perimeter365.errors import ConfigurationError

LIST = "/ip firewall address-list"


def entries(*lines: str) -> list[str]:
    """The comments of the entries of the address list after a script."""
    device = Mikrotik()
    device.load("\n".join(lines))
    return [entry.get("comment", "") for entry in device.tables[LIST].values()]


def add(comment: str, address: str = "192.0.2.1") -> str:
    return f"{LIST} add list=a address={address} comment={comment}"


def test_names_stand_for_values_also_within_texts() -> None:
    assert entries(':local x "one"', add('"$x and $x"')) == ["one and one"]
    assert entries(":local n 12", add("($n . $n)")) == ["1212"]


def test_functions_take_arguments_and_return_values() -> None:
    assert entries(':local f do={ :return ($p . "y") }', add('[$f p="x"]')) == ["xy"]
    assert entries(":local f do={ " + add("$p") + " }", "$f p=z") == ["z"]


def test_branches_and_loops_follow_values() -> None:
    loop = f":foreach i in=[{LIST} find comment=old] do={{ {LIST} set $i comment=new }}"
    assert entries(add("old"), add("kept", "192.0.2.2"), add("old", "192.0.2.3"), loop) == ["new", "kept", "new"]
    for condition, expected in ((f"([:len [{LIST} find]] = 0)", "none"), ("(2 > 1)", "some"), ("(1 > 2)", "none")):
        first, second = ("some", "none") if "len" not in condition else ("none", "some")
        assert entries(f":if {condition} do={{ {add(first)} }} else={{ {add(second)} }}") == [expected]


def test_an_entry_gives_its_fields() -> None:
    get = f':foreach i in=[{LIST} find] do={{ {LIST} set $i comment=("old " . [{LIST} get $i comment]) }}'
    assert entries(add("a"), get, get) == ["old old a"]


def test_a_remove_takes_what_was_found() -> None:
    assert entries(add("m365-a"), add("b", "192.0.2.2"), f'{LIST} remove [find comment~"^m365"]') == ["b"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("$f", r"there is no \$f"),
        (add('"$f"'), r"there is no \$f"),
        (":local", "an argument is missing"),
        (":local a", "an argument is missing"),
        (":local a (1 + 2)", "the sign '\\+' is not read"),
        (":local a (1 2)", "not VALUE SIGN VALUE"),
        (':local a ("x" > 1)', "the sign '>' is not read"),
        (":return 1", "outside of a function"),
        (":local f do={ :local f do={ :put 1 } }; $f; $g", r"there is no \$g"),
        (":local a 1; $a", "a block { } is missing"),
        (":global a 1", "the table ':global a 1' is not read"),
        (f"{LIST} set 1 comment=x", "set is read with other arguments"),
        (f"{LIST} remove", "remove is read with other arguments"),
        (f'{LIST} remove [find comment~"(a+)+$"]', "the regular expression"),
        (f":local f [{LIST} find]; {add('$f')}", "not read as text"),
        (f':foreach i in="x" do={{ {add("a")} }}', "only with entries"),
        (f":foreach i in=[{LIST} find]", "only with entries"),
        (f":foreach i j in=[{LIST} find] do={{ {add('a')} }}", "an argument is more"),
        (f":foreach i in=[{LIST} find] do={{ {add('a')} }} else={{ }}", "else= is not read"),
        (f":if (1 = 1) on-error={{ {add('a')} }}", "on-error= is not read"),
        (f":if (1 = 1) do={{ {add('a')} }} on-error={{ }}", "on-error= is not read"),
        (f":if (1 = 1) do={{ }} do={{ {add('a')} }}", "an argument is more"),
        (f":if (1 = 1) else={{ {add('a')} }}", "a condition and do="),
        (f":if (1 = 1) x do={{ {add('a')} }}", "an argument is more"),
        (f":if (1 = 1) do~{{ {add('a')} }}", "an argument is more"),
        (f':if ("false") do={{ {add("a")} }}', "a condition and do="),
        (f":if 1 do={{ {add('a')} }}", "a condition and do="),
        (f":if [{LIST} find] do={{ {add('a')} }}", "a condition and do="),
        (':local a "x" b', "an argument is more"),
        (":local a x do={ }", "an argument is more"),
        (":local a x b=y", "b= is not read"),
        (":local f do={ :return 1 2 }; $f", "an argument is more"),
        (":local f do={ :return 1 }; $f 2", "an argument is more"),
        (':local n [:len "a" "b"]', "an argument is more"),
        (f'{LIST} add list=a address=192.0.2.1 comment~"a"', "with other fields"),
        (f"{LIST} add list=a address=192.0.2.1 address=192.0.2.2", "with other fields"),
        (f"{LIST} remove [find] comment=a", "with other fields"),
    ],
)
def test_what_is_not_read_is_an_error(script: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        entries(script)


def test_a_function_that_calls_itself_comes_to_an_end() -> None:
    with pytest.raises(ConfigurationError, match="20 deep"):
        entries(":local f do={ $f f=$f }; $f f=$f")


def test_steps_names_and_texts_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "MOST_STEPS", 400)
    with pytest.raises(ConfigurationError, match="more than 400 steps"):
        entries(*(add("x", f"192.0.2.{n}") for n in range(30)), *[f":local a [{LIST} find]"] * 3)
    monkeypatch.undo()
    monkeypatch.setattr(interpreter, "MOST_NAMES", 5)
    with pytest.raises(ConfigurationError, match="more than 5 names"):
        entries(*(f":local n{n} 1" for n in range(6)))
    with pytest.raises(ConfigurationError, match="longer than 65536"):
        entries(':local a "0123456789"', *[":local a ($a . $a)"] * 20)
