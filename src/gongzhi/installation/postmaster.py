"""The postmaster process of a cluster: started, found alive, awaited, stopped."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence

import psycopg

from gongzhi.installation.cluster import Cluster, socket_folder
from gongzhi.installation.trouble import Trouble

_START_SECONDS_MAX = 60.0
_STOPS = ((signal.SIGINT, 3.5), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0))  # seconds to obey


def pid(target: Cluster) -> int | None:
    """The running postmaster, or None. A stale pid file (crash, reboot) counts as not running."""
    try:
        lines = (target.data / "postmaster.pid").read_text().splitlines()
        number = int(lines[0])
        os.kill(number, 0)
        executable = os.readlink(f"/proc/{number}/exe") if os.path.isdir("/proc/self") else "postgres"
    except (OSError, ValueError, IndexError):
        return None
    return number if "postgres" in executable else None


def launch(target: Cluster, *, settings: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
    """Start the postmaster as our child in its own process group; `ready` tells when it answers."""
    socket_folder(target)
    if pid(target) is None:
        (target.data / "postmaster.pid").unlink(missing_ok=True)
    command = [str(target.binaries / "postgres"), "-D", str(target.data), "-k", str(target.sockets)]
    for setting in settings:
        command += ["-c", setting]
    with open(target.log, "ab") as log:
        target.log.chmod(0o600)
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=target.place,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            **target.runner.options,
        )


def ready(target: Cluster, conninfo: str, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait until a first connection succeeds (crash recovery included). Raises Trouble with the log's last words."""
    end = time.monotonic() + _START_SECONDS_MAX
    pause = 0.02
    while True:
        try:
            with psycopg.connect(conninfo, connect_timeout=5):
                return
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error):
                raise wrong_password(target) from error
            if (process is not None and process.poll() is not None) or time.monotonic() > end:
                raise _failed(target) from error
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


def stop(target: Cluster) -> None:
    """Fast shutdown; a postmaster that does not obey in time is killed (nothing committed is lost, it recovers)."""
    for sign, seconds in _STOPS:
        number = pid(target)
        if number is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, sign)
        end = time.monotonic() + seconds
        while pid(target) is not None and time.monotonic() < end:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(number, os.WNOHANG)
            time.sleep(0.02)


def wrong_password(target: Cluster) -> Trouble:
    return Trouble(
        "postgres.password",
        f"数据库 {target.place} 不接受本机的密钥：keys/database.json 与数据库不是同一套安装。请恢复配套的 keys 目录。",
        f"The database {target.place} refuses this home's key: keys/database.json belongs to another installation. Restore the keys that belong to it.",
    )


def _failed(target: Cluster) -> Trouble:
    tail = target.log.read_text(errors="replace").splitlines()[-5:] if target.log.exists() else []
    words = "\n  ".join(tail)
    return Trouble(
        "postgres.start",
        f"内置数据库没有启动，日志 {target.log} 的最后几行：\n  {words}\n请执行 gongzhi doctor 查看原因。",
        f"The embedded database did not start; see the last lines of {target.log} above and run gongzhi doctor.",
    )
