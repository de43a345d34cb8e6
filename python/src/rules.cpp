// ranvier._core.Rule and Positions: see include/ranvier/connect.hpp and positions.hpp.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "exported.hpp"
#include "ranvier/connect.hpp"
#include "ranvier/expr.hpp"
#include "ranvier/positions.hpp"
#include "ranvier/synapses.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;
using Shape = std::vector<std::uint32_t>;

template <class T>
std::vector<T> vector_of(nb::handle values, const char* what) {
  if (values.is_none()) return {};
  const Numbers<T> numbers(values, what);
  return {numbers.span().begin(), numbers.span().end()};
}

Rule listed(nb::handle pre, nb::handle post, nb::handle weight, nb::handle delay) {
  return explicit_list(vector_of<std::uint32_t>(pre, "pre"), vector_of<std::uint32_t>(post, "post"), vector_of<double>(weight, "weight"),
                       vector_of<double>(delay, "delay"));
}

nb::object pairs_of(const Rule& r) {
  const auto* p = r.pairs();
  if (!p) return nb::none();
  return nb::make_tuple(exported(std::vector(p->pre), {p->pre.size()}), exported(std::vector(p->post), {p->post.size()}),
                        exported(std::vector(p->weight), {p->weight.size()}), exported(std::vector(p->delay), {p->delay.size()}));
}

void bind_in_space(nb::module_& m) {
  m.def("grid_four", [](const Shape& shape, bool periodic) { return grid_four(shape, periodic); }, "shape"_a, "periodic"_a);
  m.def("grid_eight", [](const Shape& shape, bool periodic) { return grid_eight(shape, periodic); }, "shape"_a, "periodic"_a);
  m.def("grid_n", [](std::int64_t n, const Shape& shape, bool periodic) { return grid_n(n, shape, periodic); }, "n"_a, "shape"_a, "periodic"_a);
  m.def("gaussian_prob", &gaussian_prob, "sigma"_a, "peak"_a);
  m.def("exponential_prob", &exponential_prob, "scale"_a, "peak"_a);
  m.def("dog_prob", &dog_prob, "sigma"_a, "peak"_a, "surround_sigma"_a, "surround_peak"_a);
  m.def("prob_dist", &prob_dist, "radius"_a, "p"_a);
  m.def("bernoulli_of", [](const Expr& p) { return bernoulli(p); }, "p"_a);
  m.def("small_world", &small_world, "k"_a, "p"_a, "directed"_a);
  m.def("newman_watts", &newman_watts, "k"_a, "p"_a, "directed"_a);
  m.def("scale_free_ba", &scale_free_ba, "m"_a, "directed"_a);
}

void bind_given(nb::module_& m) {
  m.def("explicit_list", &listed, "pre"_a, "post"_a, "weight"_a.none(), "delay"_a.none());
  m.def("matrix", [](nb::handle weights) {
    const Numbers<double> w(weights, "matrix", 2);
    const auto columns = w.columns();
    return matrix(static_cast<std::uint32_t>(columns == 0 ? 0 : w.span().size() / columns), static_cast<std::uint32_t>(columns),
                  std::vector<double>(w.span().begin(), w.span().end()));
  }, "weights"_a);
  m.def("matrix_of_truth", [](nb::handle connected) {
    const Numbers<std::int32_t> w(connected, "matrix", 2);
    const auto columns = w.columns();
    return matrix(static_cast<std::uint32_t>(columns == 0 ? 0 : w.span().size() / columns), static_cast<std::uint32_t>(columns),
                  std::vector<bool>(w.span().begin(), w.span().end()));
  }, "connected"_a);
  m.def("csr", [](nb::handle indptr, nb::handle indices, nb::handle weight) {
    return csr(vector_of<std::uint64_t>(indptr, "indptr"), vector_of<std::uint32_t>(indices, "indices"), vector_of<double>(weight, "weight"));
  }, "indptr"_a, "indices"_a, "weight"_a.none());
  m.def("from_file", &from_file, "path"_a);
  m.def("symmetric", [](nb::handle a, nb::handle b, nb::handle weight) {
    return symmetric(vector_of<std::uint32_t>(a, "a"), vector_of<std::uint32_t>(b, "b"), vector_of<double>(weight, "weight"));
  }, "a"_a, "b"_a, "weight"_a.none());
}

void bind_positions(nb::module_& m) {
  nb::class_<Positions> c(m, "Positions", "Where the neurons of a population are.");
  c.def("periodic", [](const Positions& p) { return p.periodic(); });
  c.def("periodic_after", [](const Positions& p, const std::vector<Quantity>& lengths) { return p.periodic(lengths); }, "lengths"_a);
  c.def("shifted", &Positions::shifted, "by"_a);
  c.def_prop_ro("dimensions", &Positions::dimensions);
  c.def_prop_ro("text", &Positions::text);
  m.def("grid", [](const Shape& shape, const std::vector<Quantity>& spacing) {
    return spacing.size() == 1 ? grid(shape, spacing[0]) : grid(shape, spacing);
  }, "shape"_a, "spacing"_a);
  m.def("random_box", &random_box, "sides"_a);
  m.def("random_disc", &random_disc, "radius"_a);
  m.def("random_ball", &random_ball, "radius"_a);
  m.def("at_points", [](nb::handle points, const Unit& unit) {
    const Numbers<double> p(points, "points", 2);
    std::vector<std::vector<double>> rows;
    const auto columns = p.columns();
    for (std::size_t i = 0; columns > 0 && i < p.span().size(); i += columns) rows.emplace_back(p.span().data() + i, p.span().data() + i + columns);
    return at_points(rows, unit);
  }, "points"_a, "unit"_a);
}

}  // namespace

void bind_rules(nb::module_& m) {
  nb::class_<Rule> c(m, "Rule", "A connection rule: nothing is drawn until a simulation is built.");
  c.def("self_connections", &Rule::self_connections, "allowed"_a);
  c.def("multiple", &Rule::multiple, "allowed"_a);
  c.def_prop_ro("law", &Rule::law);
  c.def_prop_ro("text", [](const Rule& r) { return to_string(r); });
  c.def_prop_ro("pairs", &pairs_of, "(pre, post, weight, delay) of a list, or None");
  c.def("same", [](const Rule& a, const Rule& b) { return a == b; });
  c.def("__hash__", &Rule::hash);
  m.def("bernoulli", [](double p) { return bernoulli(p); }, "p"_a);
  m.def("fixed_outdegree", &fixed_outdegree, "k"_a);
  m.def("fixed_outdegree_fraction", &fixed_outdegree_fraction, "p"_a);
  m.def("fixed_indegree", &fixed_indegree, "k"_a);
  m.def("fixed_indegree_fraction", &fixed_indegree_fraction, "p"_a);
  m.def("fixed_total", &fixed_total, "n"_a);
  m.def("one_to_one", &one_to_one);
  m.def("all_to_all", &all_to_all);
  m.def("connection_rules", [] {
    nb::list out;
    for (const auto& r : connection_rules()) out.append(nb::make_tuple(r.name, r.arguments, r.summary));
    return out;
  }, "(name, arguments, summary) of every rule");
  bind_in_space(m);
  bind_given(m);
  bind_positions(m);
}

}  // namespace ranvier::python
