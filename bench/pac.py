"""A name without a match: the PAC file against a chain of shExpMatch, in V8.

    python bench/pac.py [ROUNDS]

Goals: at least 500 times as fast, and a file at most 1/2.5 of the size. Both files send every pattern of the Worldwide
list direct (mode `all`). Their answers are compared for names that match each pattern and for similar names. The chain is
the output of common generators: one `shExpMatch(host, "…")` per pattern, joined by `||`, without duplicates. shExpMatch is
implemented as in browsers: each call compiles the pattern to a RegExp and tests it. The files are measured alternately;
the result is the median of the ratios of the rounds (default 7). Misses are measured because most names in a browser miss.
"""

import json
import shutil
import statistics
import subprocess
import sys

from perimeter365 import load_catalog, make_plan, render
from perimeter365.model.area import AREAS
from perimeter365.model.cloud import Cloud
from perimeter365.plan.profile import Profile
from perimeter365.targets import Style

FASTER, SMALLER = 500.0, 2.5
PROXY = "PROXY proxy.example.com:8080"
MISSES = (
    "www.bbc.co.uk",
    "static-3fa9c2.cloudhub12.example",
    "news.ycombinator.com",
    "fonts.gstatic.com",
    "api.github.com",
    "cdn77.datagrid3.net",
    "learn.contoso-x.com",
    "docs.google.com",
    "a.b.c.d.example.org",
    "app.slack.com",
)

ENGINE = r"""
const {files, names, misses, rounds} = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const LIBRARY = String.raw`
  function isPlainHostName(host) { return host.search("\\.") == -1; }
  function shExpMatch(text, glob) {
    var pattern = glob.replace(/\./g, "\\.").replace(/\*/g, ".*").replace(/\?/g, ".");
    return new RegExp("^" + pattern + "$").test(text);
  }
  function round(hosts, calls) {
    for (var i = 0; i < calls; i++) FindProxyForURL("https://host/", hosts[i % hosts.length]);
  }
`;
const made = files.map((file) => new Function(LIBRARY + file + "; return {find: FindProxyForURL, round: round};")());
const time = (one, calls) => {
  const start = process.hrtime.bigint();
  one.round(misses, calls);
  return Number(process.hrtime.bigint() - start) / calls;
};
const calls = [400000, 1000];
made.forEach((one, i) => time(one, calls[i]));
const times = Array.from({length: rounds}, () => made.map((one, i) => time(one, calls[i])));
const answers = made.map((one) => [...names, ...misses].map((name) => one.find("https://" + name + "/", name)));
process.stdout.write(JSON.stringify({times, answers}));
"""


def chain(patterns: list[str]) -> str:
    """Return the PAC file that common generators write."""
    tests = "\n        || ".join(f'shExpMatch(host, "{pattern}")' for pattern in patterns)
    return f"""function FindProxyForURL(url, host)
{{
    var direct = "DIRECT";
    var proxyServer = "{PROXY}";

    host = host.toLowerCase();

    if(isPlainHostName(host))
    {{
        return direct;
    }}

    if({tests})
    {{
        return direct;
    }}

    return proxyServer;
}}
"""


def near(pattern: str) -> list[str]:
    """Return names that match a pattern, and similar names that do not."""
    filled = [pattern.replace("*", part) for part in ("contoso", "a.b", "x")]
    bare = pattern.replace("*.", "").replace("*", "")
    return [*filled, bare, f"evil{bare}", f"{bare}.evil.example", f"x.{bare}", bare.partition(".")[2]]


def main(rounds: int = 7) -> bool:
    """Measure and print the results; return True if the goals are reached.

    Exits if the files give different answers.
    """
    node = shutil.which("node") or sys.exit("pac: node is not installed")
    plan = make_plan(load_catalog(), Profile(clouds=(Cloud.WORLDWIDE,), service_areas=AREAS))
    ours = render(plan, "pac", Style(options={"mode": "all", "proxy": PROXY})).artifacts[0].content.decode()
    patterns = sorted({host.text for flow in plan.flows for host in flow.destination.hosts})
    theirs = chain(patterns)
    names = sorted({name for pattern in patterns for name in near(pattern)})
    request = json.dumps({"files": [ours, theirs], "names": names, "misses": MISSES, "rounds": rounds})
    done = subprocess.run([node, "-e", ENGINE], input=request, check=True, stdout=subprocess.PIPE, text=True)
    result = json.loads(done.stdout)
    mine, other = result["answers"]
    if differ := [n for n, a, b in zip([*names, *MISSES], mine, other, strict=True) if a != b]:
        sys.exit(f"pac: the files give different answers for {', '.join(differ[:5])}")
    if set(mine[-len(MISSES) :]) != {PROXY}:
        sys.exit("pac: a name without a match is sent direct")
    ratio = statistics.median(slow / fast for fast, slow in result["times"])
    size = len(theirs) / len(ours)
    print(
        f"pac miss: {ratio:.0f}× faster than shExpMatch chain (goal ≥ {FASTER:g}×), "
        f"{statistics.median(fast for fast, _ in result['times']):.0f} ns; "
        f"file {len(ours)} bytes, {size:.2f}× smaller (goal ≥ {SMALLER:g}×); "
        f"{len(patterns)} patterns, {len(mine)} names with the same answer"
    )
    return ratio >= FASTER and size >= SMALLER


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
