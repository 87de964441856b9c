"""Where the demo district lies, and who may be become in it with one click."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

import gongzhi
from gongzhi.installation.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Persona:
    """door: where signing in leads (resident, centre, api). blurb: one sentence in both languages."""

    username: str
    title_zh: str
    title_en: str
    door: str
    blurb_zh: str
    blurb_en: str


def folder() -> Path:
    """The folder `demo` of the checkout. Raises Trouble where the platform was installed without it."""
    for place in (Path(gongzhi.__file__).resolve().parents[2] / "demo", Path.cwd() / "demo"):
        if (place / "town.yaml").is_file():
            return place
    raise Trouble(
        "demo.missing",
        "找不到演示数据（demo 文件夹）。请在源码目录中运行，或不使用演示模式。",
        "The demo data (folder demo) is missing: run from the checkout, or without demo mode.",
    )


@lru_cache(maxsize=4)
def read(name: str) -> Mapping[str, Any]:
    """One YAML file of the folder."""
    found: Mapping[str, Any] = yaml.safe_load((folder() / name).read_text(encoding="utf-8"))
    return found


def personas() -> list[Persona]:
    """In the order of the sign-in page."""
    return [
        Persona(
            username=person["user"],
            title_zh=person["title"][0],
            title_en=person["title"][1],
            door=person["door"],
            blurb_zh=person["hint"][0],
            blurb_en=person["hint"][1],
        )
        for person in read("town.yaml")["people"]
        if "title" in person
    ]
