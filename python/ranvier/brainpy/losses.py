"""`bp.losses`: distances between outputs and targets, as functions (of traced values too). reduction: 'mean', 'sum' or 'none'.

    bp.losses.mean_squared_error(r, target)
"""
import math

from ._array import Array
from ._names import absent as _absent
from .math import abs as _abs, exp, log1p, log_softmax, logaddexp, maximum, mean, one_hot, sqrt, square, sum as _sum, where


def _reduced(values, reduction, axis=None):
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction is 'mean', 'sum' or 'none', not {reduction!r}")
    return mean(values, axis=axis) if reduction == "mean" else _sum(values, axis=axis) if reduction == "sum" else values


def _gap(a, b):
    a, b = Array(a), Array(b)
    if a.shape != b.shape and a.ndim and b.ndim:
        raise ValueError(f"the outputs are of the shape {a.shape}, the targets of {b.shape}")
    return a - b


def mean_squared_error(predicts, targets, axis=None, reduction="mean"):
    """The mean of (a - b)^2."""
    return _reduced(square(_gap(predicts, targets)), reduction, axis)


def mean_absolute_error(x, y, axis=None, reduction="mean"):
    """The mean of |a - b|."""
    return _reduced(_abs(_gap(x, y)), reduction, axis)


def mean_squared_log_error(predicts, targets, axis=None, reduction="mean"):
    """The mean of (log(1 + a) - log(1 + b))^2."""
    return _reduced(square(log1p(Array(predicts)) - log1p(Array(targets))), reduction, axis)


def l1_loss(logits, targets, reduction="sum"):
    """|a - b| summed over each sample (all axes but the first), then reduced."""
    gap = _abs(_gap(logits, targets))
    gap = gap.reshape((gap.shape[0], -1)) if gap.ndim else gap.reshape((1, 1))
    return _reduced(_sum(gap, axis=1), reduction)


def l2_loss(predicts, targets):
    """(a - b)^2 / 2, elementwise."""
    return 0.5 * square(_gap(predicts, targets))


def huber_loss(predicts, targets, delta=1.):
    """Quadratic to delta, linear beyond (Huber 1964), elementwise."""
    gap = _abs(_gap(predicts, targets))
    return where(gap > delta, delta * (gap - 0.5 * delta), 0.5 * square(gap))


def log_cosh_loss(predicts, targets):
    """log(cosh(a - b)), elementwise."""
    return log_cosh(_gap(predicts, targets))


def cross_entropy_loss(predicts, targets, weight=None, reduction="mean"):
    """-log softmax of the target's class, along the last axis; targets: whole numbers, or probabilities of the predictions' shape."""
    predicts, targets = Array(predicts), Array(targets)
    if targets.ndim + 1 == predicts.ndim:
        targets = one_hot(targets, predicts.shape[-1])
    if targets.shape != predicts.shape:
        raise ValueError(f"predictions of the shape {predicts.shape} do not fit targets of {targets.shape}")
    weight = 1. if weight is None else Array(weight)
    loss = -_sum(log_softmax(predicts) * targets * weight, axis=-1)
    if reduction == "mean" and not isinstance(weight, float):
        return _sum(loss) / _sum(targets * weight)
    return _reduced(loss, reduction)


def softmax_cross_entropy(logits, labels):
    """-sum of labels log softmax(logits) along the last axis."""
    return -_sum(Array(labels) * log_softmax(logits), axis=-1)


def cross_entropy_sparse(predicts, targets):
    """log(sum(exp(a))) less the a of the target's class, along the last axis."""
    predicts, targets = Array(predicts), Array(targets)
    return -_sum(log_softmax(predicts) * one_hot(targets, predicts.shape[-1]), axis=-1)


def sigmoid_binary_cross_entropy(logits, labels):
    """-labels log s - (1 - labels) log(1 - s), s = sigmoid(logits), elementwise."""
    logits, labels = Array(logits), Array(labels)
    return maximum(logits, 0.) - logits * labels + log1p(exp(-_abs(logits)))


def cross_entropy_sigmoid(predicts, targets):
    """sigmoid_binary_cross_entropy(logits, labels)."""
    return sigmoid_binary_cross_entropy(predicts, targets)




def binary_logistic_loss(predicts, targets):
    """log(1 + exp(-x)), x the prediction with the target's sign (targets 0 or 1)."""
    predicts, targets = Array(predicts), Array(targets)
    return logaddexp(where(targets > 0, -predicts, predicts), 0.)


def multiclass_logistic_loss(label, logits):
    """log(sum(exp(logits))) less that of the label's class."""
    logits = Array(logits)
    return -_sum(log_softmax(logits) * one_hot(Array(label), logits.shape[-1]), axis=-1)


def nll_loss(input, target, reduction="mean"):
    """Less the logarithms of probabilities at the targets' classes; input (samples, classes)."""
    input, target = Array(input), Array(target)
    return _reduced(-_sum(input * one_hot(target, input.shape[-1]), axis=-1), reduction)


def l2_norm(x, axis=None):
    """sqrt(sum(x^2)), of a tree of arrays together."""
    from ._tree import flatten
    return sqrt(sum(_sum(square(Array(v)), axis=axis) for v in flatten(x)[0]))


def mean_absolute(outputs, axis=None):
    """The mean of |x|."""
    return mean(_abs(outputs), axis=axis)


def mean_square(predicts, axis=None):
    """The mean of x^2."""
    return mean(square(Array(predicts)), axis=axis)


def log_cosh(errors):
    """log(cosh(x)), elementwise, without overflow."""
    return logaddexp(errors, -Array(errors)) - math.log(2.)


def smooth_labels(labels, alpha):
    """(1 - alpha) labels + alpha / number of classes (Mueller et al. 2019)."""
    labels = Array(labels)
    return (1. - alpha) * labels + alpha / labels.shape[-1]


class _Loss:
    def __init__(self, reduction="mean"):
        self.reduction = reduction

    def __call__(self, *args):
        return self._function(*args, reduction=self.reduction)


class CrossEntropyLoss(_Loss):
    """cross_entropy_loss with kept settings."""

    def __init__(self, weight=None, reduction="mean"):
        super().__init__(reduction)
        self.weight = weight

    def __call__(self, input, target):
        return cross_entropy_loss(input, target, self.weight, self.reduction)


def _kept(name, function):
    return type(name, (_Loss,), {"_function": staticmethod(function), "__module__": __name__, "__doc__": f"{function.__name__} with a kept reduction."})


MSELoss, MAELoss = _kept("MSELoss", mean_squared_error), _kept("MAELoss", mean_absolute_error)
L1Loss, NLLLoss = _kept("L1Loss", l1_loss), _kept("NLLLoss", nll_loss)

__getattr__ = _absent(__name__, "bp.losses", dict.fromkeys(("ctc_loss", "ctc_loss_with_forward_probs"),
                                                           "it is of use in training only: train with BrainPy itself"))
