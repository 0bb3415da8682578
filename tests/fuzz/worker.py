"""Run a fuzzer with atheris: `python -m tests.fuzz.worker NAME FOLDER OPTION...`."""

import importlib
import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

name, folder = sys.argv[1], Path(sys.argv[2])
with atheris.instrument_imports(include=["perimeter365"]):
    target = importlib.import_module(f"tests.fuzz.{name}")
    seeds = target.seeds()  # also instruments the lazy imports of the parser

corpus = folder / "corpus"
corpus.mkdir(parents=True, exist_ok=True)
for number, seed in enumerate(seeds):
    (corpus / f"seed-{number:03}").write_bytes(seed)
words = folder / "words"
words.write_text(
    "".join('"' + "".join(f"\\x{b:02x}" for b in w.encode("utf-8", "surrogatepass")) + '"\n' for w in target.WORDS)
)
largest = max(4096, 2 * max(map(len, seeds)))
options = [
    f"-dict={words}",
    f"-max_len={largest}",
    f"-artifact_prefix={folder}/",
    "-timeout=20",
    "-rss_limit_mb=2048",
    "-print_final_stats=1",
]
atheris.Setup([sys.argv[0], str(corpus), *options, *sys.argv[3:]], target.check)
atheris.Fuzz()
