// What the commands share: the clock, the network that was asked for, messages.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <system_error>

#include "base/in_unit.hpp"
#include "cli/commands.hpp"
#include "model/model_data.hpp"

namespace ranvier::cli {

// Before main() runs, a process does little but use its processor: loading libraries.
ProcessClock::ProcessClock() : start_(std::chrono::steady_clock::now()), before_(0) {
  timespec used{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0)
    before_ = static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

double ProcessClock::seconds() const {
  return before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

namespace {

void require_unit(const std::string& setting, Quantity value, const Dimension& wanted) {
  if (value.dimension == wanted) return;
  const std::string problem = "it must be " + base::in_unit(wanted) + ", and " + to_string(value) + " is not";
  throw UnitError("--set " + setting, problem,
                  "write for example --set " + setting + "=" + fmt::format("{:.12g}", value.value) +
                      (wanted.is_none() ? "" : unit_name(wanted)));
}

}  // namespace

Network build_network(const models::Entry& entry, const NetworkRequest& request) {
  models::Settings settings;
  std::vector<std::pair<std::string, Quantity>> parameters;
  for (const auto& [name, value] : request.settings) {
    const auto setting =
        std::find_if(entry.settings.begin(), entry.settings.end(), [&n = name](const auto& s) { return s.name == n; });
    if (setting != entry.settings.end() || name == "scale") {
      if (setting != entry.settings.end()) require_unit(name, value, setting->value.dimension);
      settings[name] = value;
    } else {
      parameters.emplace_back(name, value);
    }
  }
  Network net = entry.build(settings);
  for (const auto& [name, value] : parameters) {
    try {
      net.set(name, value);
    } catch (const UnitError&) {
      throw;
    } catch (const UserError& e) {
      // The name may have been meant for a setting.
      std::vector<std::string> known;
      for (const auto& s : entry.settings) known.push_back(s.name);
      const std::string near = detail::suggest(name, known);
      throw UserError(entry.name, e.problem() + ", and no such setting",
                      near.starts_with("did you mean") ? near : e.remedy());
    }
  }
  return net;
}

void check_times(Quantity duration, Quantity dt) {
  if (!(dt.value > 0))
    throw UserError("--dt", "the time step is " + to_string(dt), "give a time above 0, such as 0.1ms");
  if (!(duration.value >= 0))
    throw UserError("--duration", "the duration is " + to_string(duration), "give a time of 0 or more");
  const double steps = duration.value / dt.value, whole = std::floor(steps + 0.5);
  if (std::fabs(steps - whole) <= 1e-6) return;
  const auto multiple = [&](double n) { return fmt::format("{:.12g} ms", n * dt.value); };
  throw UserError("--duration", to_string(duration) + " is not a multiple of dt = " + to_string(dt),
                  "nothing was run; use " + multiple(std::floor(steps)) + " or " + multiple(std::ceil(steps)));
}

void dump_stages(SimulationOptions& options, const std::string& option, const std::string& stages, std::FILE* out) {
  static const std::vector<std::string> known{"step", "ir", "llvm", "asm"};
  for (std::size_t from = 0; from < stages.size();) {
    const std::size_t comma = std::min(stages.find(',', from), stages.size());
    const std::string stage = stages.substr(from, comma - from);
    if (std::find(known.begin(), known.end(), stage) == known.end()) {
      throw UserError(option, "there is no stage '" + stage + "'", "give one or more of step, ir, llvm and asm, separated by commas");
    }
    options.dump.push_back(stage);
    from = comma + 1;
  }
  options.dump_sink = [out](const std::string& stage, const std::string& object, const std::string& text) {
    const std::string block = fmt::format("--- {} of {} ---\n{}{}", stage, object, text, text.ends_with('\n') ? "" : "\n");
    if (std::fwrite(block.data(), 1, block.size(), out) != block.size()) throw UserError("the output", "cannot be written", "send it elsewhere");
  };
}

SimulationOptions simulation_options(const NetworkRequest& request, Backend backend) {
  SimulationOptions options;
  options.dt = request.dt;
  options.method = request.method;
  options.precision = request.precision;
  options.seed = request.seed;
  options.threads = request.threads;
  options.lanes = request.lanes;
  options.backend = backend;
  options.disk_cache = request.disk_cache;
  if (const char* stages = std::getenv("RANVIER_DUMP"); stages && *stages) dump_stages(options, "RANVIER_DUMP", stages, stderr);
  return options;
}

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  throw UserError("the standard output", "cannot be written: " + std::generic_category().message(errno),
                  "send it elsewhere");
}

void write_text(const std::string& path, const std::string& text) {
  if (path == "-") return print(text);
  std::FILE* file = std::fopen(path.c_str(), "w");
  const bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int failure = errno;
  const bool closed = file && std::fclose(file) == 0;
  if (written && closed) return;
  throw UserError(path, "cannot be written: " + std::generic_category().message(written ? errno : failure),
                  "write it elsewhere");
}

void notice(const std::string& text) { fmt::print(stderr, "ranvier: {}\n", text); }
void print_error(const std::string& text) { fmt::print(stderr, "ranvier: error: {}\n", text); }

}  // namespace ranvier::cli
