"""Equations as MathML, which browsers and notebooks draw by themselves.

    equation("dV/dt = -gl * (V - El) / Cm")      # "<math ...>"
"""
import ast
import re
from html import escape

_GREEK = {name: chr(code) for name, code in zip(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho . sigma tau upsilon phi chi psi omega".split(),
    range(0x3B1, 0x3CA)) if name != "."}
_GREEK.update({"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω"})
_COMPARE = {ast.Lt: "&lt;", ast.LtE: "≤", ast.Gt: "&gt;", ast.GtE: "≥", ast.Eq: "=", ast.NotEq: "≠"}
# How tightly operators bind; a looser one within a tighter one is put in parentheses.
_LOGIC, _RELATION, _SUM, _SIGN, _PRODUCT, _POWER, _ATOM = range(7)   # a sign within a product or after another sign: in parentheses


def _row(*parts):
    return f"<mrow>{''.join(parts)}</mrow>"


def _op(text):
    return f"<mo>{text}</mo>"


def symbol(name):
    """A name with its first underscore or dot as a subscript, and Greek letters by name."""
    base, _, below = re.sub(r"[_.]", "\0", name, count=1).partition("\0")
    letter = lambda part: _GREEK.get(part, escape(part))
    shown = f"<mi>{letter(base)}</mi>" if base in _GREEK or len(base) == 1 else f"<mi mathvariant='normal'>{letter(base)}</mi>"
    if not below:
        return shown
    return f"<msub>{shown}<mrow><mi mathvariant='normal'>{letter(below).replace('_', ',&#x200A;')}</mi></mrow></msub>"


def _parenthesised(node, least):
    text, binding = _node(node)
    return text if binding >= least else _row(_op("("), text, _op(")"))


def _name(node):
    return node.id if isinstance(node, ast.Name) else f"{_name(node.value)}.{node.attr}"


def _number(value):
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    mantissa, e, exponent = text.partition("e")
    if not e:
        return f"<mn>{text}</mn>", _ATOM
    return _row(f"<mn>{mantissa}</mn>", _op("·"), f"<msup><mn>10</mn><mn>{int(exponent)}</mn></msup>"), _PRODUCT


def _factors(node):
    """(sign, factors) of a product, signs taken out."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        (one, left), (two, right) = _factors(node.left), _factors(node.right)
        return one * two, left + right
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, factors = _factors(node.operand)
        return -sign, factors
    return 1, [node]


def _product(node):
    """Numbers first, equal factors as powers."""
    sign, factors = _factors(node)
    factors = [f for f in factors if isinstance(f, ast.Constant)] + [f for f in factors if not isinstance(f, ast.Constant)]
    counts: dict[str, list] = {}
    for f in factors:
        counts.setdefault(ast.dump(f), [f, 0])[1] += 1
    parts = []
    for f, count in counts.values():
        if isinstance(f, ast.Constant):
            parts += [_number(f.value)[0]] * count
        else:
            parts.append(f"<msup>{_parenthesised(f, _ATOM)}<mn>{count}</mn></msup>" if count > 1 else _parenthesised(f, _PRODUCT))
    text = _row("<mspace width='0.18em'/>".join(parts))
    return (_row(_op("−"), text), _SIGN) if sign < 0 else (text, _PRODUCT)


def _binary(node):
    if isinstance(node.op, ast.Div):
        sign, _ = _factors(node.left)
        above = node.left
        if sign < 0 and isinstance(above, ast.UnaryOp):
            return _row(_op("−"), f"<mfrac>{_node(above.operand)[0]}{_node(node.right)[0]}</mfrac>"), _SIGN
        return f"<mfrac>{_node(above)[0]}{_node(node.right)[0]}</mfrac>", _PRODUCT
    if isinstance(node.op, ast.Mult):
        return _product(node)
    if isinstance(node.op, ast.Pow):
        return f"<msup>{_parenthesised(node.left, _ATOM)}{_node(node.right)[0]}</msup>", _POWER
    signs = {ast.Add: ("+", _SUM), ast.Sub: ("−", _SIGN), ast.Mod: ("mod", _PRODUCT), ast.FloorDiv: ("div", _PRODUCT)}
    if type(node.op) not in signs:
        raise ValueError("operator")
    sign, least = signs[type(node.op)]
    return _row(_parenthesised(node.left, _SUM), _op(sign), _parenthesised(node.right, least)), _SUM


def _call(node):
    name = _name(node.func)
    if name == "exp" and not any(isinstance(n, ast.Div) for n in ast.walk(node.args[0])):
        return f"<msup><mi mathvariant='normal'>e</mi>{_node(node.args[0])[0]}</msup>", _POWER
    if name == "sqrt":
        return f"<msqrt>{_node(node.args[0])[0]}</msqrt>", _ATOM
    if name == "abs":
        return _row(_op("|"), _node(node.args[0])[0], _op("|")), _ATOM
    if name == "pow":
        return f"<msup>{_parenthesised(node.args[0], _ATOM)}{_node(node.args[1])[0]}</msup>", _POWER
    if name == "where":
        condition, yes, no = (_node(x)[0] for x in node.args)
        rows = f"<mtr><mtd>{yes}</mtd><mtd><mtext>if </mtext>{condition}</mtd></mtr><mtr><mtd>{no}</mtd><mtd><mtext>else</mtext></mtd></mtr>"
        return _row(_op("{"), f"<mtable columnalign='left'>{rows}</mtable>"), _SUM
    arguments = _op(",").join(_node(x)[0] for x in node.args)
    return _row(f"<mi mathvariant='normal'>{escape(name)}</mi>", _op("("), arguments, _op(")")), _ATOM


def _node(node):
    """(MathML, how tightly it binds)"""
    if isinstance(node, ast.Constant):
        return _number(node.value)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return symbol(_name(node)), _ATOM
    if isinstance(node, ast.BinOp):
        return _binary(node)
    if isinstance(node, ast.Call):
        return _call(node)
    if isinstance(node, ast.UnaryOp):
        sign = _op("¬") if isinstance(node.op, ast.Not) else _op("−") if isinstance(node.op, ast.USub) else ""
        return _row(sign, _parenthesised(node.operand, _PRODUCT)), _SIGN
    if isinstance(node, ast.Compare):
        parts = [_parenthesised(node.left, _SUM)]
        for operator, right in zip(node.ops, node.comparators):
            parts += [_op(_COMPARE[type(operator)]), _parenthesised(right, _SUM)]
        return _row(*parts), _RELATION
    if isinstance(node, ast.BoolOp):
        sign = _op("∧") if isinstance(node.op, ast.And) else _op("∨")
        return _row(sign.join(_parenthesised(v, _RELATION) for v in node.values)), _LOGIC
    raise ValueError(type(node).__name__)


def expression(text):
    """The MathML of an expression; as plain text where it cannot be read."""
    try:
        return _node(ast.parse(text.strip(), mode="eval").body)[0]
    except (SyntaxError, ValueError, KeyError, RecursionError):
        return f"<mtext>{escape(text)}</mtext>"


def equation(text):
    """The MathML of "dV/dt = ..." or "x = ..."."""
    left, _, right = text.partition(" = ")
    rate = re.fullmatch(r"d([\w.]+)/dt", left)
    if rate:
        left = f"<mfrac><mrow><mi mathvariant='normal'>d</mi>{symbol(rate[1])}</mrow><mrow><mi mathvariant='normal'>d</mi><mi>t</mi></mrow></mfrac>"
    else:
        left = symbol(left) if re.fullmatch(r"[\w.]+", left) else f"<mtext>{escape(left)}</mtext>"
    return f"<div style='margin:9px 0'><math displaystyle='true'>{_row(left, _op('='), expression(right))}</math></div>"


def inline(text):
    return f"<math>{expression(text)}</math>"
