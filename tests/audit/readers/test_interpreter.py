"""Interpreter of RouterOS scripts, tested through the tables of a router."""

import pytest

from perimeter365.audit.readers import _interpreter as interpreter
from perimeter365.audit.readers.mikrotik import MikrotikReader
from perimeter365.errors import ConfigurationError

LIST = "/ip firewall address-list"


def entries(*lines: str) -> list[str]:
    """Comments of the address list entries after a script."""
    device = MikrotikReader()
    device.load("\n".join(lines))
    return [entry.get("comment", "") for entry in device.tables[LIST].values()]


def add(comment: str, address: str = "192.0.2.1") -> str:
    return f"{LIST} add list=a address={address} comment={comment}"


def test_variables_are_expanded_in_texts() -> None:
    assert entries(':local x "one"', add('"$x and $x"')) == ["one and one"]
    assert entries(":local n 12", add("($n . $n)")) == ["1212"]


def test_a_variable_is_set_also_from_a_loop() -> None:
    last = f':local x ""; :foreach i in=[{LIST} find] do={{ :set x [{LIST} get $i comment] }}'
    assert entries(add("a"), add("b", "192.0.2.2"), last, add("$x", "192.0.2.3")) == ["a", "b", "b"]
    with pytest.raises(ConfigurationError, match=r"the variable \$x does not exist"):
        entries(":set x 1")


def test_functions_take_arguments_and_return_values() -> None:
    assert entries(':local f do={ :return ($p . "y") }', add('[$f p="x"]')) == ["xy"]
    assert entries(":local f do={ " + add("$p") + " }", "$f p=z") == ["z"]


def test_branches_and_loops_are_executed() -> None:
    loop = f":foreach i in=[{LIST} find comment=old] do={{ {LIST} set $i comment=new }}"
    assert entries(add("old"), add("kept", "192.0.2.2"), add("old", "192.0.2.3"), loop) == ["new", "kept", "new"]
    for condition, expected in ((f"([:len [{LIST} find]] = 0)", "none"), ("(2 > 1)", "some"), ("(1 > 2)", "none")):
        first, second = ("some", "none") if "len" not in condition else ("none", "some")
        assert entries(f":if {condition} do={{ {add(first)} }} else={{ {add(second)} }}") == [expected]


def test_get_returns_a_field_of_an_entry() -> None:
    get = f':foreach i in=[{LIST} find] do={{ {LIST} set $i comment=("old " . [{LIST} get $i comment]) }}'
    assert entries(add("a"), get, get) == ["old old a"]


def test_remove_deletes_the_entries_that_were_found() -> None:
    assert entries(add("m365-a"), add("b", "192.0.2.2"), f'{LIST} remove [find comment~"^m365"]') == ["b"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("$f", r"the variable \$f does not exist"),
        (add('"$f"'), r"the variable \$f does not exist"),
        (":local", "an argument is missing"),
        (":local a", "an argument is missing"),
        (":local a (1 + 2)", "the operator '\\+' is not supported"),
        (":local a (1 2)", "expected VALUE OPERATOR VALUE"),
        (':local a ("x" > 1)', "the operator '>' is not supported"),
        (":return 1", "outside a function"),
        (":local f do={ :local f do={ :put 1 } }; $f; $g", r"the variable \$g does not exist"),
        (":local a 1; $a", "a block { } is missing"),
        (":global a 1", "the table ':global a 1' is not supported"),
        (f"{LIST} set 1 comment=x", "arguments of set are not supported"),
        (f"{LIST} remove", "arguments of remove are not supported"),
        (f'{LIST} remove [find comment~"(a+)+$"]', "the regular expression"),
        (f":local f [{LIST} find]; {add('$f')}", "cannot be converted to text"),
        (f':foreach i in="x" do={{ {add("a")} }}', "only with entries"),
        (f":foreach i in=[{LIST} find]", "only with entries"),
        (f":foreach i j in=[{LIST} find] do={{ {add('a')} }}", "an extra argument"),
        (f":foreach i in=[{LIST} find] do={{ {add('a')} }} else={{ }}", "else= is not supported"),
        (f":if (1 = 1) on-error={{ {add('a')} }}", "on-error= is not supported"),
        (f":if (1 = 1) do={{ {add('a')} }} on-error={{ }}", "on-error= is not supported"),
        (f":if (1 = 1) do={{ }} do={{ {add('a')} }}", "an extra argument"),
        (f":if (1 = 1) else={{ {add('a')} }}", "a condition and do="),
        (f":if (1 = 1) x do={{ {add('a')} }}", "an extra argument"),
        (f":if (1 = 1) do~{{ {add('a')} }}", "an extra argument"),
        (f':if ("false") do={{ {add("a")} }}', "a condition and do="),
        (f":if 1 do={{ {add('a')} }}", "a condition and do="),
        (f":if [{LIST} find] do={{ {add('a')} }}", "a condition and do="),
        (':local a "x" b', "an extra argument"),
        (":local a x do={ }", "an extra argument"),
        (":local a x b=y", "b= is not supported"),
        (":local f do={ :return 1 2 }; $f", "an extra argument"),
        (":local f do={ :return 1 }; $f 2", "an extra argument"),
        (':local n [:len "a" "b"]', "an extra argument"),
        (f'{LIST} add list=a address=192.0.2.1 comment~"a"', "fields of add are not supported"),
        (f"{LIST} add list=a address=192.0.2.1 address=192.0.2.2", "fields of add are not supported"),
        (f"{LIST} remove [find] comment=a", "fields of remove are not supported"),
    ],
)
def test_an_unsupported_statement_is_an_error(script: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        entries(script)


def test_recursion_is_limited() -> None:
    with pytest.raises(ConfigurationError, match="20 deep"):
        entries(":local f do={ $f f=$f }; $f f=$f")


def test_steps_names_and_texts_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "MOST_STEPS", 400)
    with pytest.raises(ConfigurationError, match="exceeds the limit of 400 steps"):
        entries(*(add("x", f"192.0.2.{n}") for n in range(30)), *[f":local a [{LIST} find]"] * 3)
    monkeypatch.undo()
    monkeypatch.setattr(interpreter, "MOST_NAMES", 5)
    with pytest.raises(ConfigurationError, match="more than 5 variables"):
        entries(*(f":local n{n} 1" for n in range(6)))
    with pytest.raises(ConfigurationError, match="more than 65536"):
        entries(':local a "0123456789"', *[":local a ($a . $a)"] * 20)
