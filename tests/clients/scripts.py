"""Programs that fetch and use lists: scripts, feed tools, firewalls, load balancers."""

import json
from collections.abc import Mapping
from typing import Any

from tests.clients.program import CLIENT, GUID, Web, program

AREAS = ("Common", "Exchange", "SharePoint", "Skype")


@program
def script_that_compares_versions_with_gt(web: Web) -> None:
    """A PowerShell script: `$version.latest -gt $last` on strings, then the flat lists by category."""
    version = web.ok(f"/version/Worldwide?clientRequestId={GUID}").json
    assert version["instance"] == "Worldwide"
    assert version["latest"] > "0000000000"  # a TypeError for a number
    assert len(version["latest"]) == 10
    sets = web.ok(f"/endpoints/Worldwide?clientRequestId={GUID}").json
    wanted = [s for s in sets if s["category"] in ("Allow", "Optimize")]
    assert [url for s in wanted for url in s.get("urls", [])]
    assert [ip for s in wanted for ip in s.get("ips", []) if "." in ip]


@program
def sample_in_python(web: Web) -> None:
    """A Python script with urllib, which sends `Accept-Encoding: identity`, and joins what it finds to text."""
    headers = {"Accept-Encoding": "identity"}
    version = web.ok(f"/version/Worldwide?clientRequestId={GUID}", headers).json
    last, latest = "0000000000", version["latest"]
    if latest > last:
        lines = []
        for each in web.ok(f"/endpoints/Worldwide?clientRequestId={GUID}", headers).json:
            ips, tcp, udp = each.get("ips", []), each.get("tcpPorts", ""), each.get("udpPorts", "")
            lines.append(each["category"] + "," + ",".join(ips) + "," + tcp + "," + udp)
        assert any("Optimize,13." in line for line in lines)


@program
def script_with_parameters_of_python(web: Web) -> None:
    """A script that passes a dictionary of Python values: `NoIPv6=False` means that it wants IPv6."""
    sets = web.ok(f"/endpoints/Worldwide?{CLIENT}&NoIPv6=False&TenantName=").json
    assert any(":" in ip for s in sets for ip in s.get("ips", []))
    sets = web.ok(f"/endpoints/Worldwide?{CLIENT}&NoIPv6=True&TenantName=").json
    assert not any(":" in ip for s in sets for ip in s.get("ips", []))


@program
def script_that_takes_the_first_instance(web: Web) -> None:
    """A script that asks for all instances with odd parameters, and uses the first one."""
    found = web.ok(f"/version?AllVersions=False&Instance=Worldwide&{CLIENT}").json
    assert isinstance(found, list)
    assert "versions" not in found[0]
    first = found[0]["instance"]
    assert first == "Worldwide"
    assert web.ok(f"/endpoints/{first}?{CLIENT}").json[0]["id"] == 1


@program
def tool_that_asks_for_every_instance(web: Web) -> None:
    """A tool that fetches the list of every instance that /version names."""
    for each in web.ok(f"/version?{CLIENT}").json:
        assert each["latest"].isdigit()
        assert web.ok(f"/endpoints/{each['instance']}?{CLIENT}").json


@program
def script_that_replaces_apostrophes(web: Web) -> None:
    """A script that turns every apostrophe into a quotation mark before it parses."""
    assert json.loads(web.ok(f"/endpoints/worldwide?{CLIENT}").text.replace("'", '"'))


@program
def firewall_with_a_strict_parser(web: Web) -> None:
    """A program in a typed language: each key has one type, null is none of them, and unknown keys are ignored."""
    types: Mapping[str, type] = {
        "id": int,
        "serviceArea": str,
        "serviceAreaDisplayName": str,
        "urls": list,
        "ips": list,
        "tcpPorts": str,
        "udpPorts": str,
        "expressRoute": bool,
        "category": str,
        "required": bool,
        "notes": str,
    }
    sets = web.ok(f"/endpoints/Worldwide?{CLIENT}").json
    for each in sets:
        wrong = {key: each[key] for key in each.keys() & types.keys() if type(each[key]) is not types[key]}
        assert not wrong
        assert {"id", "serviceArea", "expressRoute", "category", "required"} <= each.keys()
        assert all(type(text) is str for key in ("urls", "ips") for text in each.get(key, []))


@program
def script_that_filters_by_area(web: Web) -> None:
    """A script with a table of the four areas; another one is a KeyError."""
    table: dict[str, list[int]] = {area: [] for area in AREAS}
    for each in web.ok(f"/endpoints/Worldwide?{CLIENT}").json:
        table[each["serviceArea"]].append(each["id"])
    assert all(table.values())


@program
def probe_of_the_first_set(web: Web) -> None:
    """A probe that takes the first address of the first set."""
    first = web.ok(f"/endpoints/Worldwide?{CLIENT}").json[0]
    assert first["ips"][0].count(".") == 3


@program
def comparison_of_two_lists(web: Web) -> None:
    """A program that merges an old and a new list by ascending id."""
    ids = [each["id"] for each in web.ok(f"/endpoints/Worldwide?{CLIENT}").json]
    assert ids == sorted(set(ids))


@program
def tool_of_2018_in_capitals(web: Web) -> None:
    """A program that writes everything in capitals, and switches without a value."""
    found = web.ok(
        f"/ENDPOINTS/WORLDWIDE?CLIENTREQUESTID={GUID.upper()}&SERVICEAREAS=EXCHANGE%2CSKYPE&NOIPV6&FORMAT=JSON"
    ).json
    assert {each["serviceArea"] for each in found} == {"Common", "Exchange", "Skype"}
    assert not any(":" in ip for s in found for ip in s.get("ips", []))


@program
def feed_tool_with_words_of_its_own(web: Web) -> None:
    """A feed tool whose instance is `O365Worldwide`, and whose areas are `Any` or `All`."""
    plain = web.ok(f"/endpoints/Worldwide?{CLIENT}").body
    for area in ("Any", "All", "any", ""):
        assert web.ok(f"/endpoints/O365Worldwide?{CLIENT}&ServiceAreas={area}").body == plain


@program
def script_with_slashes_at_the_end(web: Web) -> None:
    """A script that joins paths with slashes, and does not follow redirects."""
    assert isinstance(web.ok(f"/version/?{CLIENT}").json, list)
    assert web.ok(f"/version/worldwide/?{CLIENT}").json["latest"]
    assert web.ok(f"/endpoints/worldwide/?{CLIENT}").json


@program
def script_with_braces(web: Web) -> None:
    """A script whose GUID comes from a registry: with braces, or with a space at the end."""
    for guid in (f"{{{GUID}}}", f"%7B{GUID}%7D", f"{GUID}%20"):
        assert web.ok(f"/version/Worldwide?ClientRequestId={guid}").json["latest"]
        assert web.ok(f"/endpoints/Worldwide?ClientRequestId={guid}").json


@program
def script_with_unknown_parameters(web: Web) -> None:
    """A script that sends parameters of its own, some without a value."""
    plain = web.ok(f"/endpoints/Worldwide?{CLIENT}").body
    assert web.ok(f"/endpoints/Worldwide?Instance=&{CLIENT}&cachebuster=17&TenantName=").body == plain


@program
def intune_script(web: Web) -> None:
    """A script that asks for Intune among all five areas, in an order of its own, and keeps what is Intune's."""
    found = web.ok(f"/endpoints/WorldWide?ServiceAreas=MEM,Skype,Common,SharePoint,Exchange&{CLIENT}").json
    assert {each["serviceArea"] for each in found} <= {*AREAS, "MEM"}
    mem = [each for each in found if each["serviceArea"] == "MEM" and each.get("urls")]
    assert any("manage.microsoft.com" in url for each in mem for url in each["urls"])
    assert all(each["category"] in ("Optimize", "Allow", "Default") for each in mem)
    assert all(type(each["id"]) is int for each in mem)


@program
def load_balancer_script(web: Web) -> None:
    """A script on a load balancer that waits 300 seconds, three times, after any error; here each is one too many."""
    version = web.ok(f"/version/Worldwide?ClientRequestId={GUID}").json["latest"]
    target = f"/endpoints/Worldwide?ClientRequestId={GUID}&TenantName=&NoIPv6=true"
    found = web.ok(target, {"Connection": "close"}).json
    bypass = [url for each in found if each["required"] is True for url in each.get("urls", ())]
    assert len(version) == 10
    assert bypass


@program
def tenant_script(web: Web) -> None:
    """A script that names its tenant, and must not lose the rest of a pattern."""
    plain = web.ok(f"/endpoints/Worldwide?{CLIENT}").json
    own = web.ok(f"/endpoints/Worldwide?{CLIENT}&TenantName=Contoso").json

    def urls(sets: Any) -> set[str]:
        return {url for each in sets for url in each.get("urls", ())}

    assert urls(own) - urls(plain) == {"autodiscover.contoso.onmicrosoft.com"}
    assert urls(plain) - urls(own) == {"autodiscover.*.onmicrosoft.com"}
    assert web.get(f"/endpoints/Worldwide?{CLIENT}&TenantName=a%0D%0Ab").status == 400


@program
def tool_with_the_guid_of_the_documentation(web: Web) -> None:
    """Many installations that all send the GUID of the documentation, at the same time."""
    for _ in range(40):
        assert web.ok(f"/version/Worldwide?ClientRequestId={GUID}").json["latest"]


@program
def germany_script(web: Web) -> None:
    """Scripts that ask for Germany get what the instance is today; the closed cloud has a name of its own."""
    now, closed = (web.ok(f"/endpoints/{name}?{CLIENT}").json for name in ("Germany", "germany-2021"))
    urls = {url for each in closed for url in each.get("urls", ())}
    assert any(url.endswith("microsoftonline.de") for url in urls)
    assert not urls & {url for each in now for url in each.get("urls", ())}
    assert "germany-2021" not in {each["instance"] for each in web.ok(f"/version?{CLIENT}").json}
