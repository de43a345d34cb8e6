// What there is to say about a network before it is simulated: its parts as text, its size, the memory that it needs.
//
//   NetworkView v = view_of(network, program, threads, seed);
//   print(as_table(v) + as_graph(v));
#pragma once

#include <string>
#include <vector>

#include "model/step_program.hpp"
#include "ranvier/network.hpp"

namespace ranvier::cli {

/// What arrives does to the target, at a membrane voltage below threshold.
enum class Effect { unknown, excites, inhibits };

struct PopulationView {
  std::string name, model, method, precision;
  std::uint32_t size = 0;
  std::vector<std::string> states;  ///< with units
  bool source = false;              ///< spikes without equations: a Poisson source, a list of spikes
  Effect effect{};                  ///< of all projections that leave it, where they agree
  double bytes = 0;
};

struct ProjectionView {
  std::string name, source, target;  ///< populations
  std::string from, to;              ///< the same with views: "E[0:100]"
  std::string rule, weight, delay, synapse, output, plasticity;
  Effect effect{};
  double synapses = 0, bytes = 0;
};

/// What reaches a population from outside, and what is recorded of it.
struct TapView {
  std::string population, what;
};

struct NetworkView {
  std::vector<PopulationView> populations;
  std::vector<ProjectionView> projections;
  std::vector<TapView> inputs, recordings;
  double bytes = 0, peak_bytes = 0;
  int threads = 0;
};

[[nodiscard]] NetworkView view_of(const Network& network, const model::StepProgram& program, int threads, std::uint64_t seed);

[[nodiscard]] std::string as_table(const NetworkView& v);
/// Members of a JSON object: "populations", "projections" ...
[[nodiscard]] std::string as_json(const NetworkView& v, const std::string& name, const std::string& summary);
/// A drawing with characters: boxes at the left, each with a wire for its spikes.
[[nodiscard]] std::string as_graph(const NetworkView& v);
/// A picture: .png, .svg or .pdf.
void draw_graph(const NetworkView& v, const std::string& title, const std::string& path);

}  // namespace ranvier::cli
