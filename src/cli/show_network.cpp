// ranvier show of a network: its parts, its graph, the memory that it needs, and the stages of its compilation.
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/network_view.hpp"
#include "cli/outputs.hpp"
#include "engine/stages.hpp"
#include "integrate/build.hpp"
#include "ranvier/plot.hpp"

namespace ranvier::cli {

void show_stages(const Network& net, const ShowRequest& request) {
  auto options = simulation_options(request.network, Backend::llvm);
  options.dump.clear();
  dump_stages(options, "--stage", request.stage, stdout);
  engine::tell_stages(net, options);
}

std::string show_network(const ShowRequest& request) {
  const auto entry = network_entry(request.network.name);
  const Network net = build_network(entry, request.network);
  if (!request.stage.empty()) {
    show_stages(net, request);
    return "";
  }
  const auto options = simulation_options(request.network, Backend::llvm);
  if (!request.graph.empty()) plot::check_writable(request.graph);
  const auto program = integrate::build_step_program(net.data(), {options.dt, options.method, options.precision});
  const auto view = view_of(net, program, options.threads, options.seed);
  if (!request.graph.empty()) draw_graph(view, entry.summary.empty() ? entry.name : entry.summary, request.graph);
  if (request.json) return as_json(view, entry.name, entry.summary);
  std::string text = heading(entry) + "\n" + as_table(view) + "\n" + as_graph(view);
  for (const auto& warning : program.warnings) notice("warning: " + warning);
  if (!request.graph.empty()) text += "wrote " + request.graph + " (graph)\n";
  return text;
}

}  // namespace ranvier::cli
