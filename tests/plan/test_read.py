"""Parsing profiles: problems of every kind, with their places."""

from pathlib import Path

import pytest

from perimeter365.errors import ProfileError
from perimeter365.plan._problem import PROBLEMS, Problem
from perimeter365.plan.profile import MAX_BYTES, load_profile, parse_profile

RIGHT = '[organization]\nclouds = ["worldwide"]\n'


def problems(text: str) -> list[Problem]:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "contoso.toml")
    found = [p for p in caught.value.problems if isinstance(p, Problem)]
    assert len(found) == len(caught.value.problems) > 0
    assert all(p.code in PROBLEMS for p in found)
    assert all(str(p).split("\n")[0] in str(caught.value) for p in found)
    return found


def only(text: str) -> Problem:
    (found,) = problems(text)
    return found


def marked(problem: Problem) -> str:
    """Return the text that the problem marks."""
    return problem.source_line[problem.column - 1 : problem.column - 1 + problem.length]


@pytest.mark.parametrize(
    ("lines", "code", "mark", "message", "help"),
    [
        ("[organisation]", "unknown-key", "organisation", "unknown key 'organisation'", "did you mean 'organization'?"),
        ("[role]\nx = 1", "unknown-key", "role", "unknown key 'role'", "did you mean 'roles'?"),
        ("[zzz]", "unknown-key", "zzz", "unknown key 'zzz'", ""),
        (
            "[select]\nscenario = []",
            "unknown-key",
            "scenario",
            "unknown key 'scenario' in [select]",
            "did you mean 'scenarios'?",
        ),
        (
            "[select]\ntenant = 'a'",
            "unknown-key",
            "tenant",
            "unknown key 'tenant' in [select]",
            "it belongs under [organization]",
        ),
        (
            "[select]\nscenarios = ['mailbox-migraton']",
            "unknown-name",
            "'mailbox-migraton'",
            "unknown scenario 'mailbox-migraton'",
            "did you mean 'mailbox-migration'?",
        ),
        (
            "[select]\nservice_areas = ['Teams']",
            "unknown-name",
            "'Teams'",
            "unknown service area 'Teams'",
            "did you mean 'teams'?",
        ),
        (
            "[select]\ncategories = ['optimise']",
            "unknown-name",
            "'optimise'",
            "unknown category 'optimise'",
            "did you mean 'optimize'?",
        ),
        ("[select]\ngraph_sources = 'both'", "unknown-name", "'both'", "unknown value of graph_sources 'both'", ""),
        (
            "[roles]\nmrs-prxoy = ['192.0.2.1']",
            "unknown-name",
            "mrs-prxoy",
            "unknown role 'mrs-prxoy'",
            "did you mean 'mrs-proxy'?",
        ),
        (
            "[roles]\ninternet = ['192.0.2.1']",
            "unknown-name",
            "internet",
            "role 'internet' means anyone",
            "come from the catalog",
        ),
        (
            "[roles]\nsbc = ['10.0.0.1/8']",
            "bad-value",
            "'10.0.0.1/8'",
            "'10.0.0.1/8' has host bits set",
            "did you mean 10.0.0.0/8?",
        ),
        ("[roles]\nsbc = ['0.0.0.0/0']", "never", "'0.0.0.0/0'", "'0.0.0.0/0' is all or half of IPv4", "write your own"),
        ("[roles]\nsbc = ['127.0.0.1']", "never", "'127.0.0.1'", "loopback", "network sees"),
        (
            "[roles]\nsbc = '192.0.2.1'",
            "wrong-type",
            "'192.0.2.1'",
            "sbc is a string, not a list of strings",
            'write sbc = ["192.0.2.1"]',
        ),
        ("[roles]\nsbc = ['192.0.2.1', 5]", "wrong-type", "5", "sbc contains a number, not a string in quotes", ""),
        ("[roles]\nsbc = [['192.0.2.1']]", "wrong-type", "['192.0.2.1']", "sbc contains a list", ""),
        (
            "[roles]\nsbc = ['192.0.2.1', '192.0.2.1/32']",
            "duplicate",
            "'192.0.2.1/32'",
            "'192.0.2.1/32' is listed twice",
            "line 4",
        ),
        ("[roles]\nsbc = ['A.contoso.com', 'a.contoso.com.']", "duplicate", "'a.contoso.com.'", "listed twice", "line 4"),
        (
            "[select]\nscenarios = ['row/6', 'mailbox-migration']",
            "duplicate",
            "'mailbox-migration'",
            "listed twice",
            "line 4",
        ),
        ("[select]\ncategories = []", "bad-value", "[]", "categories is empty", "service_areas = []"),
        ("[select]\nipv6 = 'yes'", "wrong-type", "'yes'", "ipv6 is a string, not true or false", ""),
        ("[select]\nipv6 = 1", "wrong-type", "1", "ipv6 is a number, not true or false", ""),
        ("[select]\nrequired_only = [true]", "wrong-type", "[true]", "required_only is a list", ""),
        ("[select]\ngraph_sources = 2025-01-08", "wrong-type", "2025-01-08", "graph_sources is a date or time", ""),
        ("[[select]]\nipv6 = true", "wrong-type", "select", "select is a list, not a table", "write [select]"),
        ("roles.sbc.x = 1", "unknown-key", "roles", "unknown key 'roles' in [organization]", ""),
    ],
)
def test_each_problem_has_its_place(lines: str, code: str, mark: str, message: str, help: str) -> None:
    problem = only(RIGHT + lines)
    assert (problem.code, marked(problem)) == (code, mark)
    assert message in problem.message
    assert help in problem.remedy
    assert problem.line >= 3
    assert f"contoso.toml:{problem.line}:{problem.column}: " in str(problem)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("[]", "bad-value"),
        ("['wordlwide']", "unknown-name"),
        ("'worldwide'", "wrong-type"),
        ("['dod', 'dod']", "duplicate"),
        ("['USGovDoD']", "unknown-name"),
    ],
)
def test_clouds_are_a_list_of_clouds(value: str, code: str) -> None:
    problem = only(f"[organization]\nclouds = {value}\n")
    assert (problem.code, problem.line) == (code, 2)


@pytest.mark.parametrize("text", ["", "# nothing\n", "[organization]\nname = 'Contoso'\n", "[select]\nipv6 = true\n"])
def test_a_cloud_is_needed(text: str) -> None:
    problem = only(text)
    assert problem.code == "missing"
    assert 'clouds = ["worldwide"]' in problem.remedy


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", "'a\\u202eb'"), ("tenant", "'contoso.onmicrosoft.com'"), ("email_domains", "['bücher.example']")],
)
def test_the_organization_is_checked(key: str, value: str) -> None:
    quoted = value.replace("'", '"')
    problem = only(f"{RIGHT}{key} = {quoted}")
    assert (problem.code, problem.line) == ("bad-value", 3)
    assert problem.remedy


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = """\
[roles]
mrs-prxoy = ["203.0.113.10"]
sbc = [
  "10.0.0.1/8",   # one
  "a b",
]
[organization]
clouds = ["wordlwide"]
tenat = "contoso"
"""
    found = problems(text)
    assert [(p.line, p.column, p.code) for p in found] == [
        (2, 1, "unknown-name"),
        (4, 3, "bad-value"),
        (5, 3, "bad-value"),
        (8, 11, "unknown-name"),
        (9, 1, "unknown-key"),
    ]


def test_the_message_is_as_documented() -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(RIGHT + "[roles]\nmrs-prxoy = []\nsbcc = []\n", "contoso.toml")
    lines = str(caught.value).split("\n")
    assert lines[:4] == [
        "contoso.toml:4:1: unknown role 'mrs-prxoy'",
        "  4 | mrs-prxoy = []",
        "    | ^^^^^^^^^",
        "  help: did you mean 'mrs-proxy'?",
    ]
    assert lines[4].startswith("  allowed: client, ")
    assert lines[5] == "contoso.toml:5:1: unknown role 'sbcc'"
    assert str(caught.value).count("allowed:") == 1


def test_of_a_thousand_problems_fifty_are_shown() -> None:
    text = RIGHT + "[roles]\n" + "".join(f"x{n} = []\n" for n in range(1000))
    with pytest.raises(ProfileError) as caught:
        parse_profile(text)
    assert len(caught.value.problems) == 1000
    assert str(caught.value).endswith("… and 950 more problems")
    assert len(str(caught.value).split("\n")) < 220


def test_parts_of_a_role_that_sum_to_half_of_a_family_are_rejected() -> None:
    # Each part is valid on its own; between them is loopback, link-local or multicast space.
    text = (
        RIGHT
        + '[roles]\nclient = ["2000::/3", "4000::/2", "1000::/4", "800::/5", "400::/6", "200::/7", "100::/8"]\nsbc = []'
    )
    found = parse_profile(text).roles["client"].prefixes
    assert found.size(6) == (1 << 127) - (1 << 120)
    problem = only(
        RIGHT + '[roles]\nclient = ["8000::/2", "c000::/3", "e000::/4"]'.replace('"e000::/4"', '"e000::/4", "c000::/2"')
    )
    assert problem.code == "never"


@pytest.mark.parametrize(
    ("text", "line", "column", "help"),
    [
        ("[organization]\nclouds = [worldwide]\n", 2, 11, "quotes"),
        ("[organization\n", 1, 14, ""),
        ("a = 1\na = 2\n", 2, 6, "once"),
        ("clouds worldwide\n", 1, 8, ""),
        ("a = '\x00'", 1, 6, ""),
        ("\x1b[31m", 1, 1, "comment"),
    ],
)
def test_an_error_of_toml_is_one_problem_with_its_place(text: str, line: int, column: int, help: str) -> None:
    problem = only(text)
    assert (problem.code, problem.line, problem.column) == ("syntax", line, column)
    assert problem.remedy
    assert problem.message.startswith("not TOML: ")
    assert help in problem.remedy


def test_an_error_without_a_place_is_a_clean_error() -> None:
    problem = only("a = " + "[" * 5000)
    assert (problem.code, problem.line) == ("syntax", 0)
    assert "perimeter365 init" in problem.remedy


def test_the_example_is_valid() -> None:
    profile = load_profile(Path(__file__).parents[2] / "examples" / "contoso.toml")
    assert profile.name == "Contoso"
    assert profile.roles["mrs-proxy"].hosts[0].text == "mrs.contoso.com"


# -- files -------------------------------------------------------------------------------------------------


def of_file(path: Path) -> Problem:
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    (found,) = caught.value.problems
    assert isinstance(found, Problem)
    assert found.file == str(path)
    return found


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "contoso.toml"
    path.write_bytes(content)
    return path


def test_a_byte_order_mark_and_crlf_are_fine(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())
    assert load_profile(path) == load_profile(str(path)) == parse_profile(RIGHT)


def test_a_missing_file_comes_with_the_command_that_writes_one(tmp_path: Path) -> None:
    problem = of_file(tmp_path / "contoso.toml")
    assert (problem.code, problem.line) == ("unreadable", 0)
    assert "does not exist" in problem.message
    assert "perimeter365 init" in problem.remedy


def test_a_folder_is_not_a_profile(tmp_path: Path) -> None:
    assert "folder" in of_file(tmp_path).message


def test_a_path_under_a_file_is_a_clean_error(tmp_path: Path) -> None:
    assert of_file(written(tmp_path, b"") / "x.toml").code == "unreadable"


def test_a_file_that_is_too_large_is_not_read_in_full(tmp_path: Path) -> None:
    assert "bytes" in of_file(written(tmp_path, b"#" * (MAX_BYTES + 1))).message
    with pytest.raises(ProfileError, match="clouds is missing"):
        load_profile(written(tmp_path, b"#" * MAX_BYTES))


def test_bytes_that_are_not_utf_8_have_a_place(tmp_path: Path) -> None:
    problem = of_file(written(tmp_path, RIGHT.encode() + 'name = "é'.encode() + b'\xfcber"\n'))
    assert (problem.code, problem.line, problem.column) == ("unreadable", 3, 10)
    assert "0xFC" in problem.message
    assert "UTF-8" in problem.remedy


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf_16_is_named(tmp_path: Path, coding: str) -> None:
    problem = of_file(written(tmp_path, ("\ufeff" if coding != "utf-16" else "").encode(coding) + RIGHT.encode(coding)))
    assert "UTF-16" in problem.message
    assert problem.remedy == "save it as UTF-8"


@pytest.mark.parametrize(
    "content", [b"\x00" * 100, RIGHT.encode("utf-16-le"), b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20]
)
def test_other_files_are_clean_errors(tmp_path: Path, content: bytes) -> None:
    assert of_file(written(tmp_path, content)).code in ("syntax", "unreadable")


# -- [effective] -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code", "mark", "message", "help"),
    [
        ("grace = -1", "bad-value", "-1", "-1 is not a grace time", "write 0 to 3650 days; 0 removes entries at once"),
        ("grace = { allow = 4000 }", "bad-value", "4000", "4000 is not", "write 0 to 3650 days; 0 removes entries at once"),
        (
            f"grace = 0x{'f' * 5000}",
            "bad-value",
            f"0x{'f' * 5000}",
            "this number is not a grace time",
            "write 0 to 3650 days",
        ),
        ("grace = 1.5", "wrong-type", "1.5", "grace is a number, not a whole number of days", ""),
        ("grace = true", "wrong-type", "true", "grace is true or false, not a whole", ""),
        ('grace = { allow = "30" }', "wrong-type", '"30"', "allow is a string, not a whole number of days", ""),
        ("grace = { optimise = 1 }", "unknown-name", "optimise", "unknown category 'optimise'", "did you mean 'optimize'?"),
        ("ahead = 1", "wrong-type", "1", "ahead is a number, not true or false", ""),
        ("ahed = true", "unknown-key", "ahed", "unknown key 'ahed' in [effective]", "did you mean 'ahead'?"),
        ("ipv6 = true", "unknown-key", "ipv6", "unknown key 'ipv6' in [effective]", "it belongs under [select]"),
    ],
)
def test_invalid_effective_dates_have_their_place(line: str, code: str, mark: str, message: str, help: str) -> None:
    problem = only(f"{RIGHT}[effective]\n{line}\n")
    assert (problem.line, problem.code, marked(problem)) == (4, code, mark)
    assert problem.message.startswith(message)
    assert problem.remedy.startswith(help)
