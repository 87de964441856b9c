"""Reading the town in one browser: every kind of page a person can reach, looked at in each width and text size."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

FAULTS = (Path(__file__).parent / "page_faults.js").read_text(encoding="utf-8")
WIDE, PHONE = 1280, 360
LOOKS = ((WIDE, False), (PHONE, False), (PHONE, True), (WIDE, True))  # width, text at double size
_NOT_PAGES = ("/export", "/files/", "/static/", "/api/", "/open311/", "/ledger/", ".svg", ".json")
_ONE_OF_MANY = re.compile(r"/(cases|matters|procedures)/.+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORDS = """() => {
  const said = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    if (!texts.currentNode.parentElement.closest("script, style, [lang]:not(html)")) said.add(texts.currentNode.data.trim());
  for (const name of ["placeholder", "aria-label", "title", "data-error", "alt"])
    for (const node of document.querySelectorAll(`[${name}]`)) said.add(node.getAttribute(name).trim());
  return [...said];
}"""


@dataclass
class Browsing:
    """What one person saw, and what was wrong with it: "address · what"."""

    page: Any
    root: str
    english: bool
    ours: frozenset[str]  # our own Chinese texts that have other words in English
    faults: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    _here: str = ""

    def listen(self) -> None:
        self.page.on("pageerror", lambda error: self._tell(f"script: {error}"))
        self.page.on("console", lambda said: self._console(said.text) if said.type == "error" else None)
        self.page.on("response", lambda one: self._answer(one.status, one.url))

    def read(self, start: list[str], *, most: int, each: int = 1) -> None:
        """Follow links from the start; of pages that differ only in their number or filter, `each` are opened."""
        waiting, kinds = list(start), Counter[str]()
        while waiting and len(self.opened) < most:
            address = waiting.pop(0)
            if address in self.opened or kinds[_kind(address)] >= each:
                continue
            kinds[_kind(address)] += 1
            self.opened.append(address)
            self.look(address)
            waiting += self._links()

    def look(self, address: str) -> None:
        self._here = address
        self.page.set_viewport_size({"width": WIDE, "height": 800})
        self.page.goto(self.root + address, wait_until="load")
        self.page.evaluate(
            "for (const one of document.querySelectorAll('details.verb, details.more')) one.open = true"
        )
        for width, large in LOOKS:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.evaluate(
                "(size) => { document.documentElement.style.fontSize = size }", "200%" if large else ""
            )
            self.page.evaluate(
                "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            for fault in self.page.evaluate(FAULTS, {"phone": width == PHONE, "large": large}):
                self._tell(f"{width}{' large' if large else ''}: {fault}")
        for words in self.page.evaluate(_WORDS):
            if self.english and words in self.ours:
                self._tell(f"not English: {words}")

    def _links(self) -> Iterator[str]:
        for href in self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"):
            address = href.removeprefix(self.root).partition("#")[0]
            if address.startswith("/") and not any(part in address for part in _NOT_PAGES):
                yield address

    def _console(self, said: str) -> None:
        if "Failed to load resource" not in said:  # told by its address, below
            self._tell(said)

    def _answer(self, status: int, url: str) -> None:
        if status >= 400 and "/live/" not in url:  # live streams belong to the lane, which does not run here
            self._tell(f"{status} {url.removeprefix(self.root)}")

    def _tell(self, what: str) -> None:
        self.faults.append(f"{self._here} · {what}")


def _kind(address: str) -> str:
    """The same kind of page: numbers, and what is asked for, left out."""
    asked = urlsplit(address)
    names = sorted({name for name, _ in parse_qsl(asked.query)} - {"queue"})
    return _ONE_OF_MANY.sub(r"/\1/", asked.path) + "?" + "&".join(names)


def chinese_of_ours(folder: Path) -> frozenset[str]:
    """Every Chinese text of the interface whose English is other words."""
    from babel.messages.pofile import read_po

    found = set()
    for name in sorted(folder.rglob("locale/en/LC_MESSAGES/django.po")):
        with name.open("rb") as file:
            for message in read_po(file):
                said = message.id
                if isinstance(said, str) and _HAN.search(said) and not _HAN.search(str(message.string)):
                    found.add(said)
    return frozenset(found)
