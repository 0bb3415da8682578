"""Values of the registry: what stays of earlier renders, and the commands that remove it."""

from perimeter365.targets._bases.registry_values import SUPPORT, Setting, kept, left, remarks, removal, settings

KEY = r"HKEY_CURRENT_USER\Software\Internet Settings\ZoneMap\Domains\sharepoint.com"


def test_what_left_stays_known_until_it_is_set_again() -> None:
    first = kept([(KEY, "https"), (KEY, "http")], [])
    assert first == {f"{KEY} https": 1, f"{KEY} http": 1}
    gone = left(first, [(KEY, "https")])
    assert gone == [(KEY, "http")]
    second = kept([(KEY, "https")], gone)
    assert second == {f"{KEY} https": 1, f"{KEY} http": 0}
    assert left(second, [(KEY, "https")]) == gone
    assert left(second, [(KEY, "http"), (KEY, "https")]) == []


def test_values_of_one_key_are_in_one_section() -> None:
    values = {(KEY, "http"): Setting(data="dword:00000001", comment="row/16"), (KEY, "https"): Setting(data='"2"')}
    assert list(settings(values)) == ["", "; row/16", f"[{KEY}]", '"http"=dword:00000001', '"https"="2"']


def test_only_keys_of_single_hosts_are_removed_and_never_the_switch() -> None:
    host = rf"{KEY}\contoso"
    lines = list(removal([(host, "https"), (KEY, "https"), (KEY, SUPPORT), (host, "http")]))
    assert [line for line in lines if "errorlevel" in line] == [f'if errorlevel 1 reg delete "{host}" /f >nul 2>&1']
    assert sum("/v" in line for line in lines) == 3
    assert not any(SUPPORT in line for line in lines)


def test_a_remark_contains_no_command() -> None:
    assert list(remarks(["Contoso & del *.* | x > y %PATH% ^", ""])) == ["rem Contoso ? del *.* ? x ? y ?PATH? ?", "rem"]
