"""One tar with a manifest of SHA-256 hashes at its end: written under another name until it is whole."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from gongzhi.installation.home import not_writable
from gongzhi.installation.trouble import Trouble

MANIFEST = "manifest.json"
_CHUNK = 1 << 20


class Writer:
    """Adds files and remembers their hashes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, file: Path, name: str) -> None:
        """One file as it is now; a file that grows meanwhile is taken at its present length."""
        with file.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = size, 0o600, int(file.stat().st_mtime)
            hashed = _Hashing(stream)
            self._tar.addfile(entry, hashed)
        self.members[name] = {"sha256": hashed.digest.hexdigest(), "bytes": size}

    def add_folder(self, folder: Path, name: str) -> int:
        """All files below a folder; the count."""
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".new")
        for path in files:
            self.add(path, f"{name}/{path.relative_to(folder).as_posix()}")
        return len(files)

    def finish(self, about: Mapping[str, Any]) -> None:
        content = json.dumps({**about, "members": self.members}, indent=1, ensure_ascii=False).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(content), 0o600
        self._tar.addfile(entry, io.BytesIO(content))


class _Hashing:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.digest = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.digest.update(chunk)
        return chunk


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """The archive appears under its name only when the block ends well and its bytes are on disk."""
    draft = target.with_name(target.name + ".partial")
    try:
        with open(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w|") as tar:
                yield Writer(tar)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    except OSError as error:
        raise not_writable(target, error) from error
    finally:
        draft.unlink(missing_ok=True)


def manifest(source: Path) -> dict[str, Any]:
    """What an archive says it holds. Raises Trouble `archive.broken` for anything that is no whole archive of ours."""
    try:
        with tarfile.open(source, "r:") as tar:
            stream = tar.extractfile(MANIFEST)
            if stream is None:
                raise _broken(source, "没有清单", "it has no manifest")
            found: dict[str, Any] = json.load(stream)
    except FileNotFoundError as error:
        raise _broken(source, "找不到文件", "there is no such file") from error
    except (tarfile.TarError, KeyError, ValueError, OSError) as error:
        raise _broken(source, "不是完整的备份", "it is not a whole backup") from error
    return found


def unpack(source: Path, into: Path, members: Mapping[str, Mapping[str, Any]]) -> None:
    """Write every listed member below `into`, comparing hashes. Names that lead outside are refused."""
    seen = set()
    with tarfile.open(source, "r:") as tar:
        for entry in tar:
            if entry.name == MANIFEST:
                continue
            if entry.name not in members or not entry.isfile() or ".." in PurePosixPath(entry.name).parts:
                raise _broken(
                    source,
                    f"含有清单之外的内容 {entry.name}",
                    f"it holds {entry.name}, which its manifest does not list",
                )
            stream = tar.extractfile(entry)
            if stream is None or _copied(stream, into / entry.name) != members[entry.name]["sha256"]:
                raise _broken(source, f"{entry.name} 已损坏", f"{entry.name} is damaged")
            seen.add(entry.name)
    if missing := sorted(set(members) - seen):
        raise _broken(source, f"缺少 {missing[0]}", f"{missing[0]} is missing")


def _copied(stream: IO[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _broken(source: Path, zh: str, en: str) -> Trouble:
    return Trouble(
        "archive.broken",
        f"备份 {source} 不可用：{zh}。没有恢复任何内容，请换一份备份。",
        f"The backup {source} is refused: {en}. Nothing was restored; use another one.",
    )
