// Networks from files: the entry that commands see, and ranvier check.
#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.hpp"
#include "cli/values.hpp"
#include "engine/footprint.hpp"
#include "integrate/build.hpp"
#include "ranvier/network_file.hpp"

namespace ranvier::cli {

bool is_file(const std::string& name) { return name.ends_with(".toml"); }

models::Entry network_entry(const NetworkRequest& request) {
  if (!is_file(request.name)) return models::find(request.name);
  const RunOverrides run{request.duration, request.dt};
  const auto file = read_network_file(request.name, {}, run);
  models::Entry e;
  e.name = request.name;
  e.summary = file.title;
  e.source = file.source;
  e.duration = file.run.duration;
  for (const auto& [constant, value] : file.constants) e.settings.push_back({constant, value, ""});
  e.make = [name = request.name, run](const models::Settings& given) { return read_network_file(name, given, run).network; };
  return e;
}

int new_file(const std::string& path) {
  const std::string text = R"toml(# A network for ranvier run; docs/network-files.md explains every key.
title = "excitatory and inhibitory neurons"

[constants]                        # --set we=0.8*mV on the command line replaces one
we = "0.6*mV"
wi = "-5*mV"

[models.lif]
equations = """
dV/dt = (El - V + drive)/tau : volt (unless refractory)
"""
parameters = { El = "-60*mV", tau = "20*ms", drive = "12*mV" }
threshold = "V >= -50*mV"
reset = "V = El"
refractory = "5*ms"
initial = { V = "El + 10*mV*rand()" }

[populations]
E = { model = "lif", size = 800 }
I = { model = "lif", size = 200 }

[[projections]]
source = "E"
target = ["E", "I"]                # one projection each: E_to_E, E_to_I
rule = "bernoulli(0.1)"
synapse = "delta"                  # an arrival adds the weight to V
weight = "we"
delay = "1*ms"

[[projections]]
source = "I"
target = ["E", "I"]
rule = "bernoulli(0.1)"
synapse = "delta"
weight = "wi"
delay = "1*ms"

[run]
duration = "200*ms"
dt = "0.1*ms"
seed = 1
)toml";
  if (path != "-" && std::filesystem::exists(path)) throw UserError(path, "there is such a file already", "give another name");
  write_text(path, text);
  return exit_good;
}

int check(const std::string& path) {
  const auto file = read_network_file(path);
  const auto& data = file.network.data();
  const auto program = integrate::build_step_program(data, {file.run.dt, file.run.method, file.run.precision});
  (void)engine::footprint(program, 1, file.run.seed);  // whether rules fit the sizes
  for (const auto& warning : program.warnings) notice("warning: " + warning);
  std::string text = path + ": ok\n";
  for (const auto& p : data.populations) text += fmt::format("  {}: {} neurons, {}\n", p.name, grouped(p.size), p.model.name);
  for (const auto& p : data.projections) text += fmt::format("  {}: {}\n", p.name, p.rule.law());
  print(text);
  return exit_good;
}

}  // namespace ranvier::cli
