// ranvier show of a network: its parts, its graph, the memory that it needs, and the stages of its compilation.
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/network_view.hpp"
#include "cli/outputs.hpp"
#include "engine/stages.hpp"
#include "integrate/build.hpp"
#include "ranvier/network_file.hpp"
#include "ranvier/plot.hpp"

namespace ranvier::cli {

void show_stages(const Network& net, const ShowRequest& request) {
  auto options = simulation_options(request.network, Backend::llvm);
  options.dump.clear();
  dump_stages(options, "--stage", request.stage, stdout);
  engine::tell_stages(net, options);
}

namespace {

std::vector<TapView> recordings_of(const NetworkRequest& request) {
  std::vector<TapView> out;
  if (!is_file(request.name)) return out;
  for (const auto& r : read_network_file(request.name, {}, {request.duration, request.dt}).recordings) {
    std::string what = r.variable.empty() ? r.what == Recording::What::rate ? "rate" : "spikes" : r.variable;
    if (r.every) what += ", every " + to_string(*r.every);
    if (!r.every && r.options.every > 1) what += ", every " + std::to_string(r.options.every) + " steps";
    if (!r.options.neurons.empty()) what += ", of " + std::to_string(r.options.neurons.size());
    out.push_back({r.of, r.name + ": " + what});
  }
  return out;
}

}  // namespace

std::string as_toml(const Network& net, const std::string& title, const std::string& source, const NetworkRequest& request, Quantity duration, LibraryParts parts) {
  NetworkFile file;
  file.title = title;
  file.source = source;
  file.network = net;
  file.run = {.duration = duration, .dt = request.dt, .seed = request.seed, .precision = request.precision, .method = request.method};
  return to_toml(file, parts);
}

std::string show_network(const ShowRequest& request) {
  const auto entry = network_entry(request.network);
  const Network net = build_network(entry, request.network);
  if (!request.stage.empty()) {
    show_stages(net, request);
    return "";
  }
  if (request.as_toml) return as_toml(net, entry.summary, entry.source, request.network, request.network.duration.value_or(entry.duration));
  const auto options = simulation_options(request.network, Backend::llvm);
  if (!request.graph.empty()) plot::check_writable(request.graph);
  const auto program = integrate::build_step_program(net.data(), {options.dt, options.method, options.precision});
  auto view = view_of(net, program, options.threads, options.seed);
  view.recordings = recordings_of(request.network);
  if (!request.graph.empty()) draw_graph(view, entry.summary.empty() ? entry.name : entry.summary, request.graph);
  if (request.json) return as_json(view, entry.name, entry.summary);
  std::string text = heading(entry) + "\n" + as_table(view) + "\n" + as_graph(view);
  for (const auto& warning : program.warnings) notice("warning: " + warning);
  if (!request.graph.empty()) text += "wrote " + request.graph + " (graph)\n";
  return text;
}

}  // namespace ranvier::cli
