"""The reject file: row, column, reason, then the row itself, so that it can be corrected and imported again."""

import csv
from collections.abc import Sequence
from pathlib import Path

from gongzhi.intake.imports.problems import Reject

_HEAD = ("row", "column", "code", "reason")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RejectFile:
    """Appends batch by batch; no file until there is a reject. UTF-8 with a mark, so that Excel opens it right."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self._header = [name for name in header if name not in _HEAD]

    def restart(self, *, before_row: int) -> None:
        """Forget rejects of rows from `before_row` on: they are read again."""
        kept = []
        if self.path.exists() and before_row > 1:
            with self.path.open(encoding="utf-8-sig", newline="") as stream:
                kept = [cells for cells in csv.reader(stream) if cells and _before(cells[0], before_row)]
        self.path.unlink(missing_ok=True)
        if kept:
            self._write(kept)

    def add(self, rejects: Sequence[Reject]) -> None:
        """A cell that a spreadsheet would calculate gets an apostrophe."""
        rows = [
            [
                str(reject.row),
                reject.column,
                reject.code,
                reject.reason,
                *(reject.values.get(name, "") for name in self._header),
            ]
            for reject in sorted(rejects, key=lambda reject: reject.row)
        ]
        if rows:
            self._write([[_harmless(cell) for cell in row] for row in rows])

    def _write(self, rows: Sequence[Sequence[str]]) -> None:
        fresh = not self.path.exists()
        with self.path.open(
            "a", encoding="utf-8-sig" if fresh else "utf-8", errors="replace", newline=""
        ) as stream:
            writer = csv.writer(stream)
            if fresh:
                writer.writerow([*_HEAD, *self._header])
            writer.writerows(rows)


def _before(cell: str, row: int) -> bool:
    return cell.isdigit() and int(cell) < row


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
