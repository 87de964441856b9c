"""The command line of the ledger, shared by `python -m gongzhi.ledger` and `gongzhi ledger`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gongzhi.ledger import judge
from gongzhi.ledger.checkpoints import Checkpoint
from gongzhi.ledger.notes import BadNote, Verifier
from gongzhi.ledger.proofs import Disproved
from gongzhi.ledger.receipts import Receipt
from gongzhi.ledger.tiles import Damaged
from gongzhi.ledger.writer import CHECKPOINT, VKEY


def parser(prog: str = "gongzhi ledger") -> argparse.ArgumentParser:
    """Commands verify, fsck, prove and check."""
    top = argparse.ArgumentParser(prog=prog, description="校验账本 · Check the ledger")
    commands = top.add_subparsers(dest="command", required=True)
    for name, text in (
        ("verify", "重算全部条目并与签名的根比较 · recompute everything and compare with the signed root"),
        ("fsck", "逐个文件比较，列出所有问题 · compare file by file and list all that is wrong"),
        ("prove", "写出一条记录的回执 · write the receipt (.tlog-proof) of one entry"),
        ("check", "核对一份回执 · check a receipt against an entry"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("folder", type=Path, help="账本目录 · the folder of the log")
        command.add_argument(
            "--key", help="公钥或其文件；缺省用目录中的 vkey（自证，不足为凭） · verifier key or file"
        )
    commands.choices["verify"].add_argument(
        "--before", type=Path, help="以前保存的 checkpoint · one kept from before"
    )
    commands.choices["prove"].add_argument("index", type=int, help="位置 · position")
    commands.choices["prove"].add_argument("--to", type=Path, help="输出文件 · where to write")
    commands.choices["check"].add_argument("receipt", type=Path, help="回执文件 · a .tlog-proof file")
    return top


def main(arguments: Sequence[str], prog: str = "python -m gongzhi.ledger") -> int:
    """0 when all is well, 1 when something is wrong with the log, 2 for wrong use."""
    given = parser(prog).parse_args(arguments)
    try:
        return _run(given)
    except (BadNote, Damaged, Disproved) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 2


def _run(given: argparse.Namespace) -> int:
    key = _key(given.key, given.folder)
    if given.command == "verify":
        before = Checkpoint.open(given.before.read_bytes(), key) if given.before else None
        found = judge.verify(given.folder, key, before=before)
        print(f"✓ {found.origin}: {found.size} 条 · entries, root {found.root.hex()}")
        return 0
    if given.command == "fsck":
        return _fsck(given.folder, key)
    if given.command == "prove":
        found, _, path = judge.prove_inclusion(given.folder, key, given.index)
        receipt = bytes(Receipt(given.index, path, (given.folder / CHECKPOINT).read_bytes()))
        target: Path = given.to or Path(f"{given.index}.tlog-proof")
        target.write_bytes(receipt)
        print(f"✓ {target} ({found.origin}, {found.size})")
        return 0
    return _check(given.folder, key, given.receipt)


def _fsck(folder: Path, key: Verifier) -> int:
    wrong = 0
    for finding in judge.fsck(folder, key):
        wrong += 1
        print(f"✗ {finding.path}: {finding.what}")
    if not wrong:
        print(f"✓ {judge.checkpoint(folder, key).size} 条，文件完好 · entries, files sound")
    return 1 if wrong else 0


def _check(folder: Path, key: Verifier, file: Path) -> int:
    receipt = Receipt.parse(file.read_bytes())
    _, entry, _ = judge.prove_inclusion(folder, key, receipt.index)
    found = receipt.verify(entry, key)
    print(f"✓ {receipt.index} ∈ {found.origin} ({found.size})")
    return 0


def _key(given: str | None, folder: Path) -> Verifier:
    if given and "+" in given:
        return Verifier.parse(given)
    return Verifier.parse((Path(given) if given else folder / VKEY).read_text())
