"""Names of the kinds of variables, Wiener processes and stochastic integrals that integrators are told."""
DT, F, G = "dt", "f", "g"
ITO_SDE, STRA_SDE = "Ito", "Stratonovich"
SCALAR_WIENER, VECTOR_WIENER = "scalar", "vector"
SCALAR_VAR, POP_VAR, SYSTEM_VAR = "scalar", "population", "system"
SUPPORTED_INTG_TYPE = [ITO_SDE, STRA_SDE]
SUPPORTED_WIENER_TYPE = [SCALAR_WIENER, VECTOR_WIENER]
SUPPORTED_VAR_TYPE = [SCALAR_VAR, POP_VAR, SYSTEM_VAR]


def choice(value, allowed, name):
    """The value, the first allowed one for None; ValueError for another."""
    if value is None:
        return allowed[0]
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, not {value!r}")
    return value
