"""Checks of what was installed: Python, locale, the embedded PostgreSQL, built pages, compiled texts."""

import sys
from collections.abc import Iterator
from pathlib import Path

from gongzhi.installation import cluster
from gongzhi.installation.finding import Finding, fine, from_trouble
from gongzhi.installation.trouble import Trouble


def versions() -> Iterator[Finding]:
    if sys.version_info < (3, 11):  # noqa: UP036 - said plainly instead of a syntax error
        yield Finding(
            "error",
            "python.old",
            (f"Python {sys.version.split()[0]} 太旧", "平台需要 3.11 以上", "安装 Python 3.11 或更新版本"),
            (f"Python {sys.version.split()[0]} is too old", "3.11 is needed", "install Python 3.11 or newer"),
        )
    if sys.getfilesystemencoding().lower().replace("-", "") != "utf8":
        yield Finding(
            "error",
            "locale",
            (
                f"系统编码是 {sys.getfilesystemencoding()}",
                "中文文件名和日志会损坏",
                "设置环境变量 LC_ALL=C.UTF-8",
            ),
            (
                f"the locale's encoding is {sys.getfilesystemencoding()}",
                "Chinese names and logs would break",
                "set LC_ALL=C.UTF-8",
            ),
        )
    try:
        yield fine(
            "versions",
            f"Python {sys.version.split()[0]}，内置 PostgreSQL {cluster.wheel_major()}",
            f"Python {sys.version.split()[0]}, embedded PostgreSQL {cluster.wheel_major()}",
        )
    except Trouble as trouble:
        yield from_trouble(trouble)


def built(package: Path) -> Iterator[Finding]:
    """The built front end and the compiled English."""
    dist = package / "web" / "static" / "dist"
    if not dist.is_dir() or not any(dist.iterdir()):
        yield Finding(
            "error",
            "frontend.missing",
            ("没有构建前端资源", "页面将没有样式、地图和实时更新", "执行 make run（需要 Node 20 以上）"),
            (
                "the front end is not built",
                "pages would have no style, map or live changes",
                "run make run (needs Node 20 or newer)",
            ),
        )
    else:
        yield fine("frontend", "前端资源已构建", "the front end is built")
    if not any(package.glob("*/locale/en/LC_MESSAGES/*.mo")):
        yield Finding(
            "warning",
            "translations.missing",
            ("没有编译英文译文", "英文界面会显示中文", "执行 gongzhi translations compile"),
            (
                "the English texts are not compiled",
                "English readers would see Chinese",
                "run gongzhi translations compile",
            ),
        )
