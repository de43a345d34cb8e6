#include "cli/report.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <limits>
#include <map>

#include "cli/json.hpp"
#include "cli/values.hpp"
#include "cli/version.hpp"

namespace ranvier::cli {
namespace {

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // Linux counts in KiB
}

double quotient(double a, double b) { return b > 0 ? a / b : std::numeric_limits<double>::quiet_NaN(); }

std::string line(const std::string& name, const std::string& text) { return fmt::format("{:<12}{}\n", name, text); }

std::string speed_text(const RunReport& r) {
  const double speed = quotient((r.simulated_ms - r.resumed_ms) / 1000, r.timings.simulate);
  return fmt::format("{} times real time, {} ns per neuron and step{}", ratio_text(speed),
                     ratio_text(r.ns_per_neuron_step()),
                     r.events > r.earlier_events ? ", " + ratio_text(r.ns_per_event()) + " ns per event" : "");
}

}  // namespace

// All of the simulation is counted in each of the two: update, delivery, recording.
double RunReport::ns_per_neuron_step() const {
  return quotient(timings.simulate * 1e9, static_cast<double>(info.neurons) * static_cast<double>(steps - earlier_steps));
}
double RunReport::ns_per_event() const { return quotient(timings.deliver * 1e9, static_cast<double>(events - earlier_events)); }
double RunReport::bytes_per_synapse() const {
  return quotient(static_cast<double>(info.synapse_bytes), static_cast<double>(info.synapses));
}

std::string checksum_text(std::uint64_t checksum) { return fmt::format("{:016x}", checksum); }

std::string as_text(const RunReport& r) {
  std::string sizes, rates;
  for (const auto& p : r.populations) {
    sizes += fmt::format("{}{} {}", sizes.empty() ? "" : ", ", p.name, grouped(p.size));
    rates += fmt::format("{}{} {:.2f} Hz", rates.empty() ? "" : ", ", p.name, p.rate_hz);
  }
  std::string out = r.network + ": " + r.summary + "\n";
  out += line("neurons", fmt::format("{} ({})", grouped(r.info.neurons), sizes));
  out += line("synapses", fmt::format("{}, {:.2f} bytes each", grouped(r.info.synapses),
                                      r.info.synapses > 0 ? r.bytes_per_synapse() : 0.0));
  std::map<std::string, std::string> by_law;
  for (const auto& [projection, law] : r.info.projection_laws)
    by_law[law] += (by_law[law].empty() ? "" : ", ") + projection;
  for (const auto& [law, projections] : by_law) out += line("wiring", projections + ": " + law);
  out += line("method",
              fmt::format("{}, {}, dt {:.12g} ms, seed {}", r.info.method, r.info.precision, r.dt_ms, r.info.seed));
  out += line("machine", fmt::format("{}, {}, {} lane{}, {} thread{}", r.info.backend, r.info.isa, r.info.lanes,
                                     r.info.lanes == 1 ? "" : "s", r.info.threads, r.info.threads == 1 ? "" : "s"));
  const std::string early = r.stopped.empty() ? "" : fmt::format(" of {:.12g} ms ({})", r.requested_ms, r.stopped);
  out += line("simulated", fmt::format("{:.12g} ms{} in {} steps{}", r.simulated_ms, early, grouped(r.steps),
                                       r.resumed_ms > 0 ? fmt::format(", from {:.12g} ms on", r.resumed_ms) : ""));
  out += line("rates", rates);
  out += line("spikes", fmt::format("{}, which made {} synaptic events; checksum {}", grouped(r.spikes),
                                    grouped(r.events), checksum_text(r.checksum)));
  out +=
      line("time", fmt::format("compile {}, build {}, simulate {}, write {}, total {}", seconds_text(r.timings.compile),
                               seconds_text(r.timings.build), seconds_text(r.timings.simulate),
                               seconds_text(r.write_seconds), seconds_text(r.total_seconds)));
  if (r.steps > r.earlier_steps) out += line("speed", speed_text(r));
  for (const auto& s : r.recordings) {
    const auto unit = s.unit.empty() ? "" : " " + s.unit;
    out += line("recorded", s.spikes ? fmt::format("{}: {} spikes", s.name, grouped(s.frames))
                                     : fmt::format("{}: {} of {} values, {:.6g} to {:.6g}{}, mean {:.6g}{}", s.name, grouped(s.frames), s.columns, s.low, s.high,
                                                   unit, s.mean, unit));
  }
  for (const auto& [what, path] : r.files) out += line("wrote", path + " (" + what + ")");
  return out;
}

std::string as_json(const RunReport& r) {
  JsonObject rates, seconds, files, sizes, laws;
  for (const auto& p : r.populations) {
    rates.add(p.name, p.rate_hz);
    sizes.add(p.name, p.size);
  }
  for (const auto& [projection, law] : r.info.projection_laws) laws.add(projection, law);
  seconds.add("compile", r.timings.compile).add("build", r.timings.build).add("simulate", r.timings.simulate);
  seconds.add("write", r.write_seconds).add("total", r.total_seconds);
  for (const auto& [what, path] : r.files) files.add(what == "states" || what == "recording" ? what + ":" + path : what, path);
  JsonArray recordings;
  for (const auto& s : r.recordings) {
    JsonObject each;
    each.add("name", s.name).add("of", s.of).add("what", s.what);
    if (s.spikes) each.add("spikes", s.frames);
    if (!s.spikes) each.add("unit", s.unit).add("frames", s.frames).add("columns", s.columns).add("mean", s.mean).add("min", s.low).add("max", s.high);
    recordings.add_raw(each.text());
  }
  JsonArray warnings;
  for (const auto& w : r.info.warnings) warnings.add_raw(json_string(w));
  JsonObject o;
  o.add("network", r.network)
      .add("neurons", r.info.neurons)
      .add("synapses", r.info.synapses)
      .add("spikes", r.spikes)
      .add("events", r.events);
  o.add("simulated_ms", r.simulated_ms).add("resumed_ms", r.resumed_ms).add("requested_ms", r.requested_ms).add("dt_ms", r.dt_ms).add("steps", r.steps);
  o.add_raw("populations", sizes.text()).add_raw("rates", rates.text()).add_raw("seconds", seconds.text());
  o.add("realtime_factor", quotient((r.simulated_ms - r.resumed_ms) / 1000, r.timings.simulate));
  o.add("ns_per_neuron_step", r.ns_per_neuron_step())
      .add("ns_per_event", r.ns_per_event())
      .add("bytes_per_synapse", r.bytes_per_synapse());
  o.add("peak_rss_mb", peak_rss_mb())
      .add("threads", r.info.threads)
      .add("ranks", r.info.ranks)
      .add("lanes", r.info.lanes);
  o.add("isa", r.info.isa)
      .add("backend", r.info.backend)
      .add("precision", r.info.precision)
      .add("method", r.info.method);
  o.add("seed", r.info.seed).add("version", version()).add("checksum", checksum_text(r.checksum));
  o.add("llvm_loaded", r.info.llvm_loaded)
      .add("kernels_compiled", r.info.kernels_compiled)
      .add("kernels_cached", r.info.kernels_cached);
  o.add("complete", r.stopped.empty()).add("stopped", r.stopped);
  o.add_raw("wiring", laws.text()).add_raw("files", files.text()).add_raw("recordings", recordings.text()).add_raw("warnings", warnings.text());
  return o.text() + "\n";
}

}  // namespace ranvier::cli
