"""The folder of profiles: a file that is not valid stops nothing else."""

import os
import time
from pathlib import Path

import pytest

from perimeter365.model.cloud import CLOUDS
from perimeter365.web import profiles as module
from perimeter365.web.profiles import Profiles, folder_mark, load_profiles
from perimeter365.web.request import RefusedError
from perimeter365.web.service import Options
from tests.web.servers import Client, in_process

CONTOSO = '[organization]\nname = "Contoso"\nclouds = ["worldwide"]\n'
FABRIKAM = CONTOSO.replace("Contoso", "Fabrikam")
HALF = '[organization]\nname = "Conto'


def put(path: Path, text: str, age: float = 60) -> None:
    """Write a file whose content is so old; its change time is that of now, so only `later` makes it settled."""
    path.write_text(text, "utf-8")
    os.utime(path, (time.time() - age,) * 2)


def load(folder: Path, last: Profiles | None = None, *, later: float = 60) -> Profiles:
    """Read the folder a minute after its last change."""
    return load_profiles(CLOUDS, str(folder), last, now=time.time() + later)


def status(found: Profiles, name: str) -> int:
    try:
        found.find(name)
    except RefusedError as refused:
        return refused.status
    return 200


def test_a_file_that_is_half_written_keeps_its_last_text_and_the_others(tmp_path: Path) -> None:
    put(tmp_path / "contoso.toml", CONTOSO)
    put(tmp_path / "fabrikam.toml", FABRIKAM)
    first = load(tmp_path)
    put(tmp_path / "contoso.toml", HALF)
    second = load(tmp_path, first)
    assert second.find("contoso").name == "Contoso"
    assert second.find("fabrikam").name == "Fabrikam"
    assert second.problems
    put(tmp_path / "contoso.toml", CONTOSO.replace("Contoso", "Contoso Ltd"))
    third = load(tmp_path, second)
    assert third.find("contoso").name == "Contoso Ltd"
    assert not third.problems


def test_a_file_that_was_never_valid_is_503_and_one_that_does_not_exist_404(tmp_path: Path) -> None:
    put(tmp_path / "contoso.toml", HALF)
    put(tmp_path / "fabrikam.toml", FABRIKAM)
    found = load(tmp_path)
    assert [status(found, name) for name in ("contoso", "fabrikam", "nobody")] == [503, 200, 404]


def test_an_unknown_option_of_a_target_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    put(tmp_path / "contoso.toml", CONTOSO)
    first = load(tmp_path)
    put(tmp_path / "contoso.toml", f'{CONTOSO}[targets.pac]\nporxy = "PROXY a:1"\n')
    assert status(load(tmp_path), "contoso") == 503
    assert not load(tmp_path, first).find("contoso").targets


def test_a_known_file_is_read_again_when_it_has_settled(tmp_path: Path) -> None:
    put(tmp_path / "contoso.toml", CONTOSO)
    first = load(tmp_path)
    put(tmp_path / "contoso.toml", FABRIKAM)
    soon = load(tmp_path, first, later=0)
    assert soon.find("contoso").name == "Contoso"
    assert load(tmp_path, soon).find("contoso").name == "Fabrikam"


def test_the_mark_changes_when_a_file_has_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "contoso.toml", CONTOSO)
    before = folder_mark(str(tmp_path))
    now = time.time() + 2
    monkeypatch.setattr("time.time", lambda: now)
    after = folder_mark(str(tmp_path))
    assert before != after == folder_mark(str(tmp_path))


def test_a_file_that_is_removed_is_gone_but_not_all_of_them_at_once(tmp_path: Path) -> None:
    put(tmp_path / "contoso.toml", CONTOSO)
    put(tmp_path / "fabrikam.toml", FABRIKAM)
    first = load(tmp_path)
    (tmp_path / "fabrikam.toml").unlink()
    second = load(tmp_path, first)
    assert [status(second, name) for name in ("contoso", "fabrikam")] == [200, 404]
    (tmp_path / "contoso.toml").unlink()
    third = load(tmp_path, second)
    assert status(third, "contoso") == 200
    assert third.problems
    tmp_path.rmdir()
    fourth = load(tmp_path, third)
    assert status(fourth, "contoso") == 200
    assert fourth.problems


def test_a_folder_that_does_not_exist_is_a_problem_and_not_an_error(tmp_path: Path) -> None:
    found = load(tmp_path / "none")
    assert status(found, "contoso") == 503
    assert found.problems
    assert folder_mark(str(tmp_path / "none")) == folder_mark(str(tmp_path / "none"))


@pytest.mark.parametrize("name", ["Contoso", "con toso", ".hidden", "-x", "a" * 101, "é", "a\nb", "contoso?x", "..x"])
def test_a_name_that_is_not_safe_in_urls_is_not_served(tmp_path: Path, name: str) -> None:
    put(tmp_path / "fabrikam.toml", FABRIKAM)
    put(tmp_path / f"{name}.toml", CONTOSO)
    found = load(tmp_path)
    assert list(found.valid) == ["fabrikam"]
    assert bool(found.problems) == (name[0] != ".")
    assert not any("\n" in text for text in found.details)


@pytest.fixture(params=["loop", "device", "pipe", "folder", "large", "binary", "deep", "dangling"])
def hostile(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "hostile.toml"
    match request.param:
        case "loop":
            path.symlink_to(path.name)
        case "device":
            path.symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "large":
            with path.open("wb") as file:
                file.truncate(1 << 40)
        case "binary":
            path.write_bytes(bytes(range(256)))
        case "deep":
            path.write_text(f"a = {'[' * 9_000}", "utf-8")
        case "dangling":
            path.symlink_to("nowhere")
    put(tmp_path / "contoso.toml", CONTOSO)
    return tmp_path


def test_a_hostile_file_stops_nothing_and_takes_no_time(hostile: Path) -> None:
    start = time.monotonic()
    found = load(hostile)
    assert time.monotonic() - start < 5
    assert [status(found, name) for name in ("contoso", "hostile")] == [200, 503]


def test_a_link_to_a_file_is_followed_as_kubernetes_mounts_files(tmp_path: Path) -> None:
    (tmp_path / "..data").mkdir()
    put(tmp_path / "..data" / "contoso.toml", CONTOSO)
    (tmp_path / "contoso.toml").symlink_to("..data/contoso.toml")
    assert list(load(tmp_path).valid) == ["contoso"]


def test_more_files_than_the_limit_keep_what_was_there(tmp_path: Path) -> None:
    put(tmp_path / "contoso.toml", CONTOSO)
    first = load(tmp_path)
    for number in range(module.MAX_FILES):
        (tmp_path / f"n{number}.toml").touch()
    found = load(tmp_path, first)
    assert list(found.valid) == ["contoso"]
    assert found.problems


def test_all_files_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TOTAL", len(CONTOSO) + 1)
    for name in ("a", "b", "c"):
        put(tmp_path / f"{name}.toml", CONTOSO)
    assert [status(load(tmp_path), name) for name in ("a", "b", "c")] == [200, 200, 503]


def test_what_everyone_can_read_has_no_names_and_no_values(tmp_path: Path) -> None:
    put(tmp_path / "fabrikam.toml", FABRIKAM)
    put(tmp_path / "contoso.toml", '[organization]\nname = "Contoso"\nclouds = ["secret-cloud"]\n')
    put(tmp_path / "Northwind.toml", CONTOSO)
    said: list[str] = []
    with in_process(options=Options(profiles=str(tmp_path)), say=said.append) as client:
        texts = [client.get(path).text.lower() for path in ("/readyz", "/pac/contoso.pac", "/p/contoso/text", "/", "/p/")]
        state = client.get("/readyz").json
    assert not any(word in text for text in texts for word in ("contoso", "secret", "northwind", "fabrikam", "toml:"))
    assert state["status"] == "degraded"
    assert any("line 3, column 11" in text for text in state["problems"])
    assert any("contoso.toml:3:11: unknown cloud 'secret-cloud'" in text for text in said)


def served(client: Client, name: str) -> int:
    return client.get(f"/p/{name}/text").status


def test_the_service_goes_on_with_the_last_text_and_answers_503_after_a_restart(tmp_path: Path) -> None:
    options = Options(profiles=str(tmp_path))
    put(tmp_path / "contoso.toml", CONTOSO)
    put(tmp_path / "fabrikam.toml", FABRIKAM)
    with in_process(options=options) as client:
        put(tmp_path / "contoso.toml", HALF)
        time.sleep(module.SETTLE + 0.1)
        client.load()
        assert [served(client, name) for name in ("contoso", "fabrikam", "nobody")] == [200, 200, 404]
        assert client.get("/readyz").json["status"] == "degraded"
    with in_process(options=options) as client:
        assert [served(client, name) for name in ("contoso", "fabrikam", "nobody")] == [503, 200, 404]
        assert client.get("/version?ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7").status == 200
