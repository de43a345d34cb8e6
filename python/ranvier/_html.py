"""What notebooks show of models, networks, results and sweeps."""
from html import escape

from . import _mathml, _svg
from .units import Quantity

_TABLE = "border-collapse:collapse;margin:4px 0;font-size:90%"
_CELL = "text-align:left;padding:1px 10px 1px 0"


def _table(head, rows):
    cells = lambda tag, row: "".join(f"<{tag} style='{_CELL}'>{cell}</{tag}>" for cell in row)
    return f"<table style='{_TABLE}'><tr>{cells('th', head)}</tr>" + "".join(f"<tr>{cells('td', row)}</tr>" for row in rows) + "</table>"


def _card(title, *parts):
    return f"<div style='border-left:3px solid #0072B2;padding:2px 0 2px 12px;margin:4px 0'><div><b>{title}</b></div>{''.join(parts)}</div>"


def model_html(model):
    """Equations, threshold and the like typeset, and the parameters."""
    d = model.description
    title = escape(f"{type(model).__name__} {d['name'] or model.name}") + (f" <span style='opacity:.7'>{escape(d['summary'])}</span>" if d["summary"] else "")
    parts = [_mathml.equation(e) for e in d["equations"]]
    facts = []
    for label, text in d["properties"]:
        left, equals, right = text.partition(" = ")
        if label in ("reset", "at a pre event", "at a post event") and equals:
            shown = f"<math>{_mathml.symbol(left)}<mo>=</mo>{_mathml.expression(right)}</math>"
        elif label == "threshold":
            shown = _mathml.inline(text.replace(" (on becoming true)", "")) + (" (on becoming true)" if "becoming" in text else "")
        else:
            shown = escape(text)
        facts.append((escape(label), shown))
    if facts:
        parts.append(_table(("", ""), facts))
    if d["parameters"]:
        parts.append(_table(("parameter", "default", ""), [(f"<math>{_mathml.symbol(n)}</math>", escape(str(v)), escape(m)) for n, v, m in d["parameters"]]))
    if d["source"]:
        parts.append(f"<div style='opacity:.7;font-size:85%'>{escape(d['source'])}</div>")
    note = "<div style='opacity:.7;font-size:85%'>numbers in mV, ms, pA, nS, pF, µm</div>" if d["equations"] else ""
    return _card(title, *parts, note)


def network_html(net):
    """A diagram, and a table of the projections."""
    populations, projections = net._core.summary()
    shown = _svg.network(populations, projections) if len(populations) <= 24 else ""
    side = lambda s, p: escape(s[0] if s[2] - s[1] == p[s[0]] else f"{s[0]}[{s[1]}:{s[2]}]")
    sizes = {p["name"]: p["size"] for p in populations}
    rows = [(escape(p["name"]), side(p["pre"], sizes), side(p["post"], sizes), escape(p["rule"]),
             escape(" → ".join(x for x in (p["synapse"] or ", ".join(p["receptors"]), p["output"]) if x)), escape(p["weight"]), escape(p["delay"]),
             escape(p["plasticity"])) for p in projections]
    table = _table(("projection", "from", "to", "rule", "synapse", "weight", "delay", "plasticity"), rows) if rows else ""
    neurons = sum(sizes.values())
    return _card(f"Network of {neurons:,} neurons in {len(populations)} population{'s' * (len(populations) != 1)}", shown, table)


def spikes_html(record):
    rate = len(record) / max(record.n, 1) / max(record.stop.magnitude / 1000, 1e-12)
    title = f"{escape(record.population)}: {len(record):,} spikes of {record.n:,} neurons, {rate:.3g} Hz" if record.stop.magnitude else escape(repr(record))
    if not len(record):
        return _card(title)
    return _card(title, f"<div>{_svg.raster(record.times.magnitude, record.ids, record.n, record.stop.magnitude)}</div>")


def states_html(record):
    values = record.values
    plain = values.magnitude if isinstance(values, Quantity) else values
    title = escape(f"{record.name} of {record.population}: {plain.shape} in {record.unit}")
    if len(plain) < 2:
        return _card(title)
    columns = plain if plain.ndim == 2 else plain[:, None]
    labels = [f"neuron {n}" for n in record.neurons] if plain.ndim == 2 else [record.name]
    unit = str(record.unit)
    return _card(title, f"<div>{_svg.traces(record.times.magnitude, columns, labels, record.name + ('' if unit == 'unitless' else f' ({unit})'))}</div>")


def simulation_html(sim):
    info = sim.info
    facts = [("time", sim.time), ("method", f"{info['method']}, {info['precision']}, dt = {sim.dt}, seed {info['seed']}"),
             ("machine", f"{info['backend']}, {info['isa']}, {info['lanes']} lanes, {info['threads']} threads"),
             ("spikes", f"{sim.spike_count:,}, {sim.event_count:,} synaptic events"), *(("warning", w) for w in info["warnings"])]
    table = _table(("", ""), [(escape(a), escape(str(b))) for a, b in facts])
    return _card(f"Simulation of {info['neurons']:,} neurons, {info['synapses']:,} synapses", table, *(r._repr_html_() for r in sim.records[:6]))


def table_html(table, most=20):
    """A sweep's first rows."""
    if not len(table):
        return _card(escape(repr(table)))
    axes, results = list(table.points[0].values), list(dict.fromkeys(k for r in table.results for k in r))
    rows = [[escape(str(p.values[a])) for a in axes] + [str(p.seed)] + [f"{r[k]:.6g}" if k in r else "" for k in results] + [escape(e)]
            for p, r, e in list(zip(table.points, table.results, table.errors))[:most]]
    more = f"<div>{len(table) - most} more rows</div>" if len(table) > most else ""
    return _card(escape(repr(table)), _table([*map(escape, axes), "seed", *map(escape, results), "error"], rows), more)
