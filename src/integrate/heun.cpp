// Heun's method (explicit trapezium): second order, two evaluations.
#include "integrate/runge_kutta.hpp"

namespace ranvier::integrate {
namespace {

Update advance(const OdeSystem& s) { return runge_kutta(s, {{{1.0}}, {0.5, 0.5}, {1.0}}); }

}  // namespace

const Method heun{"heun", "Heun's explicit trapezium rule", 2, 2, accepts_all, advance};

}  // namespace ranvier::integrate
