"""What to use instead of names of BrainPy's bm that are not here."""
_FILES = "use NumPy's function of this name on np.asarray(x)"
INSTEAD = {
    **dict.fromkeys(("make_loop", "make_while", "make_cond"), "use bm.for_loop, bm.while_loop, bm.cond"),
    **dict.fromkeys(("FunAsObject", "function"), "use the function itself: bm.for_loop and runners compile what they call"),
    **dict.fromkeys(("XLACustomOp", "compile_cpu_signature_with_numba"), "write the operation with functions of bm, which are compiled"),
    **dict.fromkeys(("matrix", "mat", "asmatrix"), "use bm.asarray and @"),
    "bfloat16": "use bm.float32",
    **dict.fromkeys(("spike_with_sigmoid_grad", "spike_with_linear_grad", "spike_with_gaussian_grad", "spike_with_mg_grad"),
                    "use bm.surrogate.inv_square_grad, relu_grad, gaussian_grad and multi_gaussian_grad"),
    "disp": "use print(x)",
    **dict.fromkeys(("add_docstring", "add_newdoc", "add_newdoc_ufunc", "asscalar", "issubclass_", "issubsctype", "iterable", "safe_eval",
                     "typename", "common_type", "info", "object_base", "unwrap"), _FILES),
}
