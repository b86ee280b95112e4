"""Whether two texts with wildcards can stand for the same text."""

from __future__ import annotations

import re


def arns_meet(one: str, other: str) -> bool:
    """Whether an ARN of a policy and the form of a resource's ARN can be the same. `${Name}` of a form stands for anything."""
    if one == "*":
        return True
    parts, form = one.split(":", 5), re.sub(r"\$\{[^}]*\}", "*", other).split(":", 5)
    return len(parts) == 6 and len(form) == 6 and all(meet(left, right) for left, right in zip(parts, form))


def meet(one: str, other: str) -> bool:
    """Whether two texts, in which `*` stands for anything and `?` for one character, have a text in common."""
    reached = {(0, 0)}
    seen: set[tuple[int, int]] = set()
    while reached:
        at = reached.pop()
        if at in seen:
            continue
        seen.add(at)
        i, j = at
        if i == len(one) and j == len(other):
            return True
        left, right = one[i : i + 1], other[j : j + 1]
        if left == "*":
            reached.add((i + 1, j))
            if right:
                reached.add((i, j + 1))
        if right == "*":
            reached.add((i, j + 1))
            if left:
                reached.add((i + 1, j))
        if left and right and left != "*" and right != "*" and (left == right or "?" in (left, right)):
            reached.add((i + 1, j + 1))
    return False
