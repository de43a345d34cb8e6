"""Small inline pictures for notebooks, without Matplotlib: networks, rasters, traces. Lines take the page's own colour."""
import math
from html import escape

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#666666")
_WIDTH, _HEIGHT = 116, 46   # of a population's box


def _svg(width, height, parts, top=0):
    return (f"<svg xmlns='http://www.w3.org/2000/svg' width='{width:g}' height='{height:g}' viewBox='0 {top:g} {width:g} {height:g}' "
            f"style='max-width:100%;font:12px sans-serif'>{''.join(parts)}</svg>")


def _text(x, y, text, anchor="middle", **style):
    more = "".join(f" {key.replace('_', '-')}='{value}'" for key, value in style.items())
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='currentColor'{more}>{escape(str(text))}</text>"


# ------------------------------------------------------------------------------------------------------------------- networks

def _places(n):
    """Middles of n boxes on an ellipse, and the size of the picture."""
    if n == 1:
        return [(150.0, 90.0)], 300, 150
    rx, ry = (150, 0) if n == 2 else (max(150, n * 30), max(85, n * 17))
    width, height = 2 * rx + _WIDTH + 120, 2 * ry + _HEIGHT + 130
    start = math.pi if n == 2 else -math.pi / 2
    return [(width / 2 + rx * math.cos(start + 2 * math.pi * k / n), height / 2 + ry * math.sin(start + 2 * math.pi * k / n))
            for k in range(n)], width, height


def _border(x, y, tx, ty):
    """Where the line from the middle (x, y) of a box towards (tx, ty) leaves the box."""
    dx, dy = tx - x, ty - y
    scale = min((_WIDTH / 2 + 3) / abs(dx) if dx else math.inf, (_HEIGHT / 2 + 3) / abs(dy) if dy else math.inf)
    return x + dx * scale, y + dy * scale


def _loop_side(y, middle):
    """Whether a population's arrow to itself is above (-1) or below (1) its box."""
    return 1 if y > middle + 20 else -1


def _arrow(one, two, colour, label, title, middle):
    (x1, y1), (x2, y2) = one, two
    anchor = "middle"
    if one == two:
        side = _loop_side(y1, middle)
        top = y1 + side * _HEIGHT / 2
        path = f"M{x1 - 18:.1f},{top:.1f} C{x1 - 48:.1f},{top + side * 52:.1f} {x1 + 48:.1f},{top + side * 52:.1f} {x1 + 18:.1f},{top + side * 3:.1f}"
        at = (x1, top + side * 41 + (-4 if side < 0 else 11))
    else:
        length = math.hypot(x2 - x1, y2 - y1)
        bend = 26 + 0.06 * length
        cx, cy = (x1 + x2) / 2 + (y2 - y1) / length * bend, (y1 + y2) / 2 - (x2 - x1) / length * bend
        (ax, ay), (bx, by) = _border(x1, y1, cx, cy), _border(x2, y2, cx, cy)
        path = f"M{ax:.1f},{ay:.1f} Q{cx:.1f},{cy:.1f} {bx:.1f},{by:.1f}"
        outwards = ((y2 - y1) / length, (x1 - x2) / length)   # where the curve bulges, and its label stands
        at = ((ax + 2 * cx + bx) / 4 + 6 * outwards[0], (ay + 2 * cy + by) / 4 + 3.5 + 8 * outwards[1])
        anchor = "start" if outwards[0] > 0.4 else "end" if outwards[0] < -0.4 else "middle"
    line = f"<path d='{path}' fill='none' stroke='{colour}' stroke-width='1.8' marker-end='url(#rv{colour[1:]})'/>"
    return f"<g><title>{escape(title)}</title>{line}{_text(*at, label, anchor, font_size=10) if label else ''}</g>"


def network(populations, projections):
    """Boxes for populations, arrows for projections (those of one pair drawn as one), with their facts as tooltips."""
    if not populations:
        return ""
    places, width, height = _places(len(populations))
    where = {p["name"]: place for p, place in zip(populations, places)}
    colour = {p["name"]: COLOURS[k % len(COLOURS)] for k, p in enumerate(populations)}
    parts = ["<defs>"]
    for c in sorted(set(colour.values())):
        parts.append(f"<marker id='rv{c[1:]}' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='6' markerHeight='6' orient='auto'>"
                     f"<path d='M0,0 L8,4 L0,8 z' fill='{c}'/></marker>")
    parts.append("</defs>")
    pairs: dict[tuple[str, str], list] = {}
    for p in projections:
        pairs.setdefault((p["pre"][0], p["post"][0]), []).append(p)
    for (pre, post), found in pairs.items():
        title = "\n".join(f"{p['name']}: {p['rule']}, {p['synapse'] or ', '.join(p['receptors'])} {p['output']}, weight {p['weight']}, "
                          f"delay {p['delay']}" for p in found)
        label = f"{len(found)} projections" if len(found) > 1 else found[0]["weight"] if len(pairs) <= 8 and len(found[0]["weight"]) < 14 else ""
        parts.append(_arrow(where[pre], where[post], colour[pre], label, title, height / 2))
    for p in populations:
        x, y = where[p["name"]]
        parts.append(f"<g><title>{escape(p['name'])}: {p['size']} neurons, {escape(p['model'])}</title>"
                     f"<rect x='{x - _WIDTH / 2:.1f}' y='{y - _HEIGHT / 2:.1f}' width='{_WIDTH}' height='{_HEIGHT}' rx='9' fill='{colour[p['name']]}' "
                     f"fill-opacity='0.12' stroke='{colour[p['name']]}' stroke-width='1.5'/>"
                     + _text(x, y - 3, _short(p["name"], 16), font_weight="bold")
                     + _text(x, y + 13, f"{p['size']:,} × {_short(p['model'], 13)}", font_size=11) + "</g>")
    margins = [(y, _HEIGHT / 2 + (62 if (name, name) in pairs and _loop_side(y, height / 2) == side else 22), side)
               for name, (_, y) in where.items() for side in (-1, 1)]
    top, bottom = min(y - m for y, m, side in margins if side < 0), max(y + m for y, m, side in margins if side > 0)
    return _svg(width, bottom - top, parts, top)


def _short(text, most):
    return text if len(text) <= most else text[:most - 1] + "…"


# ---------------------------------------------------------------------------------------------------------------------- axes

def _ticks(ends, count=5):
    low, high = ends
    span = high - low
    step = 10 ** math.floor(math.log10(span / count))
    step *= next(f for f in (1, 2, 5, 10) if span / (step * f) <= count)
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


class _Axes:
    """A frame with ticks: x and y map values to places."""

    def __init__(self, left, top, width, height, xs, ys):
        self.left, self.top, self.width, self.height, self.xs, self.ys = left, top, width, height, xs, ys

    def x(self, value):
        return self.left + (value - self.xs[0]) / (self.xs[1] - self.xs[0]) * self.width

    def y(self, value):
        return self.top + self.height - (value - self.ys[0]) / (self.ys[1] - self.ys[0]) * self.height

    def parts(self, x_label, y_label):
        right, bottom = self.left + self.width, self.top + self.height
        out = [f"<path d='M{self.left},{self.top} V{bottom} H{right}' fill='none' stroke='currentColor' stroke-opacity='0.6'/>"]
        for t in _ticks(self.xs, 6) if x_label else []:
            out.append(f"<path d='M{self.x(t):.1f},{bottom} v4' stroke='currentColor' stroke-opacity='0.6'/>"
                       + _text(self.x(t), bottom + 16, f"{t:g}", font_size=10))
        for t in _ticks(self.ys, 4):
            out.append(_text(self.left - 5, self.y(t) + 3, f"{t:g}", "end", font_size=10))
        middle = self.top + self.height / 2
        out.append(f"<g transform='rotate(-90 12 {middle:.1f})'>{_text(12, middle, y_label, font_size=11)}</g>")
        if x_label:
            out.append(_text(self.left + self.width / 2, bottom + 30, x_label, font_size=11))
        return out


def raster(times, ids, n, stop, colour=COLOURS[0], most=6000):
    """Dots of spikes over a strip of the rate. Of very many spikes every k-th neuron is drawn; the rate is that of all."""
    import numpy as np
    stop = max(stop, 1e-9)
    top = _Axes(52, 8, 560, 150, (0, stop), (-0.5, max(n, 1) - 0.5))
    every = max(1, math.ceil(len(times) / most))
    drawn = ids % every == 0
    x, y = top.x(times[drawn]), top.y(ids[drawn].astype(float))
    dots = "".join(f"M{a:.1f},{b:.1f}h1.6" for a, b in zip(x, y))
    parts = top.parts("", "neuron") + [f"<path d='{dots}' stroke='{colour}' stroke-width='1.6' fill='none'/>"]
    bins = 112
    counts = np.histogram(times, bins, (0, stop))[0]
    rate = counts / max(n, 1) / (stop / bins / 1000)
    strip = _Axes(52, 172, 560, 46, (0, stop), (0, max(float(rate.max()) if len(rate) else 0.0, 1.0)))
    steps = "".join(f"H{strip.x((k + 1) * stop / bins):.1f}V{strip.y(r):.1f}" for k, r in enumerate(np.append(rate[1:], 0.0)))
    parts += strip.parts("time (ms)", "Hz") + [f"<path d='M{strip.x(0)},{strip.y(0):.1f}V{strip.y(rate[0]):.1f}{steps}' fill='{colour}' "
                                               f"fill-opacity='0.25' stroke='{colour}'/>"]
    note = f"one neuron in {every} is drawn" if every > 1 else ""
    return _svg(624, 256, parts + [_text(612, 252, note, "end", font_size=9)])


def traces(times, values, labels, y_label, most=6):
    """Lines of the first columns; of long ones the least and the greatest of each stretch."""
    import numpy as np
    shown = np.asarray(values, float)[:, :most]
    good = shown[np.isfinite(shown)]
    low, high = (float(good.min()), float(good.max())) if len(good) else (0.0, 1.0)
    pad = 0.05 * (high - low) or 0.5
    start, stop = float(times[0]), float(times[-1])
    axes = _Axes(58, 8, 554, 180, (start, stop if stop > start else start + 1), (low - pad, high + pad))
    parts = axes.parts("time (ms)", y_label)
    stretch = max(1, len(times) // 500)
    for k in range(shown.shape[1]):
        keep = np.arange(len(times))
        if stretch > 1:
            whole = len(times) // stretch * stretch
            blocks = np.nan_to_num(shown[:whole, k]).reshape(-1, stretch)
            base = np.arange(0, whole, stretch)
            keep = np.unique(np.concatenate([base + blocks.argmin(1), base + blocks.argmax(1), np.arange(whole, len(times))]))
        points = " ".join(f"{axes.x(t):.1f},{axes.y(v):.1f}" for t, v in zip(times[keep], shown[keep, k]) if math.isfinite(v))
        colour = COLOURS[k % len(COLOURS)]
        parts.append(f"<g><title>{escape(str(labels[k]))}</title><polyline points='{points}' fill='none' stroke='{colour}' stroke-width='1.2'/></g>")
    if np.shape(values)[1] > most:
        parts.append(_text(612, 222, f"{most} of {np.shape(values)[1]} shown", "end", font_size=9))
    return _svg(624, 226, parts)
