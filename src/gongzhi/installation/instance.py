"""One running platform per home: the lock, its address, and the processes a crashed supervisor left behind."""

import contextlib
import errno
import fcntl
import json
import os
import signal
import socket
from pathlib import Path

import psutil

from gongzhi.installation.home import Home, not_writable
from gongzhi.installation.trouble import Trouble


class Instance:
    """Holds the lock of a home while it lives. Raises Trouble `instance.running` with the address of the other one."""

    def __init__(self, home: Home, address: str) -> None:
        self._children = home.run / "children.json"
        file = home.run / "up.lock"
        try:
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise not_writable(file, error) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _running(home, os.pread(self._descriptor, 4096, 0)) from error
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)

    def release(self) -> None:
        """Let another start have the home (ending the process does the same)."""
        os.close(self._descriptor)

    def remember(self, pids: list[int]) -> None:
        """Write down our children, so that the next start can end them if we are killed."""
        rows = []
        for pid in pids:
            with contextlib.suppress(psutil.NoSuchProcess):
                rows.append({"pid": pid, "started": psutil.Process(pid).create_time()})
        self._children.write_text(json.dumps(rows))

    def end_orphans(self) -> int:
        """Kill the process groups of a supervisor that died without stopping them; the count of groups."""
        groups: list[list[psutil.Process]] = []
        with contextlib.suppress(OSError, ValueError):
            for row in json.loads(self._children.read_text()):
                with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                    leader = psutil.Process(row["pid"])
                    if abs(leader.create_time() - row["started"]) < 1:
                        groups.append([leader, *leader.children(recursive=True)])
                        os.killpg(row["pid"], signal.SIGKILL)
            self._children.unlink()
        psutil.wait_procs([process for group in groups for process in group], timeout=5)
        return len(groups)


def running_at(home: Home) -> dict[str, str | int] | None:
    """`{"pid", "address"}` of the platform running in this home, or None."""
    file = home.run / "up.lock"
    if not file.exists():
        return None
    descriptor = os.open(file, os.O_RDWR if os.access(file, os.W_OK) else os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with contextlib.suppress(ValueError):
            found: dict[str, str | int] = json.loads(os.pread(descriptor, 4096, 0))
            return found
        return {}
    finally:
        os.close(descriptor)
    return None


def check_port(host: str, port: int) -> None:
    """Raises Trouble when the port is taken (naming the holder where the system tells) or may not be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            return
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Trouble(
                    "port.forbidden",
                    f"当前用户不能使用端口 {port}。请换一个 1024 以上的端口，例如 PORT=8000。",
                    f"This user may not use port {port}. Choose one above 1024, for example PORT=8000.",
                ) from error
            if error.errno != errno.EADDRINUSE:
                raise Trouble(
                    "port.address",
                    f"无法监听 {host}:{port}（{error.strerror}）。请检查 GONGZHI_BIND 和 PORT。",
                    f"Cannot listen on {host}:{port} ({error.strerror}). Check GONGZHI_BIND and PORT.",
                ) from error
    raise Trouble(
        "port.taken",
        f"端口 {port} 已被占用{_holder(port, '（{}）')}。请停止该程序，或换一个端口：PORT={port + 1}。",
        f"Port {port} is taken{_holder(port, ' by {}')}. Stop that program or choose another port: PORT={port + 1}.",
    )


def check_socket_length(home: Home, length_max: int) -> None:
    """Raises Trouble when the home's path is too long for the unix socket between front door and pages."""
    path: Path = home.run / "web.sock"
    if len(os.fsencode(path)) > length_max:
        raise Trouble(
            "home.too_long",
            f"数据目录路径太长（{home.path}），套接字地址最多 {length_max} 字节。请用 GONGZHI_HOME 指定较短的路径。",
            f"The home path is too long ({home.path}): socket addresses have at most {length_max} bytes. Set a shorter GONGZHI_HOME.",
        )


def _holder(port: int, shape: str) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("inet"):
            if (
                connection.status == psutil.CONN_LISTEN
                and tuple(connection.laddr)[1:2] == (port,)
                and connection.pid
            ):
                return shape.format(f"{psutil.Process(connection.pid).name()}, pid {connection.pid}")
    return ""


def _running(home: Home, content: bytes) -> Trouble:
    try:
        known = json.loads(content)
    except ValueError:
        known = {"address": "", "pid": "?"}
    return Trouble(
        "instance.running",
        f"平台已在运行：{known['address']}（进程 {known['pid']}，数据目录 {home.path}）。要停止它，请执行 kill {known['pid']}。",
        f"Already running: {known['address']} (process {known['pid']}, home {home.path}). To stop it: kill {known['pid']}.",
    )
