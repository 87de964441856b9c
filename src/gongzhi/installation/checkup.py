"""Checks of a machine and a home that need no database: folders, keys, disk, port, clock, versions."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from gongzhi.installation import cluster, instance, keyfile, keys
from gongzhi.installation.finding import Finding, fine, from_trouble
from gongzhi.installation.home import Home, open_modes
from gongzhi.installation.trouble import Trouble

_RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
_FREE_ERROR, _FREE_WARNING = 300_000_000, 2_000_000_000


def rights(home: Home) -> Iterator[Finding]:
    """Writable, closed to others, not run as root."""
    folder = home.path if home.path.exists() else home.path.parent
    if not os.access(folder, os.W_OK):
        yield Finding(
            "error",
            "home.read_only",
            (
                f"数据目录 {folder} 不可写",
                "平台需要在其中保存数据库和文件",
                "修正目录权限或挂载，或设置 GONGZHI_HOME",
            ),
            (
                f"home {folder} is not writable",
                "database and files are kept there",
                "fix rights or mount, or set GONGZHI_HOME",
            ),
        )
    opened = open_modes(home)
    for path in opened:
        yield Finding(
            "error",
            "home.open",
            (f"{path} 对其他用户开放", "密钥和居民资料可能被本机其他用户读取", f"执行 chmod go-rwx {path}"),
            (
                f"{path} is open to others",
                "keys and residents' files could be read",
                f"run chmod go-rwx {path}",
            ),
        )
    if not opened:
        yield fine("home", f"数据目录 {home.path}", f"home {home.path}")
    if os.geteuid() == 0:
        yield Finding(
            "warning",
            "home.root",
            (
                "正以 root 身份运行",
                "程序缺陷可波及整台机器（数据库已自动改用普通用户）",
                "建议建立专用系统用户运行平台",
            ),
            (
                "running as root",
                "a bug could reach the whole machine (the database already drops root)",
                "use a system user of its own",
            ),
        )


def secrets(home: Home) -> Iterator[Finding]:
    """Every key file readable and genuine."""
    if (home.path / "postgres.json").exists() and not any(home.keys.glob("*.json")):
        yield Finding(
            "error",
            "keys.lost",
            (
                f"{home.keys} 中没有密钥，但已有数据库",
                "没有原来的密钥，数据库打不开，联系方式也读不出",
                "从备份恢复 keys 目录；不要启动平台",
            ),
            (
                f"no keys in {home.keys}, but there is a database",
                "without its keys neither the database nor contacts can be opened",
                "restore the keys folder from the backup; do not start the platform",
            ),
        )
        return
    if not home.keys.exists():
        yield fine("keys", "还没有密钥，首次启动时生成", "no keys yet; the first start makes them")
        return
    for purpose in keys.PURPOSES:
        try:
            keyfile.read(home.keys / f"{purpose}.json", purpose)
        except Trouble as trouble:
            yield from_trouble(trouble)
            return
    yield fine("keys", f"{len(keys.PURPOSES)} 类密钥完好", f"{len(keys.PURPOSES)} kinds of keys are sound")


def disks(home: Home, backup: Path | None = None) -> Iterator[Finding]:
    """Every disk that something is written to, once: folders may be mounts or links. backup: where backups go."""
    data = cluster.cluster(home).data
    folders = {
        "GONGZHI_HOME": home.path,
        "files": home.files,
        "ledger": home.ledger,
        "log": home.log,
        "postgres": data,
        "pg_wal": data / "pg_wal",
    }
    if backup is not None:
        folders["backup"] = backup
    seen: dict[int, tuple[Path, list[str]]] = {}
    for name, folder in folders.items():
        found = _existing(folder)
        seen.setdefault(found.stat().st_dev, (found, []))[1].append(name)
    for folder, names in seen.values():
        yield _disk(folder, names)


def _existing(folder: Path) -> Path:
    """Where the folder is, or would be made. A folder of another user (the database's) is measured above itself."""
    folder = folder.absolute()
    while True:
        try:
            return folder.resolve(strict=True)
        except OSError:
            folder = folder.parent


def _disk(folder: Path, names: Sequence[str]) -> Finding:
    free = shutil.disk_usage(folder).free
    what = ", ".join(names)
    zh = f"磁盘剩余 {free / 1e9:.1f} GB（{folder}：{what}）"
    en = f"{free / 1e9:.1f} GB of disk free ({folder}: {what})"
    if free >= _FREE_WARNING:
        return fine("disk", zh, en)
    return Finding(
        "error" if free < _FREE_ERROR else "warning",
        "disk.low",
        (zh, "写满后所有办理都会停止", "清理磁盘、扩容，或把这些目录移到更大的盘"),
        (en, "a full disk stops all work", "free space, extend the disk, or move these folders"),
    )


def port(home: Home, *, bind: str, number: int) -> Iterator[Finding]:
    running = instance.running_at(home)
    if running is not None:
        yield fine("port", f"平台正在运行：{running.get('address')}", f"running at {running.get('address')}")
        return
    try:
        instance.check_port(bind, number)
        yield fine("port", f"端口 {number} 空闲", f"port {number} is free")
    except Trouble as trouble:
        yield from_trouble(trouble)


def clock(now: datetime) -> Iterator[Finding]:
    """A clock before this release is wrong; one that nobody sets is suspicious."""
    if now < _RELEASED:
        yield Finding(
            "error",
            "clock.past",
            (f"系统时间是 {now:%Y-%m-%d}", "所有期限和存证时间都会出错", "校准系统时间并开启自动对时（NTP）"),
            (
                f"the system clock says {now:%Y-%m-%d}",
                "every deadline and proof would be wrong",
                "set the clock and switch NTP on",
            ),
        )
        return
    if _synchronised() is False:
        yield Finding(
            "warning",
            "clock.unsynchronised",
            ("系统时间没有自动校准", "时间漂移会影响期限和存证", "开启 NTP：timedatectl set-ntp true"),
            (
                "the clock is not synchronised",
                "drift changes deadlines and proofs",
                "switch NTP on: timedatectl set-ntp true",
            ),
        )
        return
    yield fine("clock", f"系统时间 {now:%Y-%m-%d %H:%M}Z", f"clock {now:%Y-%m-%d %H:%M}Z")


def _synchronised() -> bool | None:
    if not shutil.which("timedatectl"):
        return None
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return {"yes": True, "no": False}.get(answer.stdout.strip())
