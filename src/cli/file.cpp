// Networks from files: the entry that commands see, and ranvier check.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/values.hpp"
#include "integrate/build.hpp"
#include "ranvier/network_file.hpp"

namespace ranvier::cli {

bool is_file(const std::string& name) { return name.ends_with(".toml"); }

models::Entry network_entry(const std::string& name) {
  if (!is_file(name)) return models::find(name);
  const auto file = read_network_file(name);
  models::Entry e;
  e.name = name;
  e.summary = file.title;
  e.source = file.source;
  e.duration = file.run.duration;
  for (const auto& [constant, value] : file.constants) e.settings.push_back({constant, value, ""});
  e.make = [name](const models::Settings& given) { return read_network_file(name, given).network; };
  return e;
}

int check(const std::string& path) {
  const auto file = read_network_file(path);
  const auto& data = file.network.data();
  (void)integrate::build_step_program(data, {file.run.dt, file.run.method, file.run.precision});
  std::string text = path + ": ok\n";
  for (const auto& p : data.populations) text += fmt::format("  {}: {} neurons, {}\n", p.name, grouped(p.size), p.model.name);
  for (const auto& p : data.projections) text += fmt::format("  {}: {}\n", p.name, p.rule.law());
  print(text);
  return exit_good;
}

}  // namespace ranvier::cli
