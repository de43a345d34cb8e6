"""Errors with the library's own classes and texts, for what is found out in Python.

    raise user_error("population 'E'", "there is no state 'v'", "did you mean 'V'?")
"""
from ._core import UnitError, UserError


def _made(cls, where, problem, remedy):
    text = (f"{where}: {problem}" if where else problem) + (f"; {remedy}" if remedy else "")
    error = cls(text)
    error.where, error.problem, error.remedy = where, problem, remedy
    return error


def user_error(where, problem, remedy=""):
    return _made(UserError, where, problem, remedy)


def unit_error(where, problem, remedy=""):
    return _made(UnitError, where, problem, remedy)


def suggest(name, known):
    """"did you mean 'a' or 'b'?", or a list of what there is."""
    from difflib import get_close_matches
    known = [str(k) for k in known]
    lower = {k.lower(): k for k in known}
    near = [lower[k] for k in get_close_matches(str(name).lower(), lower, 2, 0.6)]
    if near:
        return "did you mean " + " or ".join(f"'{k}'" for k in near) + "?"
    return "there is " + ", ".join(f"'{k}'" for k in known[:20]) if known else ""
