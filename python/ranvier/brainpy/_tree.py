"""Values in tuples, lists and dicts.

    leaves, build = flatten({"a": (1, 2)})      # [1, 2]; build([3, 4]) == {"a": (3, 4)}
"""


def flatten(tree):
    """(the leaves, a function that builds the same tree of other leaves). None is a tree without leaves."""
    if tree is None:
        return [], lambda leaves: None
    if isinstance(tree, dict):
        keys, parts = list(tree), [flatten(v) for v in tree.values()]
        return [x for leaves, _ in parts for x in leaves], lambda leaves: type(tree)(zip(keys, _split(parts, leaves)))
    if isinstance(tree, (list, tuple)):
        parts = [flatten(v) for v in tree]
        make = (lambda values: type(tree)(*values)) if hasattr(tree, "_fields") else type(tree)
        return [x for leaves, _ in parts for x in leaves], lambda leaves: make(_split(parts, leaves))
    return [tree], lambda leaves: leaves[0]


def _split(parts, leaves):
    out, at = [], 0
    for own, build in parts:
        out.append(build(leaves[at:at + len(own)]))
        at += len(own)
    return out


def tree_map(function, tree, *others):
    leaves, build = flatten(tree)
    return build([function(*each) for each in zip(leaves, *[flatten(t)[0] for t in others])])
