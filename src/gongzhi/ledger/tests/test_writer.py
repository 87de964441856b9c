"""The folder: continued, rebuilt, refused; outsiders find what was changed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gongzhi.ledger import judge
from gongzhi.ledger.checkpoints import Checkpoint
from gongzhi.ledger.commands import main
from gongzhi.ledger.notes import BadNote, Signer, Verifier, open_note
from gongzhi.ledger.proofs import Disproved
from gongzhi.ledger.receipts import Receipt
from gongzhi.ledger.tiles import Damaged, Folder, bundle_path, grouped, tile_path
from gongzhi.ledger.writer import Forked, Writer, rebuild

SIGNER = Signer("ledger.example/town", bytes(range(32)))
KEY = SIGNER.verifier


def entries(count: int, start: int = 0) -> list[bytes]:
    return [f"entry {n}".encode() * (n % 7 + 1) for n in range(start, count)]


def written(path: Path, count: int, step: int = 100) -> Path:
    writer = Writer(path, SIGNER, fsync=False)
    for start in range(0, count, step):
        writer.append(entries(min(count, start + step), start))
        writer.seal()
    writer.close()
    return path


def files(path: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file() and file.name != ".lock"
    }


def test_paths_are_grouped_by_three_digits():
    assert grouped(0) == "000"
    assert grouped(1_234_067) == "x001/x234/067"
    assert tile_path(2, 1_234_067, 5) == "tile/2/x001/x234/067.p/5"
    assert bundle_path(3) == "tile/entries/003"


def test_a_log_written_in_steps_verifies_and_any_size_is_the_same_when_rebuilt(tmp_path):
    log = written(tmp_path / "log", 1_030)
    assert judge.verify(log, KEY).size == 1_030
    assert list(judge.fsck(log, KEY)) == []
    again = tmp_path / "again"
    rebuild(again, SIGNER, entries(1_030), fsync=False)
    kept = files(log)
    assert all(kept[name] == data for name, data in files(again).items())


def test_a_writer_continues_from_any_size(tmp_path):
    for size in (0, 1, 255, 256, 257, 511, 512, 700):
        log = written(tmp_path / str(size), size, step=max(size, 1))
        writer = Writer(log, SIGNER, fsync=False)
        writer.append(entries(800, size))
        assert writer.seal().root == judge.verify(log, KEY).root
        writer.close()


def test_two_writers_never_work_at_once(tmp_path):
    first = Writer(tmp_path, SIGNER)
    with pytest.raises(BlockingIOError):
        Writer(tmp_path, SIGNER)
    first.close()


def test_another_history_is_refused_and_nothing_is_written_over(tmp_path):
    log = written(tmp_path / "log", 300)
    (log / "checkpoint").unlink()
    before = files(log)
    writer = Writer(log, SIGNER, fsync=False)
    with pytest.raises(Forked):
        writer.append([b"another", *entries(300, 1)])
    writer.close()
    assert {k: v for k, v in files(log).items() if k in before} == before


def test_a_checkpoint_never_goes_back(tmp_path):
    log = written(tmp_path / "log", 40)
    old = (log / "checkpoint").read_bytes()
    writer = Writer(log, SIGNER, fsync=False)
    writer.append(entries(50, 40))
    ahead = Writer.seal(writer)
    writer._edge.size = 45
    with pytest.raises((Forked, ValueError)):
        writer.seal()
    assert judge.checkpoint(log, KEY) == ahead != Checkpoint.open(old, KEY)
    writer.close()


@pytest.mark.parametrize(
    "victim", ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/entries/000", "tile/1/000.p/1"]
)
def test_every_flipped_bit_is_found(tmp_path, victim):
    log = written(tmp_path / "log", 300, step=300)
    file = log / victim
    sound = file.read_bytes()
    for at in {0, len(sound) // 2, len(sound) - 2}:
        for bit in (0, 6):
            changed = bytearray(sound)
            changed[at] ^= 1 << bit
            file.write_bytes(changed)
            assert list(judge.fsck(log, KEY)), (victim, at, bit)
    file.write_bytes(sound)
    assert list(judge.fsck(log, KEY)) == []


def test_a_missing_file_is_named(tmp_path):
    log = written(tmp_path / "log", 300)
    (log / "tile/entries/000").unlink()
    with pytest.raises(Damaged, match="tile/entries/000"):
        judge.verify(log, KEY)
    assert [finding.path for finding in judge.fsck(log, KEY)] == ["tile/entries/000"]


def test_a_receipt_proves_its_entry_and_no_other(tmp_path):
    log = written(tmp_path / "log", 777)
    note = (log / "checkpoint").read_bytes()
    for index in (0, 255, 256, 776):
        _, entry, path = judge.prove_inclusion(log, KEY, index)
        assert entry == entries(777)[index]
        receipt = Receipt.parse(bytes(Receipt(index, path, note)))
        assert receipt.verify(entry, KEY).size == 777
        with pytest.raises(Disproved):
            receipt.verify(entry + b"!", KEY)
    with pytest.raises(BadNote):
        Receipt.parse(b"nonsense")


def test_an_older_checkpoint_is_a_beginning_or_the_log_was_rewritten(tmp_path):
    log = written(tmp_path / "log", 300, step=300)
    kept = judge.checkpoint(log, KEY)
    writer = Writer(log, SIGNER, fsync=False)
    writer.append(entries(900, 300))
    writer.seal()
    writer.close()
    assert judge.verify(log, KEY, before=kept).size == 900
    judge.prove_consistency(log, KEY, kept)
    other = Checkpoint(kept.origin, kept.size, bytes(32))
    with pytest.raises(Damaged, match="no longer begins"):
        judge.verify(log, KEY, before=other)
    with pytest.raises(Disproved):
        judge.prove_consistency(log, KEY, other)


def test_after_a_rotation_the_log_goes_on_under_the_new_key(tmp_path):
    log = written(tmp_path / "log", 10)
    fresh = Signer(SIGNER.name, bytes(range(1, 33)))
    with pytest.raises(BadNote):
        Writer(log, fresh)
    writer = Writer(log, fresh, former=[KEY], fsync=False)
    writer.append(entries(20, 10))
    writer.seal()
    writer.close()
    assert judge.verify(log, fresh.verifier).size == 20
    assert (log / "vkey").read_text().strip() == str(fresh.verifier)


def test_keys_and_notes_survive_their_text_form_and_refuse_others():
    assert Verifier.parse(str(KEY)) == KEY
    note = SIGNER.sign("hello\nworld\n")
    assert open_note(note, KEY) == "hello\nworld\n"
    for wrong in (note.replace(b"hello", b"hallo"), note[:-3] + b"\n", b"", b"x\n\ny\n"):
        with pytest.raises(BadNote):
            open_note(wrong, KEY)
    with pytest.raises(BadNote, match="not signed by"):
        open_note(note, Signer(SIGNER.name, bytes(32)).verifier)
    with pytest.raises(ValueError, match="does not fit"):
        Verifier.parse(str(KEY).replace(KEY.id.hex(), "00000000"))


SOURCE = {"PYTHONPATH": str(Path(judge.__file__).parents[2])}
CHILD = """
import sys
from pathlib import Path
from gongzhi.ledger.notes import Signer
from gongzhi.ledger.writer import Writer
writer = Writer(Path(sys.argv[1]), Signer("ledger.example/town", bytes(range(32))), fsync=False)
print("ready", flush=True)
for n in range(writer.size, 10**9):
    writer.append([f"entry {n}".encode() * (n % 7 + 1)])
    if n % 17 == 0:
        writer.seal()
"""


def test_a_writer_killed_again_and_again_leaves_one_sound_history(tmp_path):
    log, seen = tmp_path / "log", {}
    for turn in range(12):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(log)], stdout=subprocess.PIPE, env=os.environ | SOURCE
        )
        assert child.stdout
        child.stdout.readline()
        size = Writer.checkpoint.__get__(_reader(log))().size
        deadline = time.monotonic() + 20
        while _reader(log).checkpoint().size <= size + turn * 40 and time.monotonic() < deadline:
            pass
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert list(judge.fsck(log, KEY)) == []
        now = {name: data for name, data in files(log).items() if name.startswith("tile/")}
        assert all(now[name] == data for name, data in seen.items()), "two contents at one path"
        seen = now
    size = judge.verify(log, KEY).size
    assert list(Folder(log, size).entries()) == entries(size)


def _reader(log: Path) -> Writer:
    """A writer that holds no lock: only to read the checkpoint."""
    reader = object.__new__(Writer)
    reader.path, reader.signer, reader._trusted = log, SIGNER, (KEY,)
    return reader


def test_the_command_line_verifies_proves_and_refuses_without_django(tmp_path, capsys, monkeypatch):
    log = written(tmp_path / "log", 300)
    monkeypatch.chdir(tmp_path)
    assert main(["verify", str(log)]) == 0
    assert main(["fsck", str(log), "--key", str(KEY)]) == 0
    assert main(["prove", str(log), "7", "--to", "seven.tlog-proof"]) == 0
    assert main(["check", str(log), "seven.tlog-proof"]) == 0
    shutil.copy(log / "tile/entries/001.p/44", log / "tile/entries/000")
    assert main(["verify", str(log)]) == 1
    assert main(["verify", str(tmp_path / "nowhere")]) == 2
    script = "import sys; from gongzhi.ledger.commands import main; print([m for m in sys.modules if m.startswith('django')])"
    assert (
        subprocess.check_output([sys.executable, "-c", script], text=True, env=os.environ | SOURCE).strip()
        == "[]"
    )


@pytest.mark.shared_data
def test_a_public_log_verifies_and_one_flipped_bit_does_not(shared_data, tmp_path):
    log = tmp_path / "log"
    shutil.copytree(shared_data / "merkle_vectors" / "tlog_tiles_log", log)
    key = Verifier.parse((log / "vkey").read_text())
    assert judge.verify(log, key).size == judge.checkpoint(log, key).size > 0
    for kept in sorted(log.glob("checkpoint.*")):
        before = Checkpoint.open(kept.read_bytes(), key)
        if before.size:
            judge.prove_consistency(log, key, before)
    width = judge.checkpoint(log, key).size
    bundle = log / bundle_path(0, width)
    changed = bytearray(bundle.read_bytes())
    changed[-1] ^= 1
    bundle.chmod(0o644)
    bundle.write_bytes(changed)
    with pytest.raises(Damaged):
        judge.verify(log, key)
