"""How a superior is reached, one folder per way: a drop folder of files, a signed JSON feed, another installation."""

from gongzhi.superiors.adapters import folder, http, sister
from gongzhi.superiors.adapters.shapes import Adapter

ADAPTERS: dict[str, Adapter] = {"folder": folder.ADAPTER, "http": http.ADAPTER, "sister": sister.ADAPTER}

__all__ = ["ADAPTERS", "Adapter"]
