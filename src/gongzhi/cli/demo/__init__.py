"""The demo district: planted through the ordinary actions, in one transaction, as often as you like.

Promises: only where GONGZHI_DEMO=1; what is there already is left alone; every row has the act that made it.
"""

from gongzhi.cli.demo.folder import Persona, personas
from gongzhi.cli.demo.planting import plant

__all__ = ["Persona", "personas", "plant"]
