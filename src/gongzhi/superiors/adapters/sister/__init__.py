"""By another installation of ours above us: we read and do what one of its units may, through its own API."""

from gongzhi.superiors.adapters.shapes import Adapter
from gongzhi.superiors.adapters.sister.calling import load
from gongzhi.superiors.adapters.sister.reading import fetch
from gongzhi.superiors.adapters.sister.sending import send

ADAPTER = Adapter(fetch=fetch, send=send, load=load)
