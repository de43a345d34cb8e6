// Sweeps with Python functions: see include/ranvier/sweep.hpp. Points run on threads of their own; Python's part of each takes the GIL.
#include "ranvier/sweep.hpp"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "bindings.hpp"
#include "held_simulation.hpp"
#include "model/model_data.hpp"
#include "simulation_options.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

nb::tuple point_of(const SweepPoint& p) {
  nb::dict values;
  for (const auto& [name, value] : p.values) values[name.c_str()] = value;
  return nb::make_tuple(p.index, values, p.seed);
}

/// What Python raises at a point, as an error that its row keeps: the exception must not outlive the GIL.
template <class F>
auto as_row(F&& f) {
  const nb::gil_scoped_acquire gil;
  try {
    return f();
  } catch (const nb::python_error& e) {
    const std::string type = nb::cast<std::string>(e.type().attr("__name__")), text = nb::str(e.value()).c_str();
    throw UserError(type + ": " + text);
  }
}

/// A copy with graphs of its own, to be read without the GIL while Python extends expressions of the same models.
Network detached(nb::handle network) {
  auto copy = nb::cast<Network>(network);
  detail::detach(const_cast<detail::NetworkData&>(copy.data()));
  return copy;
}

SweepResult results_of(const nb::object& f, Simulation& sim, const SweepPoint& point) {
  HeldSimulation held(sim);
  struct End {
    std::shared_ptr<Use> use;
    ~End() { use->simulation = nullptr; }
  } const end{held.use};
  SweepResult out;
  const nb::object answer = f(nb::cast(std::move(held)), point_of(point));
  for (const auto& [name, value] : nb::cast<nb::dict>(answer)) out.emplace_back(nb::cast<std::string>(name), nb::cast<double>(value));
  return out;
}

nb::tuple run_sweep(const nb::object& build, const std::vector<std::pair<std::string, std::vector<Quantity>>>& axes,
                     const std::vector<std::uint64_t>& seeds, const nb::object& run, const nb::object& progress, const nb::dict& options,
                     int workers) {
  std::vector<SweepAxis> all;
  for (const auto& [name, values] : axes) all.push_back({name, values});
  SweepOptions o;
  o.simulation = simulation_options(options);
  o.workers = workers;
  nb::object raised = nb::none();
  o.progress = [&](const SweepProgress& p) {
    const nb::gil_scoped_acquire gil;
    try {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      if (!progress.is_none()) progress(p.done, p.failed, p.total);
      return true;
    } catch (const nb::python_error& e) {
      raised = nb::borrow(e.value());
      return false;
    }
  };
  const SweepRun each = [&](Simulation& sim, const SweepPoint& p) { return as_row([&] { return results_of(run, sim, p); }); };
  const SweepBuild from_point = [&](const SweepPoint& p) { return as_row([&] { return detached(build(point_of(p))); }); };
  std::optional<Network> fixed;
  if (nb::isinstance<Network>(build)) fixed = detached(build);
  SweepTable table;
  {
    const nb::gil_scoped_release free;
    table = fixed ? sweep(*fixed, all, seeds, each, o) : sweep(from_point, all, seeds, each, o);
  }
  nb::list rows;
  for (const auto& r : table.rows) {
    nb::dict results;
    for (const auto& [name, value] : r.results) results[name.c_str()] = value;
    rows.append(nb::make_tuple(point_of(r.point), results, r.error, r.done));
  }
  return nb::make_tuple(rows, table.complete, table.kernels_compiled, table.wall_seconds, table.csv(), raised);
}

}  // namespace

void bind_sweep(nb::module_& m) {
  m.def("sweep", &run_sweep, "build"_a, "axes"_a, "seeds"_a, "run"_a, "progress"_a.none(), "options"_a, "workers"_a);
  m.def("sweep_range", [](const std::string& name, const Quantity& first, const Quantity& last, const Quantity& step) {
    return sweep_range(name, first, last, step).values;
  }, "name"_a, "first"_a, "last"_a, "step"_a);
}

}  // namespace ranvier::python
