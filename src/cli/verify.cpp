// ranvier verify and ranvier recover.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/outputs.hpp"
#include "cli/values.hpp"
#include "ranvier/io.hpp"

namespace ranvier::cli {
namespace {

std::string verification_text(const std::string& name, const Simulation& sim, const Verification& v, Quantity duration,
                              Quantity dt) {
  const auto& info = sim.info();
  std::string out = fmt::format("{}: {} neurons, {} from t = {:.12g} ms in steps of {}, {}, {}, {} lanes ({})\n", name,
                                grouped(info.neurons), to_string(duration), sim.time_ms(), to_string(dt), info.method,
                                info.precision, info.lanes, info.isa);
  out += fmt::format("compared {} values of compiled kernels with the interpreter's\n", grouped(v.compared));
  if (v.max_ulps == 0) return out + "largest difference 0 ulp: they agree bit for bit\n";
  return out + fmt::format("largest difference {:.6g} ulp, at {}\n", v.max_ulps, v.where);
}

std::string verification_json(const std::string& name, const Simulation& sim, const Verification& v,
                              Quantity duration) {
  const auto& info = sim.info();
  JsonObject o;
  o.add("network", name).add("neurons", info.neurons).add("from_ms", sim.time_ms()).add("duration_ms", duration.value);
  o.add("method", info.method).add("precision", info.precision).add("lanes", info.lanes).add("isa", info.isa);
  o.add("compared", v.compared).add("max_ulps", v.max_ulps).add("where", v.where);
  return o.text() + "\n";
}

}  // namespace

int verify(const VerifyRequest& request) {
  const auto entry = network_entry(request.network);
  const Network net = build_network(entry, request.network);
  const Quantity duration = request.network.duration.value_or(10 * units::ms);
  const bool to_file = !request.json.empty() && request.json != "-";
  if (to_file) check_writable(request.json);
  Simulation sim(net, simulation_options(request.network, Backend::llvm));
  for (const auto& warning : sim.info().warnings) notice("warning: " + warning);
  if (request.after.value != 0) sim.run(request.after);
  const Verification v = sim.verify(duration);
  if (!request.json.empty()) write_text(request.json, verification_json(entry.name, sim, v, duration));
  if (request.json != "-") print(verification_text(entry.name, sim, v, duration, request.network.dt));
  return v.max_ulps == 0 ? exit_good : exit_fault;
}

int recover(const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    const auto r = io::recover(path);
    std::string text = path + ": ";
    text += r.replayed   ? "was torn and has been completed from its journal"
            : r.complete ? "is whole"
                         : "can be read; its run did not end properly";
    if (std::isfinite(r.until)) text += fmt::format(", and holds everything up to t = {:.12g} ms", r.until);
    text += "\n";
    for (const auto& part : r.parts) text += fmt::format("  {}: {}\n", part.population, grouped(part.count));
    print(text);
  }
  return exit_good;
}

}  // namespace ranvier::cli
