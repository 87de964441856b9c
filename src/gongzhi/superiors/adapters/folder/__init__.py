"""By files: theirs are put into a folder (or handed to `gongzhi superior receive`), ours are laid into another."""

from gongzhi.superiors.adapters.folder.writing import lay
from gongzhi.superiors.adapters.shapes import Adapter

ADAPTER = Adapter(fetch=None, send=lay)
