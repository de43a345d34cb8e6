"""From a finished trace to the statements of an array program, as plain data: what one step does to flat arrays.

    plan = lower(trace.written(), outputs)      # outputs: nodes whose value after each step is wanted
    program = program_of(plan)

Nodes are values that never change, so only what is not elementwise fixes an order: a propagation, a reduction, a gather. Each node has
a level: how many of these lie before it. What must be in memory (the arguments of such operations, new values of Variables, outputs) is
stored by kernels, one for each level and size of arrays that depend on one another; all other nodes are computed where they are used.
Then `alias` (in _plan.py) lets results live in the Variables that they become.
"""
import numpy as np

from ._errors import TracingError
from ._graph import ELEMENTWISE
from ._plan import ArraySpec, Block, Kernel, Operation, Plan, alias

_KINDS = {"f": "real", "b": "bool", "i": "int"}
_INLINE = set(ELEMENTWISE) | {"lit", "slot", "fill", "random"}
_COPIED = {"put": 2, "scatter": 1, "put_row": 1}  # how many arguments are copied by kernels of the operation's own


def lower(written, outputs, start=0):
    """start: the serial that the trace's nodes have at least; older ones are of a trace that has ended."""
    return Lowering(start=start).run(written, outputs)


def reachable(roots, ends=()):
    """All nodes below the roots, arguments first; what is below the ends (ids) is left out."""
    found, stack = {}, list(roots)
    while stack:
        node = stack.pop()
        if id(node) not in found:
            found[id(node)] = node
            stack.extend(node.args if id(node) not in ends else ())
    return sorted(found.values(), key=lambda n: n.serial)


def base_of(node):
    """(what a chain of views looks at, offset)."""
    offset = 0
    while node.op == "view":
        offset += node.params["offset"]
        node = node.args[0]
    return node, offset


def _first_required(node):
    """Arguments from this one on must be in memory; those before are copied by kernels of the operation's own."""
    if node.op == "join":
        return len(node.args)
    return len(node.params["body"].leaves) + 1 if node.op == "loop" else _COPIED.get(node.op, 0)


class Lowering:
    def __init__(self, arrays=None, memory=None, start=0):
        self.start = start
        self.arrays, self.statements = [] if arrays is None else arrays, []
        self.fixed = set(memory or ())  # ids of nodes that were in memory before: of a body, those of what is around it
        self.memory = dict(memory or {})      # id of a node -> (array, time from which it holds)
        self.level = {}       # id of a node -> number of operations before it
        self.drawn = set()    # ids of single numbers that are drawn at random: they are stored, never computed twice
        self.roots = []       # (level, node, array, forced): what kernels store; forced: at that level
        self.targets = {}     # id of an operation's node -> array
        self.operations = {}  # level -> nodes
        self.computed = {}    # id of a node -> (kernel, place)
        self.wanted = {}      # id of a node that must be in memory -> array
        self.given = set()    # arrays that are some Variable's or output's result
        self.keep = []        # nodes whose ids are in use

    # -- arrays

    def array(self, size, kind, role="temp", source=None):
        self.arrays.append(ArraySpec(size, kind, role, source))
        return len(self.arrays) - 1

    def _leaf(self, node):
        """The array of a leaf, made at its first use."""
        found = self.memory.get(id(node))
        if found is None:
            source = node.params["value"] if node.op == "const" else node.params["variable" if node.op == "var" else "number"]
            found = self.memory[id(node)] = (self.array(node.size, _KINDS[node.kind], node.op, source), -1)
            self.keep.append(node)
        return found

    def place(self, node, time):
        """(array, offset) if the node is in memory at that time."""
        base, offset = base_of(node)
        if base.op in ("var", "const", "operand") and id(base) not in self.fixed:
            return self._leaf(base)[0], offset
        found = self.memory.get(id(base))
        if found is not None and found[1] <= time:
            return found[0], offset
        return None

    def here(self, node):
        """Whether the node is one that kernels compute."""
        return node.op in _INLINE and id(node) not in self.fixed

    def require(self, node):
        """The node will be in memory after the kernels of its level."""
        base, _ = base_of(node)
        if self.here(base) and id(base) not in self.wanted:
            target = self.wanted[id(base)] = self.array(base.size, _KINDS[base.kind])
            self.roots.append((self.level[id(base)], base, target, True))

    # -- levels

    def run(self, written, outputs):
        finals = [(v, leaf, new) for v, leaf, new in written]
        nodes = reachable([new for _, _, new in finals] + list(outputs))
        for node in nodes:
            self._level(node)
        variables = {}
        for node in nodes:
            if node.op == "var":
                variables[id(node)] = (node.params["variable"], self._leaf(node)[0])
        commits = []
        for variable, leaf, new in finals:
            variables[id(leaf)] = (variable, self._leaf(leaf)[0])
            commits.append((self._final(new, "temp"), self._leaf(leaf)[0]))
        values = {id(new): target for (_, _, new), (_, target) in zip(finals, commits)}
        results = [values[id(n)] if id(n) in values else self._final(n, "out") for n in outputs]
        self._schedule()
        self._commit(commits)
        return self._finish(variables, [t for _, t in commits], results)

    def _commit(self, pairs):
        for source, target in pairs:
            k = Kernel(self.arrays[target].size, None)
            k.stores.append((target, k.add("load", source, 0), 0))
            self.statements.append(k)

    def _level(self, node):
        op = node.op
        if op == "argument" or node.serial < self.start:
            raise TracingError("the value of a trace that has ended was used", "keep values between steps in a bm.Variable")
        if id(node) in self.fixed:
            self.level[id(node)] = 0
            return
        args = [self.level[id(a)] for a in node.args]
        if op in ("lit", "slot", "const", "var", "operand"):
            level = 0
        elif op == "view":
            base, _ = base_of(node)
            level = args[0]
            if self.here(base) and base.size != node.size:
                self.require(base)
                level = self.level[id(base)] + 1
        elif op == "part":
            level = args[0]
        elif op in _INLINE:
            level = self._inline_level(node, args)
        else:
            level = max(args) + 1
            self.operations.setdefault(level - 1, []).append(node)
            if op != "loop":
                self.targets[id(node)] = self.array(node.size, _KINDS[node.kind])
            for arg in node.args[_first_required(node):]:
                self.require(arg)
        self.level[id(node)] = level

    def _inline_level(self, node, args):
        level = max(args, default=0)
        one = node.size == 1
        if one and (node.op == "random" or any(id(base_of(a)[0]) in self.drawn for a in node.args)):
            self.drawn.add(id(node))
        if not one:
            for a in node.args:
                base, _ = base_of(a)
                if id(base) in self.drawn:
                    self.require(base)
                    level = max(level, self.level[id(base)] + 1)
        return level

    def _final(self, node, role):
        """The array that will hold the node at the end of the step."""
        ready = self.wanted.get(id(node), self.targets.get(id(node)))
        if ready is not None and ready not in self.given:
            self.given.add(ready)
            self.arrays[ready].role = role
            return ready
        target = self.array(node.size, _KINDS[node.kind], role)
        self.roots.append((self.level[id(node)], node, target, False))
        return target

    # -- order

    def _schedule(self):
        """What is wanted at the end goes with a kernel of its size that is needed anyway, else as late as all of its size."""
        forced = {(level, node.size) for level, node, _, now in self.roots if now}
        places, latest = [], {}
        for level, node, target, now in self.roots:
            later = [at for at, size in forced if size == node.size and at >= level]
            at = level if now else min(later, default=None)
            if at is None:
                latest[node.size] = max(latest.get(node.size, 0), level)
            places.append((at, node, target))
        levels = {}
        for at, node, target in places:
            levels.setdefault((latest[node.size] if at is None else at, node.size), []).append((node, target))
        for level in range(max([at for at, _ in levels] + list(self.operations) + [0]) + 1):
            groups = [g for (at, _), roots in levels.items() if at == level for g in self._components(roots)]
            for roots in sorted(groups, key=lambda g: min(n.serial for n, _ in g)):
                self._kernel(roots, 2 * level)
            for node in sorted(self.operations.get(level, []), key=lambda n: n.serial):
                self._operation(node, level)

    def _components(self, roots):
        """Roots that share a node or an array, apart from single numbers, belong into one kernel."""
        if len(roots) == 1:
            return [roots]
        owner, parent = {}, list(range(len(roots)))

        def find(k):
            while parent[k] != k:
                parent[k] = parent[parent[k]]
                k = parent[k]
            return k
        for k, (root, _) in enumerate(roots):
            stack = [root]
            while stack:
                node = stack.pop()
                base, _ = base_of(node)
                node = base if base.size == node.size or not self.here(base) else node
                if node.size == 1 and roots[0][0].size != 1 or node.op in ("lit", "slot"):
                    continue
                if id(node) in owner:
                    parent[find(owner[id(node)])] = find(k)
                    continue
                owner[id(node)] = k
                if self.here(node):
                    stack.extend(node.args)
        groups = {}
        for k, root in enumerate(roots):
            groups.setdefault(find(k), []).append(root)
        return list(groups.values())

    # -- kernels

    def _kernel(self, roots, time):
        kernel = Kernel(roots[0][0].size, time)
        for node, target in roots:
            kernel.stores.append((target, self._inline(node, kernel), 0))
            if self.wanted.get(id(node)) == target:
                self.memory[id(node)] = (target, time + 1)
        self.statements.append(kernel)
        return kernel

    def _inline(self, root, kernel):
        """The place of the node's value in the kernel."""
        stack = [root]
        while stack:
            node = stack[-1]
            if id(node) in kernel.memo:
                stack.pop()
                continue
            place = self._loaded(node, kernel)
            if place is None:
                args = [base_of(node)[0]] if node.op == "view" else list(node.args)
                missing = [a for a in args if id(a) not in kernel.memo]
                if missing:
                    stack.extend(missing)
                    continue
                place = self._compute(node, [kernel.memo[id(a)] for a in args], kernel)
                if node.size == kernel.size and node.op not in ("view", "fill", "lit", "slot"):
                    self.computed.setdefault(id(node), (kernel, place))
            kernel.memo[id(node)] = place
            self.keep.append(node)
            stack.pop()
        return kernel.memo[id(root)]

    def _loaded(self, node, kernel):
        """The node's value from memory, or None where it is to be computed."""
        found = self.place(node, kernel.time)
        if found is None and node.size == kernel.size:
            base, _ = base_of(node)
            earlier, place = self.computed.get(id(base), (None, 0))
            if earlier is not None and earlier.time < kernel.time:
                array = self.array(base.size, _KINDS[base.kind])
                earlier.stores.append((array, place, 0))
                self.memory[id(base)] = (array, earlier.time + 1)
                found = self.place(node, kernel.time)
        if found is None:
            if not self.here(base_of(node)[0]):
                raise AssertionError(f"{node} is not in memory where it is used")
            return None
        return kernel.add("load" if node.size == kernel.size else "scalar", *found)

    def _compute(self, node, args, kernel):
        op = node.op
        if op in ("view", "fill", "stop_gradient"):
            return args[0]
        if op == "lit":
            value = node.params["value"]
            return kernel.add("boolean", bool(value)) if node.kind == "b" else kernel.add("literal", float(value))
        if op == "slot":
            return kernel.add("slot", node.params["name"])
        if op == "random":
            if node.params["kind"] == "poisson":
                return kernel.add("poisson", args[0], node.params["stream"])
            return kernel.add("random", node.params["kind"], node.params["stream"])
        return _operator(kernel, node, args)

    # -- other operations

    def _whole(self, node, level):
        """An array that holds exactly the node, copied if it is a part of one."""
        array, offset = self.place(node, 2 * level + 1)
        if offset == 0 and self.arrays[array].size == node.size:
            return array
        target = self.array(node.size, _KINDS[node.kind])
        self._copy(node, target, 0, level)
        return target

    def _copy(self, node, target, offset, level):
        kernel = Kernel(node.size, 2 * level + 1)
        kernel.stores.append((target, self._inline(node, kernel), offset))
        self.statements.append(kernel)

    def _add(self, name, arguments, reads, writes):
        self.statements.append(Operation(name, arguments, reads, writes))

    def _operation(self, node, level):
        if node.op == "loop":
            return self._do_loop(node, level)
        target = self.targets[id(node)]
        getattr(self, "_do_" + node.op)(node, target, level)
        self.memory[id(node)] = (target, 2 * level + 2)
        self.keep.append(node)

    def _do_csr(self, node, target, level):
        source, offset = self.place(node.args[0], 2 * level + 1)
        p = node.params
        weights = p["weights"]
        reads = [0]
        if weights is None:
            weights = self._whole(node.args[1], level)
            reads.append(6)
        elif np.size(weights) == 1:
            weights = float(np.reshape(weights, -1)[0])
        self._add("propagate", [source, offset, node.args[0].size, p["indptr"], p["indices"], node.size, weights, target], reads, [7])

    def _do_dense(self, node, target, level):
        source, offset = self.place(node.args[0], 2 * level + 1)
        self._add("dense", [source, offset, node.params["matrix"], target], [0], [3])

    def _do_product(self, node, target, level):
        (left, first), (right, second) = (self.place(a, 2 * level + 1) for a in node.args)
        (m, k), n = node.args[0].shape, node.shape[1]
        self._add("product", [left, first, right, second, m, k, n, node.params["transposed"], target], [0, 2], [8])

    def _do_take(self, node, target, level):
        source, offset = self.place(node.args[0], 2 * level + 1)
        self._add("gather", [source, node.params["index"] + offset, target], [0], [2])

    def _do_gather(self, node, target, level):
        self._add("gather", [self._whole(node.args[0], level), self._whole(node.args[1], level), target], [0, 1], [2])

    def _do_scatter(self, node, target, level):
        self._copy(node.args[0], target, 0, level)
        index, source = self._whole(node.args[1], level), self._whole(node.args[2], level)
        self._add("scatter", [target, index, source, "add" if node.params["add"] else "set"], [0, 1, 2], [0])

    def _do_put(self, node, target, level):
        self._copy(node.args[0], target, 0, level)
        self._copy(node.args[1], target, node.params["start"], level)

    def _do_row(self, node, target, level):
        source, offset = self.place(node.args[0], 2 * level + 1)
        index, at = self.place(node.args[1], 2 * level + 1)
        self._add("row_read", [source, offset, index, at, node.size, node.args[0].size // max(node.size, 1), target], [0, 2], [6])

    def _do_put_row(self, node, target, level):
        self._copy(node.args[0], target, 0, level)
        index, at = self.place(node.args[1], 2 * level + 1)
        source, offset = self.place(node.args[2], 2 * level + 1)
        count = node.args[2].size
        self._add("row_write", [target, index, at, source, offset, count, node.size // max(count, 1)], [0, 1, 3], [0])

    def _do_reduce(self, node, target, level):
        source, offset = self.place(node.args[0], 2 * level + 1)
        self._add("reduce", [node.params["kind"], source, offset, node.args[0].size, target], [1], [4])

    def _do_axis(self, node, target, level):
        rows, columns = node.args[0].shape
        self._add("segment_reduce", [node.params["kind"], self._whole(node.args[0], level), rows, columns, node.params["axis"], target], [1], [5])

    def _do_join(self, node, target, level):
        offset = 0
        for part in node.args:
            if part.size:
                self._copy(part, target, offset, level)
            offset += part.size

    def _do_loop(self, node, level):
        """Copies of the first values, then the body again and again; see _loops.traced_loop."""
        body, now = node.params["body"], 2 * level + 1
        carried = []
        for leaf, first in zip(body.leaves, node.args):
            target = self.array(leaf.size, _KINDS[leaf.kind], "carry")
            self._copy(first, target, 0, level)
            carried.append(target)
        for captured in node.args[len(body.leaves) + 1:]:
            self.place(captured, now)
        going = self.array(1, "bool", "carry")
        self._copy(body.begin, going, 0, level)
        outside = {key: (array, -1) for key, (array, time) in self.memory.items() if time <= now}
        outside.update({id(leaf): (target, -1) for leaf, target in zip(body.leaves, carried)})
        inner = Lowering(self.arrays, outside)
        inner.keep.extend(node.args)
        self.statements.append(Block(body.turns, going, inner.block(body, carried + [going])))
        self.keep.append(inner)
        for part, target in zip(body.parts, carried):
            self.memory[id(part)] = (target, 2 * level + 2)
            self.keep.append(part)

    def block(self, body, targets):
        """The statements of one turn: the carried values' arrays get their next values, and the last one whether to go on."""
        results = body.results + [body.again]
        for node in reachable(results, self.fixed):
            self._level(node)
        sources = [self._final(r, "temp") for r in results]
        self._schedule()
        self._commit(zip(sources, targets))
        find = alias(self.arrays, self.statements, [])
        for s in self.statements:
            s.renamed(find)
        return [s for s in self.statements if not isinstance(s, Kernel) or s.stores]

    # -- the end

    def _finish(self, variables, written, results):
        find = alias(self.arrays, self.statements, results)
        kept = []
        for s in self.statements:
            s.renamed(find)
            if not isinstance(s, Kernel) or s.stores:
                kept.append(s)
        operands = [(a.source, k) for k, a in enumerate(self.arrays) if a.role == "operand"]
        return Plan(self.arrays, kept, list(variables.values()), written, operands, [find(r) for r in results])


_SAME = {"add", "sub", "mul", "div", "neg", "abs", "sqrt", "floor", "lt", "le", "gt", "ge", "eq", "ne", "logic_and", "logic_or", "logic_not",
         "select", "min", "max", "exp", "expm1", "exprel", "log", "log1p", "sin", "cos", "tanh", "pow"}


def _operator(kernel, node, args):
    op = node.op
    if op in _SAME:
        return kernel.add("op", op, *args)
    if op == "to_f":
        return kernel.add("op", "select", args[0], kernel.add("literal", 1.0), kernel.add("literal", 0.0)) if node.args[0].kind == "b" else args[0]
    if op == "to_b":
        return kernel.add("op", "ne", args[0], kernel.add("literal", 0.0))
    if op == "to_i":
        if node.args[0].kind != "f":
            return kernel.add("op", "select", args[0], kernel.add("literal", 1.0), kernel.add("literal", 0.0))
        down = kernel.add("op", "floor", args[0])
        up = kernel.add("op", "neg", kernel.add("op", "floor", kernel.add("op", "neg", args[0])))
        return kernel.add("op", "select", kernel.add("op", "lt", args[0], kernel.add("literal", 0.0)), up, down)
    if op == "floordiv":
        return kernel.add("op", "floor", kernel.add("op", "div", *args))
    if op == "round" and node.kind == "i":
        return args[0]
    return kernel.add("op", op, *args)


