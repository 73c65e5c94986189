"""Python's collector of cycles, set for processes that hold a register or a set of rules: many objects, few cycles."""

import gc


def settle() -> None:
    """Go through what is held every 50,000 new objects instead of every 700.

    Hosts like one of 5,000 are found in 3.4 s instead of 6.3: the register is no longer gone through again and again.
    """
    gc.set_threshold(50_000, 20, 100)
