// A network as a table, and as JSON.
#include <fmt/format.h>

#include <cmath>

#include "cli/json.hpp"
#include "cli/network_view.hpp"
#include "cli/table.hpp"
#include "cli/values.hpp"
#include "connect/text.hpp"

namespace ranvier::cli {
namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

std::string synapses_text(double synapses) { return grouped(static_cast<std::uint64_t>(std::llround(synapses))); }

const char* effect_name(Effect e) { return e == Effect::excites ? "excites" : e == Effect::inhibits ? "inhibits" : ""; }

std::string taps_text(const char* title, const std::vector<TapView>& taps) {
  if (taps.empty()) return "";
  Table table({"population", "what"});
  for (const auto& t : taps) table.add({t.population, t.what});
  return std::string(title) + "\n" + table.text("  ");
}

}  // namespace

std::string as_table(const NetworkView& v) {
  Table populations({"name", "neurons", "model", "method", "", "states", "memory"}, {1, 6});
  std::uint64_t neurons = 0;
  double synapses = 0;
  for (const auto& p : v.populations) {
    populations.add({p.name, grouped(p.size), p.model, p.method, p.precision, joined(p.states), connect::size_text(p.bytes)});
    neurons += p.size;
  }
  Table projections({"name", "from", "to", "rule", "synapses", "weight", "delay", "synapse", "output", "plasticity", "memory"}, {4, 10});
  for (const auto& p : v.projections) {
    projections.add({p.name, p.from, p.to, p.rule, synapses_text(p.synapses), p.weight, p.delay, p.synapse, p.output, p.plasticity, connect::size_text(p.bytes)});
    synapses += p.synapses;
  }
  std::string out = "populations\n" + populations.text("  ");
  if (!projections.empty()) out += "projections (synapses: expected)\n" + projections.text("  ");
  out += taps_text("inputs", v.inputs) + taps_text("recordings", v.recordings);
  return out + fmt::format("in all\n  {} neurons, {} synapses, {} of memory; {} while they are connected, on {} thread{}\n", grouped(neurons),
                           synapses_text(synapses), connect::size_text(v.bytes), connect::size_text(v.peak_bytes), v.threads, v.threads == 1 ? "" : "s");
}

std::string as_json(const NetworkView& v, const std::string& name, const std::string& summary) {
  JsonObject populations, projections;
  for (const auto& p : v.populations) {
    JsonArray states;
    for (const auto& s : p.states) states.add_raw(json_string(s));
    populations.add_raw(p.name, JsonObject().add("size", p.size).add("model", p.model).add("method", p.method).add("precision", p.precision)
                                    .add_raw("states", states.text()).add("source", p.source).add("effect", effect_name(p.effect)).add("bytes", p.bytes).text());
  }
  for (const auto& p : v.projections) {
    projections.add_raw(p.name, JsonObject().add("source", p.from).add("target", p.to).add("rule", p.rule).add("synapses", p.synapses).add("weight", p.weight)
                                    .add("delay", p.delay).add("synapse", p.synapse).add("output", p.output).add("plasticity", p.plasticity)
                                    .add("effect", effect_name(p.effect)).add("bytes", p.bytes).text());
  }
  const auto taps = [](const std::vector<TapView>& list) {
    JsonArray out;
    for (const auto& t : list) out.add_raw(JsonObject().add("population", t.population).add("what", t.what).text());
    return out.text();
  };
  JsonObject o;
  o.add("kind", "networks").add("name", name).add("summary", summary);
  o.add_raw("populations", populations.text()).add_raw("projections", projections.text());
  o.add_raw("inputs", taps(v.inputs)).add_raw("recordings", taps(v.recordings));
  return o.add("bytes", v.bytes).add("peak_bytes", v.peak_bytes).add("threads", v.threads).text();
}

}  // namespace ranvier::cli
