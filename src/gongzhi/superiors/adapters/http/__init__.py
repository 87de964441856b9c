"""By a signed JSON interface: we read its feed by cursor and post our messages to it. See docs/superiors.md."""

from gongzhi.superiors.adapters.http.calling import fetch, send
from gongzhi.superiors.adapters.shapes import Adapter

ADAPTER = Adapter(fetch=fetch, send=send)
