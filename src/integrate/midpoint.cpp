// The explicit midpoint rule: second order, two evaluations.
#include "integrate/runge_kutta.hpp"

namespace ranvier::integrate {
namespace {

Update advance(const OdeSystem& s) { return runge_kutta(s, {{{0.5}}, {0.0, 1.0}, {0.5}}); }

}  // namespace

const Method midpoint{"midpoint", "explicit midpoint rule", 2, 2, accepts_all, advance};

}  // namespace ranvier::integrate
