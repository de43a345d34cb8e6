"""Names that analyses know: kinds of systems, and keys of `options`.

    bp.analysis.PhasePlane2D(..., options={bp.analysis.C.y_by_x_in_fy: lambda V, a=0.7, b=0.8: (V + a) / b})

Options say how a nullcline is solved for one variable. They are taken and not needed: all nullclines are found on the grid, with exact slopes.
"""
CONTINUOUS, DISCRETE = "continuous", "discrete"
y_by_x_in_fx, y_by_x_in_fy, x_by_y_in_fx, x_by_y_in_fy = "fx::y=f(x)", "fy::y=f(x)", "fx::x=f(y)", "fy::x=f(y)"
x_by_y, y_by_x = "x_by_y", "y_by_x"
fx_nullcline_points, fy_nullcline_points = "fx_nullcline_points", "fy_nullcline_points"
