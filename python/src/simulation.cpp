// ranvier._core.Simulation: see include/ranvier/simulation.hpp, whose names and meanings these are.
#include "ranvier/simulation.hpp"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <exception>

#include "arrays.hpp"
#include "bindings.hpp"
#include "choices.hpp"
#include "exported.hpp"
#include "held_simulation.hpp"
#include "model/model_data.hpp"
#include "ranvier/checkpoint.hpp"
#include "ranvier/equations.hpp"
#include "simulation_options.hpp"
#include "text/compile.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

// ------------------------------------------------------------------------------------------------------------------- recording

Reduce reduce_of(const std::string& name) {
  if (name.empty()) return Reduce::none;
  if (name == "mean") return Reduce::mean;
  if (name == "sum") return Reduce::sum;
  if (name == "min") return Reduce::min;
  if (name == "max") return Reduce::max;
  throw UserError("record", "there is no reduction '" + name + "'", "give \"mean\", \"sum\", \"min\" or \"max\"");
}

RecordOptions record_options(const nb::dict& given) {
  RecordOptions o;
  for (const auto& [key, value] : given) {
    const auto name = nb::cast<std::string>(key);
    if (name == "every") {
      const auto every = nb::cast<std::int64_t>(value);
      if (every < 1 || every > 0xffffffffll) throw UserError("record", "every = " + std::to_string(every), "record every 1st, 2nd, ... step");
      o.every = static_cast<std::uint32_t>(every);
    } else if (name == "neurons") {
      const Numbers<std::uint32_t> ids(value, "record: neurons");
      o.neurons.assign(ids.span().begin(), ids.span().end());
      if (o.neurons.empty()) throw UserError("record", "no neurons are chosen", "leave `neurons` out to record all");
    } else if (name == "from") {
      o.from = nb::cast<Quantity>(value);
    } else if (name == "until") {
      o.until = nb::cast<Quantity>(value);
    } else if (name == "steps") {
      const Numbers<std::uint64_t> steps(value, "record: steps");
      o.steps.assign(steps.span().begin(), steps.span().end());
      if (o.steps.empty()) throw UserError("record", "no steps are listed", "list at least one");
    } else if (name == "reduce") {
      o.reduce = reduce_of(nb::cast<std::string>(value));
    } else {
      throw UserError("record", "there is no option '" + name + "'",
                      detail::suggest(name, {"every", "neurons", "from", "until", "steps", "reduce"}));
    }
  }
  return o;
}

/// An expression of what the simulation knows by name: as text, or made by a Python function of a function from names to Expr.
ExpressionFunction expression_of(nb::handle given) {
  if (nb::isinstance<nb::tuple>(given)) {
    const auto t = nb::cast<nb::tuple>(given);
    TextPiece piece{nb::cast<std::string>(t[0]), nb::cast<std::string>(t[1]), nb::cast<std::uint32_t>(t[2]), nb::cast<std::uint32_t>(t[3])};
    return [piece](const Symbols& s) {
      const auto find = [&s](const std::string& name) -> std::optional<Expr> {
        if (text::unit_or_constant(name)) return {};
        return s(name);
      };
      return expression_from_text(piece, {find, {}});
    };
  }
  return [f = nb::borrow<nb::object>(given)](const Symbols& s) {
    const nb::object find = nb::cpp_function([&s](const std::string& name) { return s(name); });
    return nb::cast<Expr>(f(find));
  };
}

void bind_recording(nb::class_<HeldSimulation>& c) {
  c.def("record_spikes", [](HeldSimulation& h, const std::string& population, const nb::dict& options) {
    const Turn turn(h.use);
    return HeldSpikes{turn.simulation().record(SpikesRef{population}, record_options(options)), h.use};
  });
  c.def("record", [](HeldSimulation& h, const std::string& name, const nb::dict& options) {
    const Turn turn(h.use);
    return HeldStates{turn.simulation().record(name, record_options(options)), h.use};
  });
  c.def("record_synapses", [](HeldSimulation& h, const std::string& projection, const std::string& state, const nb::dict& options) {
    const Turn turn(h.use);
    return HeldStates{turn.simulation().record(SynapseRef{projection, state}, record_options(options)), h.use};
  });
  c.def("record_expression", [](HeldSimulation& h, const std::string& population, const std::string& name, nb::handle expression,
                                const nb::dict& options) {
    const Turn turn(h.use);
    return HeldStates{turn.simulation().record(population, name, expression_of(expression), record_options(options)), h.use};
  });
  c.def("record_rate", [](HeldSimulation& h, const std::string& population, const nb::dict& options) {
    const Turn turn(h.use);
    return HeldStates{turn.simulation().record_rate(SpikesRef{population}, record_options(options)), h.use};
  });
}

// ------------------------------------------------------------------------------------------------------------------------ runs

/// Callbacks are found by number in what run() is given, so that nothing here holds Python's objects.
class Dispatch {
 public:
  Dispatch(Use& use, nb::object f) : use_(use) { std::swap(use_.dispatch, f), before_ = std::move(f); }
  ~Dispatch() { use_.dispatch = std::move(before_); }
  Dispatch(const Dispatch&) = delete;
  Dispatch& operator=(const Dispatch&) = delete;

 private:
  Use& use_;
  nb::object before_;
};

Callback callback(const std::shared_ptr<Use>& use, std::uint64_t number) {
  return [held = use.get(), number](Simulation&) {
    const nb::gil_scoped_acquire gil;
    if (held->dispatch.is_valid()) held->dispatch(number);
  };
}

/// Signals are looked at between chunks of steps, whether or not somebody wants to be told; what Python raises there ends the run.
double run(HeldSimulation& h, const Quantity& duration, const nb::object& progress, const nb::object& dispatch) {
  const Turn turn(h.use);
  const Dispatch callbacks(*h.use, dispatch);
  std::exception_ptr raised;
  const ProgressFunction between = [&](const Progress& p) {
    const nb::gil_scoped_acquire gil;
    try {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      if (progress.is_none()) return true;
      const nb::object answer = progress(p.time_ms, p.end_ms, p.wall_seconds);
      return answer.is_none() || nb::cast<bool>(answer);
    } catch (...) {
      raised = std::current_exception();
      return false;
    }
  };
  double reached = 0;
  {
    const nb::gil_scoped_release free;
    reached = turn.simulation().run(duration, between);
  }
  if (raised) std::rethrow_exception(raised);
  return reached;
}

void bind_runs(nb::class_<HeldSimulation>& c) {
  c.def("run", &run, "duration"_a, "progress"_a.none(), "dispatch"_a);
  c.def("step", [](HeldSimulation& h, const nb::object& dispatch) {
    const Turn turn(h.use);
    const Dispatch callbacks(*h.use, dispatch);
    const nb::gil_scoped_release free;
    turn.simulation().step();
  }, "dispatch"_a);
  c.def("every", [](HeldSimulation& h, const Quantity& interval, const Quantity& from, std::uint64_t number) {
    return Turn(h.use).simulation().every(interval, callback(h.use, number), from);
  }, "interval"_a, "start"_a, "number"_a);
  c.def("cancel", [](HeldSimulation& h, std::size_t number) { Turn(h.use).simulation().cancel(number); });
  c.def("store", [](HeldSimulation& h, const std::string& name) { Turn(h.use).simulation().store(name); });
  c.def("restore", [](HeldSimulation& h, const std::string& name) { Turn(h.use).simulation().restore(name); });
  c.def("save", [](HeldSimulation& h, const std::string& path) {
    const Turn turn(h.use);
    const nb::gil_scoped_release free;
    io::save(turn.simulation(), path);
  });
  c.def("load", [](HeldSimulation& h, const std::string& path) {
    const Turn turn(h.use);
    const nb::gil_scoped_release free;
    io::load(turn.simulation(), path);
  });
  c.def("forget", [](HeldSimulation& h, const std::string& name) { Turn(h.use).simulation().forget(name); });
  c.def_prop_ro("stored", [](HeldSimulation& h) { return Turn(h.use).simulation().stored(); });
  c.def("reset", [](HeldSimulation& h) { Turn(h.use).simulation().reset(); });
  c.def("verify", [](HeldSimulation& h, const Quantity& duration) {
    const auto v = Turn(h.use).simulation().verify(duration);
    return nb::make_tuple(v.max_ulps, v.where, v.compared);
  }, "duration"_a);
  c.def_prop_ro("time_ms", [](HeldSimulation& h) { return Turn(h.use).simulation().time_ms(); });
  c.def_prop_ro("steps", [](HeldSimulation& h) { return Turn(h.use).simulation().steps(); });
}

// ---------------------------------------------------------------------------------------------------------------------- values

std::vector<double> numbers(nb::handle values, const std::string& what) {
  const Numbers<double> n(values, what);
  return {n.span().begin(), n.span().end()};
}

nb::tuple connectivity(HeldSimulation& h, const std::string& projection) {
  Edges e = Turn(h.use).simulation().connectivity(projection);
  const auto out = [](auto& v) { return exported(std::move(v), {v.size()}); };
  return nb::make_tuple(out(e.pre), out(e.post), out(e.weight), out(e.delay));
}

nb::tuple positions(HeldSimulation& h, const std::string& population) {
  Points p = Turn(h.use).simulation().positions(population);
  const std::size_t n = p.size(), axes = static_cast<std::size_t>(p.dimensions);
  nb::list period;
  for (std::size_t a = 0; a < axes; ++a) period.append(p.period[a]);
  return nb::make_tuple(exported(std::move(p.coordinates), {n, axes}), period);
}

void bind_values(nb::class_<HeldSimulation>& c) {
  c.def("get", [](HeldSimulation& h, const std::string& population, const std::string& variable) {
    auto values = Turn(h.use).simulation().get(population, variable);
    const auto n = values.size();
    return exported(std::move(values), {n});
  });
  c.def("set_each", [](HeldSimulation& h, const std::string& population, const std::string& variable, nb::handle values) {
    const auto each = numbers(values, population + "." + variable);
    Turn(h.use).simulation().set(population, variable, each);
  });
  c.def("set", [](HeldSimulation& h, const std::string& name, const Quantity& value) { Turn(h.use).simulation().set(name, value); });
  c.def("set_merged", [](HeldSimulation& h, const std::vector<std::string>& names, const Quantity& value) {
    Turn(h.use).simulation().set_merged(names, value);
  });
  c.def("set_input", [](HeldSimulation& h, const std::string& name, const Quantity& value) {
    Turn(h.use).simulation().set_input(name, value);
  });
  c.def("set_input_each", [](HeldSimulation& h, const std::string& name, nb::handle values, const Unit& unit) {
    const auto each = numbers(values, name);
    Turn(h.use).simulation().set_input(name, each, unit);
  });
  c.def("connectivity", &connectivity, "projection"_a);
  c.def("positions", &positions, "population"_a);
  c.def("spiked", [](HeldSimulation& h, const std::string& population) {
    auto ids = Turn(h.use).simulation().spiked(population);
    const auto n = ids.size();
    return exported(std::move(ids), {n});
  });
}

nb::dict info(HeldSimulation& h) {
  const Turn turn(h.use);
  const auto& i = turn.simulation().info();
  const auto& t = turn.simulation().timings();
  nb::dict out;
  out["isa"] = i.isa;
  out["precision"] = i.precision;
  out["method"] = i.method;
  out["backend"] = i.backend;
  out["threads"] = i.threads;
  out["lanes"] = i.lanes;
  out["neurons"] = i.neurons;
  out["synapses"] = i.synapses;
  out["synapse_bytes"] = i.synapse_bytes;
  out["seed"] = i.seed;
  out["population_sizes"] = i.population_sizes;
  out["projection_laws"] = i.projection_laws;
  out["warnings"] = i.warnings;
  out["kernels_compiled"] = i.kernels_compiled;
  out["kernels_cached"] = i.kernels_cached;
  nb::dict seconds;
  seconds["compile"] = t.compile;
  seconds["build"] = t.build;
  seconds["simulate"] = t.simulate;
  seconds["deliver"] = t.deliver;
  out["seconds"] = seconds;
  return out;
}

void bind_facts(nb::class_<HeldSimulation>& c) {
  c.def_prop_ro("info", &info);
  c.def_prop_ro("spike_count", [](HeldSimulation& h) { return Turn(h.use).simulation().spike_count(); });
  c.def_prop_ro("spike_counts", [](HeldSimulation& h) { return Turn(h.use).simulation().spike_counts(); });
  c.def_prop_ro("event_count", [](HeldSimulation& h) { return Turn(h.use).simulation().event_count(); });
  c.def_prop_ro("checksum", [](HeldSimulation& h) { return Turn(h.use).simulation().checksum(); });
  c.def_prop_ro("program_hash", [](HeldSimulation& h) { return Turn(h.use).simulation().program_hash(); });
}

}  // namespace

SimulationOptions simulation_options(const nb::dict& given) {
  SimulationOptions o;
  for (const auto& [key, value] : given) {
    const auto name = nb::cast<std::string>(key);
    if (name == "dt") o.dt = nb::cast<Quantity>(value);
    if (name == "method") o.method = nb::cast<std::string>(value);
    if (name == "precision") o.precision = precision_of(nb::cast<std::string>(value));
    if (name == "seed") o.seed = nb::cast<std::uint64_t>(value);
    if (name == "threads") o.threads = nb::cast<int>(value);
    if (name == "lanes") o.lanes = nb::cast<int>(value);
    if (name == "fuse") o.fuse = nb::cast<bool>(value);
    if (name == "disk_cache") o.disk_cache = nb::cast<bool>(value);
    if (name == "interpreter") o.backend = nb::cast<bool>(value) ? Backend::interpreter : Backend::llvm;
  }
  return o;
}

void bind_simulation(nb::module_& m) {
  nb::class_<HeldSimulation> c(m, "Simulation", "Runs a network.");
  c.def("__init__", [](HeldSimulation* at, const Network& network, const nb::dict& options) {
    new (at) HeldSimulation(std::make_unique<Simulation>(network, simulation_options(options)));
  }, "network"_a, "options"_a);
  bind_recording(c);
  bind_runs(c);
  bind_values(c);
  bind_facts(c);
}

}  // namespace ranvier::python
