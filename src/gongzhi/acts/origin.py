"""The name of this installation in acts, numbers and ledger."""

import os
from functools import cache

from gongzhi.installation.keys import keyring


@cache
def origin() -> str:
    """`GONGZHI_ORIGIN` (for example "yuelu.changsha.gov.cn"), else a name made from the first ledger key.

    Choose it before the first act: it is sealed into every one and names the ledger.
    """
    return os.environ.get("GONGZHI_ORIGIN", "").strip() or f"gongzhi-{keyring().all('ledger')[-1].id}"
