"""Registry.pol files, read by Samba as an independent implementation.

    unpack(data)        [Entry(key="Software/…/ZoneMapKey", name="https://*.sharepoint.com", kind=1, data="2"), …]

(with backslashes in the key)

Kinds are the Windows numbers: 1 text, 2 text with variables, 3 bytes, 4 a 32-bit number, 7 several texts.
"""

import base64
import json
import subprocess
from dataclasses import dataclass

from tests.consumers import need
from tests.consumers.refusal import Refused

PROGRAM = """
import base64, json, sys
from samba.dcerpc import preg
from samba.ndr import ndr_unpack

data = base64.b64decode(sys.stdin.read())
try:
    read = ndr_unpack(preg.file, data)
except Exception as error:
    print(json.dumps({"refused": str(error)}))
    sys.exit()
rows = []
for entry in read.entries:
    value = entry.data
    if isinstance(value, bytes):
        value = {"hex": value.hex()}
    rows.append([entry.keyname, entry.valuename, entry.type, value])
print(json.dumps({"signature": read.header.signature, "version": read.header.version, "rows": rows}))
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An instruction of a Registry.pol."""

    key: str
    name: str
    kind: int
    data: str | int | bytes


def unpack(content: bytes) -> list[Entry]:
    """Return the entries of a Registry.pol in order.

    Raises `Refused` if Samba cannot read the whole file.
    """
    done = subprocess.run(
        [need("samba"), "-c", PROGRAM],
        input=base64.b64encode(content).decode(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise Refused(f"samba: {answer['refused']}")
    if (answer["signature"], answer["version"]) != ("PReg", 1):
        raise Refused(f"samba: the file starts with {answer['signature']!r}, version {answer['version']}")
    return [
        Entry(key, name, kind, bytes.fromhex(data["hex"]) if isinstance(data, dict) else data)
        for key, name, kind, data in answer["rows"]
    ]
