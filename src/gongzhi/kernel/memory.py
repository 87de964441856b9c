"""What a long-lived process tells the garbage collector once it has started."""

import gc

_YOUNG_OBJECTS = 10_000


def settle() -> None:
    """Take what start-up made out of the collector's sight: it stays as long as the process, and walking through it
    stops every thread for tens of milliseconds. Call once, after loading."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)
