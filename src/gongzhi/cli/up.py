"""`gongzhi up`: database, migrations, then web, lane and worker behind one port, until SIGTERM or Ctrl-C."""

import argparse
import http.client
import os
import sys
import time

from gongzhi.cli import opening
from gongzhi.cli.child import Child
from gongzhi.cli.supervisor import Database, Supervisor
from gongzhi.installation import (
    cluster,
    database,
    instance,
    keys,
    postgres,
)
from gongzhi.installation.home import Home, check_space, home, open_modes

_READY_SECONDS_MAX = 60.0
WEB = "gongzhi.config.wsgi:application"
WEB_THREADS = "8"  # of each process, with a database connection for each
LANE = "gongzhi.lane.app:application"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("PORT") or 8000),
        help="端口 · the one public port (PORT)",
    )
    parser.add_argument(
        "--bind",
        default=os.environ.get("GONGZHI_BIND", "127.0.0.1"),
        help="监听地址 · address to listen on (GONGZHI_BIND)",
    )
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=os.environ.get("GONGZHI_DEMO") == "1",
        help="演示区：种入示例数据，可一键登录 · demo district with one-click sign-in; never for real data",
    )


def run(options: argparse.Namespace) -> int:
    """Blocks until told to stop; 0 after an orderly stop."""
    os.environ["GONGZHI_DEMO"] = "1" if options.demo else "0"
    os.environ["PORT"] = str(options.port)
    place = home().prepare()
    os.environ["GONGZHI_HOME"] = str(place.path)
    address = f"http://{'localhost' if options.bind in ('0.0.0.0', '127.0.0.1', '::') else options.bind}:{options.port}/"  # noqa: S104
    held = instance.Instance(place, address)
    instance.check_socket_length(place, cluster.SOCKET_PATH_MAX)
    check_space(place)
    held.end_orphans()
    instance.check_port(options.bind, options.port)
    ring = keys.keyring(place)
    for path in open_modes(place):
        say(f"注意：{path} 对其他用户开放，请执行 chmod go-rwx · readable by others: {path}")
    embedded = None if database.url() else Database(postgres.create(place, ring))
    supervisor = Supervisor(
        children=children(place, bind=options.bind, port=options.port),
        database=embedded,
        instance=held,
        say=say,
    )
    with supervisor.signals() as reader:
        try:
            opening.answer(place, embedded, say)
            opening.settle(place, ring, demo=options.demo, say=say, go_on=lambda: supervisor.go_on(reader))
            if not supervisor.stopping:
                supervisor.start()
            _announce(supervisor, reader, options.bind, options.port, address)
            while not supervisor.stopping:
                supervisor.look()
                supervisor.wait(reader)
            say("正在停止 · stopping")
        finally:
            supervisor.stop()
    return 0


def say(line: str) -> None:
    print(line, flush=True)


def web_processes() -> int:
    """GONGZHI_WEB_PROCESSES, else one for each processor up to two: pages are drawn on one processor at a time."""
    given = os.environ.get("GONGZHI_WEB_PROCESSES", "")
    return max(1, int(given)) if given.isdecimal() else min(2, os.cpu_count() or 1)


def children(place: Home, *, bind: str, port: int) -> list[Child]:
    """Web (in one or more processes), lane and worker. Stale sockets are removed before each start."""
    granian = [sys.executable, "-m", "granian", "--log-level", "warning", "--no-ws"]
    socket = place.run / "web.sock"
    web = [
        "--interface",
        "wsgi",
        "--workers",
        str(web_processes()),
        "--uds",
        str(socket),
        "--uds-permissions",
        "0600",  # with the nought: without it the number is read as decimal
        "--blocking-threads",
        WEB_THREADS,
    ]
    lane = ["--interface", "asgi", "--workers", "1", "--loop", "uvloop", "--host", bind, "--port", str(port)]
    queues = ["--backlog", "8192", "--backpressure", "8192"]
    programs = {
        "web": (
            [*granian, *web, "--backlog", "2048", "--backpressure", "256", WEB],
            WEB_THREADS,
        ),
        "lane": ([*granian, *lane, *queues, LANE], "0"),
        "worker": ([sys.executable, "-m", "gongzhi.cli.main", "worker"], "0"),
    }
    return [
        Child(
            name=name,
            command=command,
            environment={"GONGZHI_PROCESS": name, "GONGZHI_DB_ROLE": "app", "GONGZHI_DB_POOL": pool},
            log=place.log / f"{name}.log",
            stale=(socket,) if name == "web" else (),
        )
        for name, (command, pool) in programs.items()
    ]


def _announce(supervisor: Supervisor, reader: int, bind: str, port: int, address: str) -> None:
    """Print the address once the whole way through lane, web and database answers."""
    end = time.monotonic() + _READY_SECONDS_MAX
    while not supervisor.stopping and time.monotonic() < end:
        if _answers("127.0.0.1" if bind == "0.0.0.0" else bind, port):  # noqa: S104
            say(f"共治平台已就绪 · Gongzhi is ready: {address}")
            return
        supervisor.look()
        supervisor.wait(reader, 0.1)
    if not supervisor.stopping:
        logs = supervisor.children[0].log.parent
        say(
            f"平台 {_READY_SECONDS_MAX:.0f} 秒内没有就绪，请查看 {logs} 并执行 gongzhi doctor · not ready, see {logs}"
        )


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
