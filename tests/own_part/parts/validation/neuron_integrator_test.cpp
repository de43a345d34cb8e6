// ../neurons/integrator.cpp against its closed form. Accepted if every interval is ceil(C (V_th - V_reset) / (I dt))
// steps.
#include "neurons/neuron_case.hpp"

namespace {

TEST(Integrator, IntervalsAreThoseOfTheClosedForm) {
  for (const double current : {130.0, 470.0, 1234.0}) {
    const auto net = one({"integrator", {{"I_ext", current * pA}}, {"V"}});
    Simulation sim(net, with("", 0.1));
    const auto spikes = sim.record(net.population("N").spikes());
    sim.run(200 * ms);
    const auto steps = static_cast<std::uint64_t>(std::ceil(200 * 15 / current / 0.1));
    ASSERT_GT(spikes->count(), 5u);
    for (std::size_t k = 0; k < spikes->count(); ++k) EXPECT_EQ(spikes->stamps()[k], (k + 1) * steps) << current;
  }
}

TEST(Integrator, InputIsACurrent) { expect_input_is_parameter({"integrator", {{"I_ext", 100 * pA}}, {"V"}}, 100 * pA); }

}  // namespace
