"""`config show`: the origin of each value."""

import json

import pytest

from tests.cli.conftest import Cli


def settings(cli: Cli, *words: str) -> dict[str, tuple[str, str]]:
    ran = cli(*words, "config", "show", "--json")
    assert ran.code == 0, ran.err
    return {s["setting"]: (s["value"], s["from"]) for s in json.loads(ran.out)}


def test_a_default_a_variable_and_a_flag_are_distinguished(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_COLOR", "never")
    monkeypatch.setenv("PERIMETER365_PLAN_FORMAT", "json")
    monkeypatch.setenv("PERIMETER365_LOOKUP_CLOUD", "china dod")
    found = settings(cli, "--quiet")
    assert found["quiet"] == ("yes", "flag")
    assert found["color"] == ("never", "env")
    assert found["catalog"] == ("", "default")
    assert found["plan.format"] == ("json", "env")
    assert found["plan.strict"] == ("", "default")
    assert found["lookup.cloud"] == ("china dod", "env")
    assert found["render.output"] == ("out", "default")


def test_a_flag_after_the_command_is_read(cli: Cli) -> None:
    shown = {s["setting"]: s for s in json.loads(cli("config", "show", "--json", "--color", "always").out)}
    assert shown["color"] == {"setting": "color", "value": "always", "from": "flag", "variable": "PERIMETER365_COLOR"}


def test_a_misspelled_variable_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_PLAN_FORMT", "json")
    monkeypatch.setenv("PERIMETER365_DEBUG", "1")
    err = cli("config", "show").err
    assert "no option reads PERIMETER365_PLAN_FORMT; did you mean PERIMETER365_PLAN_FORMAT?" in err
    assert "DEBUG" not in err


def test_the_table_has_the_same_settings(cli: Cli) -> None:
    lines = cli("config", "show").out.splitlines()[2:]
    assert [line.split()[0] for line in lines] == list(settings(cli))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgresql://u:s3cret@h/d", "postgresql://u:…@h/d"),
        ("postgresql://u:s3c@ret@h/d", "postgresql://u:…@h/d"),
        ("postgresql://u@h/d?sslmode=require&password=s3cret", "postgresql://u@h/d?sslmode=require&password=…"),
        ("mysql://u:s3cret@h/d", "mysql://u:…@h/d"),
        ("/var/lib/m365:a@b/store.sqlite", "/var/lib/m365:a@b/store.sqlite"),
    ],
)
def test_a_password_in_an_address_is_not_shown(given: str, shown: str, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_STORE", given)
    monkeypatch.setenv("PERIMETER365_SYNC_FROM", given)
    assert settings(cli)["store"] == (shown, "env")
    assert settings(cli)["sync.from"] == (shown, "env")
    assert "s3c" not in cli("--store", given, "config", "show").out


def test_some_settings_can_be_named(cli: Cli) -> None:
    lines = cli("config", "show", "plan.format", "store").out.splitlines()[2:]
    assert [line.split()[0] for line in lines] == ["store", "plan.format"]
    ran = cli("config", "show", "plan.fromat")
    assert (ran.code, "did you mean 'plan.format'?" in ran.err) == (2, True)


def test_a_secret_that_is_not_set_is_empty(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(cli)["notify.to"] == ("", "default")
    monkeypatch.setenv("PERIMETER365_NOTIFY", "json://user:secret@127.0.0.1/")
    assert settings(cli)["notify.to"] == ("(not shown)", "env")
