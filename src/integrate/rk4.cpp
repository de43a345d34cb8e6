// The classical Runge-Kutta method: fourth order, four evaluations. Not stable for stiff gates at 0.1 ms.
#include "integrate/runge_kutta.hpp"

namespace ranvier::integrate {
namespace {

Update advance(const OdeSystem& s) { return runge_kutta(s, {{{0.5}, {0.0, 0.5}, {0.0, 0.0, 1.0}}, {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}, {0.5, 0.5, 1.0}}); }

}  // namespace

const Method rk4{"rk4", "classical Runge-Kutta method", 4, 4, accepts_all, advance};

}  // namespace ranvier::integrate
