"""python -m gongzhi.ledger verify|fsck|prove FOLDER: the offline verifier. Needs no database and no settings."""

import sys

from gongzhi.ledger.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
