"""Following one's own matter without signing in."""

from gongzhi.access.actor import Actor


def follow(*, number: str, code: str = "", phone: str = "") -> Actor:
    """An actor that is this matter's reporter and nothing else, for who shows the follow code or the phone number.

    Raises NotFound, the same for an unknown number and a wrong proof. Doors limit the tries.
    """
    raise NotImplementedError
