"""`gongzhi COMMAND …`: finds the command's module and says troubles in two lines instead of a stack trace."""

import argparse
import errno
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import psycopg

from gongzhi.installation.home import home, not_writable
from gongzhi.installation.trouble import Trouble

# name: (module, what it does)
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("gongzhi.cli.up", "启动平台 · start the platform and keep it running"),
    "worker": ("gongzhi.cli.worker", "后台任务（由 up 启动）· background loops (started by up)"),
    "doctor": ("gongzhi.cli.doctor", "检查安装 · explain what is wrong with this installation"),
    "backup": ("gongzhi.cli.backup", "备份 · write one archive: database, files, ledger, and keys if asked"),
    "restore": ("gongzhi.cli.restore", "恢复 · restore an archive into an empty home"),
    "import": ("gongzhi.cli.imports", "导入 · bring in areas, parties, …"),
    "mandates": ("gongzhi.cli.mandates_check", "责任清单检查 · find gaps, overlaps, expired bases"),
    "superior": (
        "gongzhi.cli.superior",
        "上级平台 · connect platforms above us, take their files, send ours",
    ),
    "subordinate": (
        "gongzhi.cli.subordinate",
        "下级平台 · connect installations of units below us, give them their keys",
    ),
    "replay": ("gongzhi.cli.replay", "推演 · a past period under rules that are only proposed"),
    "report": ("gongzhi.cli.report", "报告 · ontime: our judgement against the source's"),
    "bench": ("gongzhi.cli.bench", "测量 · measure this checkout, with the baseline in the same run"),
    "accounts": ("gongzhi.cli.accounts", "账号 · make the first accounts of a town"),
    "keys": ("gongzhi.cli.keys", "密钥 · list keys, rotate one, re-seal what older ones sealed"),
    "acts": ("gongzhi.cli.acts", "记录 · health, fsck, dead letters, partitions, erasure"),
    "files": ("gongzhi.cli.files", "文件 · fsck: missing, damaged or unknown bytes"),
    "ledger": ("gongzhi.cli.ledger", "账本 · verify the ledger, prove an entry"),
    "manage": ("gongzhi.cli.manage", "Django 管理命令 · Django's management commands"),
    "translations": ("gongzhi.cli.translations", "译文 · check, update or compile the English texts"),
    "settle": ("gongzhi.cli.settle", "升级数据库（由 up 调用）· migrate and plant (called by up)"),
}

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


def parser_for(name: str) -> argparse.ArgumentParser:
    """The parser of one command."""
    module, words = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"gongzhi {name}", description=words)
    import_module(module).configure(parser)
    return parser


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {words}" for name, (_, words) in COMMANDS.items()]
    return "\n".join(("gongzhi COMMAND …", "", *lines, "", "gongzhi COMMAND --help"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 trouble (said in Chinese and English), 2 wrong usage, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if given else 2
    name = given[0]
    if name not in COMMANDS:
        print(f"没有这个命令：{name}\nNo such command: {name}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        module = import_module(COMMANDS[name][0])
        if hasattr(module, "main"):
            return int(module.main(given[1:]))
        return int(module.run(parser_for(name).parse_args(given[1:])))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        print(not_writable(Path(error.filename or home().path), error), file=sys.stderr)
        return 1
    except psycopg.OperationalError as error:
        print(f"数据库没有应答：{error}\nThe database does not answer. Run gongzhi doctor.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断 · interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
