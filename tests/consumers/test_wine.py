"""Wine: the registry, the zones that follow it, and jsproxy, which is ES3 only."""

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

# The first start of a prefix takes 7 s, or much longer on a busy machine.
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


def test_the_registry_returns_the_imported_values(wine: Wine) -> None:
    wine.reg_import(reg(KEY + r"\*.example", '@="default"', '"http s"=dword:00000002', '"q"="a \\\\ \\"b\\""', '"e"=""'))
    assert wine.reg_query(KEY) == {
        KEY + r"\*.example": {
            "(Default)": Value("REG_SZ", "default"),
            "http s": Value("REG_DWORD", "0x2"),
            "q": Value("REG_SZ", 'a \\ "b"'),
            "e": Value("REG_SZ", ""),
        }
    }


def test_an_invalid_number_is_skipped_silently_and_detected_by_a_query(wine: Wine) -> None:
    wine.reg_import(reg(KEY, '"bad"=dword:zz', '"good"=dword:1'))
    assert wine.reg_query(KEY) == {KEY: {"good": Value("REG_DWORD", "0x1")}}


def test_a_file_in_another_format_is_rejected(wine: Wine) -> None:
    with pytest.raises(Refused, match="reg import"):
        wine.reg_import(b"[HKEY_CURRENT_USER\\Software\\Contoso]\r\n")


def test_an_invalid_key_is_rejected_and_a_missing_key_is_empty(wine: Wine) -> None:
    assert wine.reg_query(KEY) == {}
    with pytest.raises(Refused, match="Invalid"):
        wine.reg_query(r"NOWHERE\Software")


def test_a_zone_follows_the_registry_and_a_reset_restores_it(wine: Wine) -> None:
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
def test_jsproxy_rejects_features_of_newer_engines(jsproxy: Wine, statement: str) -> None:
    newer = f'function FindProxyForURL(url, host) {{ {statement} return "DIRECT"; }}'
    assert by_node(newer, QUESTIONS[:1]) == by_pacparser(newer, QUESTIONS[:1]) == ["DIRECT"]
    with pytest.raises(Refused):
        jsproxy.pac(newer, QUESTIONS[:1])


def test_jsproxy_rejects_a_file_without_the_function(jsproxy: Wine) -> None:
    with pytest.raises(Refused):
        jsproxy.pac("var x = 1;", QUESTIONS[:1])


def test_the_prefix_of_a_run_that_was_killed_is_deleted_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared_wine(clean=False)  # skips without Wine; its folder is in the real temporary folder
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = tmp_path / f"{PREFIX}-{gone.pid}-x"
    left.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Wine, "_run", lambda *_, **__: (_ for _ in ()).throw(Refused("no start")))
    with pytest.raises(Refused, match="no start"):
        Wine()
    assert not list(tmp_path.iterdir()), "both the old folder and the new one, whose start failed, are deleted"
