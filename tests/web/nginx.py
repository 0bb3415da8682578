"""A real nginx over a published folder.

with nginx(folder) as found: found.get("/version?ClientRequestId=…").headers["etag"]
"""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.consumers import need
from tests.web.servers import START, STOP, Reply, ask, free_port

MAIN = """\
daemon off;
{user}
worker_processes 1;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  include {folder}/nginx.conf;
  server {{
    listen 127.0.0.1:{port};
    include {folder}/nginx-server.conf;
  }}
}}
"""


@dataclass(kw_only=True)
class Nginx:
    """A running nginx."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def get(self, target: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Reply:
        """Send a request in a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=STOP)
        return ask(connection, target, headers, method=method)

    def reload(self) -> None:
        """Take up a changed configuration, as `nginx -s reload`."""
        self.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)


@contextmanager
def nginx(folder: Path) -> Iterator[Nginx]:
    """Run nginx over a published folder, with the configuration in it."""
    program, port = need("nginx"), free_port()
    with TemporaryDirectory(prefix="perimeter365-nginx-") as work:
        conf = Path(work, "nginx.conf")
        user = "user root;" if os.geteuid() == 0 else ""
        conf.write_text(MAIN.format(user=user, work=work, folder=folder, port=port), "utf-8")
        words = [str(program), "-c", str(conf), "-p", work]
        tested = subprocess.run([*words, "-t"], capture_output=True, text=True, timeout=STOP)
        assert tested.returncode == 0, tested.stderr
        assert "[warn]" not in tested.stderr, tested.stderr
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        found = Nginx(process=process, port=port, log=Path(work, "error.log"))
        try:
            end = time.monotonic() + START
            while True:
                try:
                    found.get("/")
                    break
                except OSError:
                    assert process.poll() is None, found.log.read_text("utf-8")
                    assert time.monotonic() < end
                    time.sleep(0.02)
            yield found
        finally:
            process.terminate()
            process.wait(STOP)
