"""nginx as docs/deployment.md configures it, before processes that are killed."""

from __future__ import annotations

import shutil
import socket
import tempfile
from pathlib import Path

from scripts import deployment, machine
from tests.durability.processes import Process, Server, free_port, wait_for


class Nginx(Process):
    """One server at a port of its own for each process, which the others stand in for.

    So a test decides where somebody is, and nginx decides where they go when that process is away.
    """

    def __init__(self, path: str, processes: list[Server]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="atencion-nginx-"))
        self.urls = []
        servers = []
        for number, own in enumerate(processes):
            port = free_port()
            self.urls.append(f"http://127.0.0.1:{port}")
            others = [server.port for server in processes if server is not own]
            servers.append(
                deployment.plain_server(
                    self.folder,
                    name=f"mysite{number}",
                    port=port,
                    processes=[own.port],
                    stand_in=others,
                )
            )
        configuration = self.folder / "nginx.conf"
        configuration.write_text(deployment.nginx_main(self.folder, "\n".join(servers)))
        super().__init__(path, "-c", str(configuration), "-e", str(self.folder / "error.log"))

    @staticmethod
    def path() -> str | None:
        return machine.installed_nginx()

    def wait(self) -> None:
        port = int(self.urls[-1].rpartition(":")[2])
        wait_for(lambda: self.is_dead() or _answers(port), "nginx did not start")
        assert not self.is_dead(), self.tail()

    def close(self) -> None:
        """Its workers outlive a master that is killed: it is asked to end, and ends them."""
        self.stop()
        super().close()
        shutil.rmtree(self.folder)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
