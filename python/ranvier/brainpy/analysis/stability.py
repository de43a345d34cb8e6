"""Kinds of fixed points, by the eigenvalues of the slopes (Strogatz, Nonlinear Dynamics and Chaos, 5.2).

    kind = stability_analysis(np.array([[-1., 2.], [-2., -1.]]))        # 'stable focus'
"""
import numpy as np

SADDLE_NODE, CENTER_MANIFOLD = "saddle node", "center manifold"
STABLE_POINT_1D, UNSTABLE_POINT_1D = "stable point", "unstable point"
CENTER_2D, STABLE_NODE_2D, STABLE_FOCUS_2D, STABLE_STAR_2D, STABLE_DEGENERATE_2D = ("center", "stable node", "stable focus", "stable star",
                                                                                    "stable degenerate")
UNSTABLE_NODE_2D, UNSTABLE_FOCUS_2D, UNSTABLE_STAR_2D, UNSTABLE_DEGENERATE_2D, UNSTABLE_LINE_2D = (
    "unstable node", "unstable focus", "unstable star", "unstable degenerate", "unstable line")
COLOURS = {
    CENTER_MANIFOLD: "orangered", SADDLE_NODE: "tab:blue", STABLE_POINT_1D: "tab:red", UNSTABLE_POINT_1D: "tab:olive", CENTER_2D: "lime",
    STABLE_NODE_2D: "tab:red", STABLE_FOCUS_2D: "tab:purple", STABLE_STAR_2D: "tab:olive", STABLE_DEGENERATE_2D: "blueviolet",
    UNSTABLE_NODE_2D: "tab:orange", UNSTABLE_FOCUS_2D: "tab:cyan", UNSTABLE_STAR_2D: "green", UNSTABLE_DEGENERATE_2D: "springgreen",
    UNSTABLE_LINE_2D: "dodgerblue"}


def stability_analysis(derivatives):
    """The kind of a fixed point from the slope (one variable) or the (2, 2) Jacobian (two)."""
    slopes = np.asarray(derivatives, np.float64)
    if slopes.size == 1:
        slope = float(slopes.reshape(()))
        return SADDLE_NODE if slope == 0 else UNSTABLE_POINT_1D if slope > 0 else STABLE_POINT_1D
    if slopes.shape != (2, 2):
        raise ValueError(f"the slopes of one or two variables are a number or a (2, 2) matrix, not of the shape {slopes.shape}")
    trace, determinant = np.trace(slopes), slopes[0, 0] * slopes[1, 1] - slopes[0, 1] * slopes[1, 0]
    if determinant < 0:
        return SADDLE_NODE
    if determinant == 0:
        return CENTER_MANIFOLD if trace <= 0 else UNSTABLE_LINE_2D
    if trace == 0:
        return CENTER_2D
    side, discriminant = ("unstable" if trace > 0 else "stable"), trace * trace - 4 * determinant
    if discriminant:
        return f"{side} {'focus' if discriminant < 0 else 'node'}"
    return f"{side} {'star' if slopes[0, 1] == slopes[1, 0] == 0 else 'degenerate'}"
