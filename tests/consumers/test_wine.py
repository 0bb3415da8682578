"""Wine: the registry keeps what was imported, zones follow it, and jsproxy is the engine that knows ES3 only."""

import subprocess
from pathlib import Path

import pytest

from tests.consumers import need
from tests.consumers.pac import by_node, by_pacparser
from tests.consumers.refusal import Refused
from tests.consumers.test_pac import PAC, QUESTIONS, ROUTES
from tests.consumers.wine import PREFIX, Value, Wine, Zone, shared_wine

KEY = r"HKEY_CURRENT_USER\Software\Contoso"
DOMAINS = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings\ZoneMap\Domains"

# The first start of a prefix takes 7 s, on a busy machine much longer.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def wine() -> Wine:
    return shared_wine()


@pytest.fixture
def jsproxy() -> Wine:
    need("mingw")
    return shared_wine(clean=False)


def reg(key: str, *values: str) -> str:
    return "\r\n".join(["Windows Registry Editor Version 5.00", "", f"[{key}]", *values, ""])


def test_the_registry_gives_back_what_was_imported(wine: Wine) -> None:
    wine.reg_import(reg(KEY + r"\*.example", '@="default"', '"http s"=dword:00000002', '"q"="a \\\\ \\"b\\""', '"e"=""'))
    assert wine.reg_query(KEY) == {
        KEY + r"\*.example": {
            "(Default)": Value("REG_SZ", "default"),
            "http s": Value("REG_DWORD", "0x2"),
            "q": Value("REG_SZ", 'a \\ "b"'),
            "e": Value("REG_SZ", ""),
        }
    }


def test_a_bad_number_is_skipped_in_silence_and_noticed_by_querying_back(wine: Wine) -> None:
    wine.reg_import(reg(KEY, '"bad"=dword:zz', '"good"=dword:1'))
    assert wine.reg_query(KEY) == {KEY: {"good": Value("REG_DWORD", "0x1")}}


def test_a_file_that_is_no_registry_file_is_refused(wine: Wine) -> None:
    with pytest.raises(Refused, match="reg import"):
        wine.reg_import(b"[HKEY_CURRENT_USER\\Software\\Contoso]\r\n")


def test_a_key_that_is_none_is_refused_and_one_that_is_not_there_is_empty(wine: Wine) -> None:
    assert wine.reg_query(KEY) == {}
    with pytest.raises(Refused, match="Invalid"):
        wine.reg_query(r"NOWHERE\Software")


def test_a_zone_follows_the_registry_and_a_reset_takes_it_back(wine: Wine) -> None:
    urls = [
        "https://contoso.sharepoint.com/",
        "https://sharepoint.com/",
        "http://contoso.sharepoint.com/",
        "https://sharepoint.com.example/",
    ]
    assert set(wine.zones(urls).values()) == {Zone.INTERNET}
    wine.reg_import(reg(DOMAINS + r"\sharepoint.com", '"https"=dword:00000002'))
    assert list(wine.zones(urls).values()) == [Zone.TRUSTED, Zone.TRUSTED, Zone.INTERNET, Zone.INTERNET]
    wine.reset()
    assert set(wine.zones(urls).values()) == {Zone.INTERNET}


def test_jsproxy_answers_every_question_in_order(jsproxy: Wine) -> None:
    assert jsproxy.pac(PAC, QUESTIONS) == list(ROUTES.values())


@pytest.mark.parametrize(
    "statement",
    [
        "let x = 1;",
        "var f = (x) => x;",
        "[1].map(function (x) { return x; });",
        "JSON.stringify(1);",
        "var o = {a: 1,};",
        '"ab"[0].length;',
        "Object.keys({});",
    ],
    ids=["let", "arrow", "map", "JSON", "trailing comma", "index of text", "keys"],
)
def test_jsproxy_refuses_what_newer_engines_accept(jsproxy: Wine, statement: str) -> None:
    newer = f'function FindProxyForURL(url, host) {{ {statement} return "DIRECT"; }}'
    assert by_node(newer, QUESTIONS[:1]) == by_pacparser(newer, QUESTIONS[:1]) == ["DIRECT"]
    with pytest.raises(Refused):
        jsproxy.pac(newer, QUESTIONS[:1])


def test_jsproxy_refuses_a_file_without_the_function(jsproxy: Wine) -> None:
    with pytest.raises(Refused):
        jsproxy.pac("var x = 1;", QUESTIONS[:1])


def test_the_prefix_of_a_run_that_was_killed_is_deleted_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared_wine(clean=False)  # skips without Wine; its own folder, in the real temporary folder, is not in the way
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = tmp_path / f"{PREFIX}-{gone.pid}-x"
    left.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Wine, "_run", lambda *_, **__: (_ for _ in ()).throw(Refused("no start")))
    with pytest.raises(Refused, match="no start"):
        Wine()
    assert not list(tmp_path.iterdir()), "neither the old folder nor the new one, whose start failed, is left"
