"""What one step does to flat arrays, as plain data: statements over numbered arrays.

    plan.statements, plan.arrays, plan.key
"""
import functools
import hashlib

import numpy as np


class ArraySpec:
    """One array of the program. role: 'var', 'const', 'operand', 'out' or 'temp'."""
    __slots__ = ("size", "kind", "role", "source")

    def __init__(self, size, kind, role, source=None):
        self.size, self.kind, self.role, self.source = int(size), kind, role, source


class Kernel:
    """One statement over elements [0, size): nodes (tuples, operands are earlier places) and stores (array, node, offset)."""

    def __init__(self, size, time):
        self.size, self.time = int(size), time
        self.nodes, self.stores, self.places, self.memo = [], [], {}, {}

    def add(self, *entry):
        key = (entry[0], entry[1].hex()) if entry[0] == "literal" else entry  # 0. and -0. are two numbers
        place = self.places.get(key)
        if place is None:
            place = self.places[key] = len(self.nodes)
            self.nodes.append(entry)
        return place

    def reads(self):
        return {n[1] for n in self.nodes if n[0] in ("load", "scalar")}

    def writes(self):
        return {s[0] for s in self.stores}

    def renamed(self, find):
        self.nodes = [(n[0], find(n[1]), n[2]) if n[0] in ("load", "scalar") else n for n in self.nodes]
        self.stores = [s for s in ((find(a), n, off) for a, n, off in self.stores) if self.nodes[s[1]] != ("load", s[0], s[2])]

    def copied(self):
        """(from, to) if it copies one array to another and does nothing else."""
        if len(self.stores) != 1:
            return None
        array, place, offset = self.stores[0]
        source = self.nodes[place]
        return (source[1], array) if source[0] == "load" and source[2] == offset == 0 else None

    def bytes(self):
        return 0

    def text(self):
        return repr(("kernel", self.size, self.nodes, self.stores))


class Operation:
    """Any other statement: its name, its arguments in the order of ArrayProgram's method; arrays by number where `arrays` says."""

    def __init__(self, name, arguments, reads, writes):
        self.name, self.arguments, self._reads, self._writes = name, list(arguments), list(reads), list(writes)

    def reads(self):
        return {self.arguments[k] for k in self._reads}

    def writes(self):
        return {self.arguments[k] for k in self._writes}

    def renamed(self, find):
        for k in self._reads + self._writes:
            self.arguments[k] = find(self.arguments[k])

    def bytes(self):
        """Of connectivity and the like; the program has a copy."""
        return 2 * sum(a.nbytes for a in self.arguments if isinstance(a, np.ndarray))

    def text(self):
        return repr((self.name, [digest(a) if isinstance(a, np.ndarray) else a for a in self.arguments]))


class Block:
    """Statements that are repeated while an array's first element is true, at most so many times."""

    def __init__(self, turns, condition, statements):
        self.turns, self.condition, self.statements = turns, condition, statements

    def reads(self):
        return {self.condition}.union(*[s.reads() for s in self.statements])

    def writes(self):
        return set().union(*[s.writes() for s in self.statements])

    def renamed(self, find):
        self.condition = find(self.condition)
        for s in self.statements:
            s.renamed(find)
        self.statements = [s for s in self.statements if not isinstance(s, Kernel) or s.stores]

    def bytes(self):
        return sum(s.bytes() for s in self.statements)

    def text(self):
        return repr(("repeat", self.turns, self.condition, [s.text() for s in self.statements]))


def digest(array):
    array = np.ascontiguousarray(array)
    return array.shape, array.dtype.str, hashlib.blake2b(array.view(np.uint8).reshape(-1) if array.size else b"", digest_size=16).hexdigest()


class Plan:
    """arrays; statements in order; variables [(Variable, array)]; operands [(number, array)]; outputs [array]."""

    def __init__(self, arrays, statements, variables, written, operands, outputs):
        self.arrays, self.statements, self.variables, self.written = arrays, statements, variables, written
        self.operands, self.outputs = operands, outputs
        self.bad = None  # of the latest run, see _program.py

    @functools.cached_property
    def key(self):
        """The digest of all that a compiled program depends on; values of Variables and operands are not part of it."""
        h = hashlib.blake2b(digest_size=16)
        for a in self.arrays:
            h.update(repr((a.size, a.kind, a.role, digest(a.source) if a.role == "const" else None)).encode())
        for s in self.statements:
            h.update(s.text().encode())
        h.update(repr(([a for _, a in self.variables], self.operands, self.outputs)).encode())
        return h.hexdigest()


def alias(arrays, statements, results):
    """Results in the arrays that they are copied to, where nobody reads these arrays' older values afterwards."""
    parent = list(range(len(arrays)))

    def find(a):
        while parent[a] != a:
            a = parent[a]
        return a
    reads, writes = [[] for _ in arrays], [[] for _ in arrays]
    for k, s in enumerate(statements):
        for a in s.reads():
            reads[a].append(k)
        for a in s.writes():
            writes[a].append(k)
    kept = set(results)
    for k, statement in enumerate(statements):
        pair = statement.copied() if isinstance(statement, Kernel) else None
        if pair is None:
            continue
        source, target = find(pair[0]), find(pair[1])
        a, b = arrays[source], arrays[target]
        if source == target or a.size != b.size or a.kind != b.kind or a.role not in ("temp", "out"):
            continue
        if b.role in ("var", "carry"):
            fits = _becomes(statements, find, source, target, reads, writes, k)
        else:
            then = min([w for w in writes[target] if w > k], default=len(statements))
            fits = source not in kept and all(w < k for w in writes[source]) and min(writes[target]) == k and all(
                r <= k or r < then or r == then and isinstance(statements[then], Kernel) for r in reads[source])
        if fits:
            one, other = (target, source) if b.role in ("var", "carry") else (source, target)
            parent[other] = one
            reads[one] = sorted(set(reads[one] + reads[other]) - {k})
            writes[one] = sorted(set(writes[one] + writes[other]) - {k})
            if other in kept:
                kept.add(one)
                arrays[one].role = "out" if arrays[one].role == "temp" else arrays[one].role
    return find


def _becomes(statements, find, source, target, reads, writes, k):
    """Whether the source may live in the Variable's array: nobody reads what the Variable held once the source is begun."""
    def copies(w):
        pair = statements[w].copied() if isinstance(statements[w], Kernel) else None
        return pair is not None and find(pair[0]) == target and find(pair[1]) == source
    changes = [w for w in writes[source] if not copies(w)]
    if not writes[source] or [w for w in writes[target] if w != k]:
        return False
    first = changes[0] if changes else k
    return all(r < first or r == first and isinstance(statements[first], Kernel) for r in reads[target])
