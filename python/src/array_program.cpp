// ranvier._core.ArrayProgram: see include/ranvier/array_program.hpp, whose names and meanings these are.
#include "ranvier/array_program.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <unistd.h>

#include <cmath>
#include <exception>
#include <limits>
#include <optional>
#include <optional>
#include <utility>

#include "arrays.hpp"
#include "bindings.hpp"
#include "choices.hpp"
#include "ranvier/error.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

ArrayKind kind_of(const std::string& name) {
  if (name == "real") return ArrayKind::real;
  if (name == "bool") return ArrayKind::boolean;
  if (name == "int") return ArrayKind::integer;
  throw UserError("kind of an array", "there is no '" + name + "'", "give \"real\", \"bool\" or \"int\"");
}

/// A number that Python gave for something that cannot be negative.
std::size_t whole(std::int64_t value, const char* what) {
  if (value < 0) throw UserError(what, std::to_string(value) + " is negative");
  return static_cast<std::size_t>(value);
}

/// Whether it is one number without axes: Python's, NumPy's or an array of no dimension.
bool is_number(nb::handle x) {
  if (PyLong_Check(x.ptr()) || PyFloat_Check(x.ptr())) return true;
  return nb::hasattr(x, "ndim") && nb::hasattr(x, "dtype") && nb::cast<int>(x.attr("ndim")) == 0 &&
         nb::cast<std::string>(x.attr("dtype").attr("kind")) != "b";
}

/// A whole number of whatever kind, NumPy's included.
std::optional<std::int64_t> whole_number(nb::handle x) {
  if (PyBool_Check(x.ptr()) || !is_number(x) || !PyIndex_Check(x.ptr())) return {};
  if (!PyLong_Check(x.ptr()) && nb::cast<std::string>(x.attr("dtype").attr("kind")) == "f") return {};
  const nb::object number = nb::steal(PyNumber_Index(x.ptr()));
  if (!number.is_valid()) {
    PyErr_Clear();
    return {};
  }
  std::int64_t out = 0;
  return nb::try_cast(number, out) ? std::optional(out) : std::nullopt;
}

int handle_of(std::int64_t number, const char* what) {
  if (number >= 0 && number <= std::numeric_limits<int>::max()) return static_cast<int>(number);
  throw UserError(what, std::to_string(number) + " is the handle of no array", "give what array() returned");
}

std::uint64_t seed_of(nb::handle x) {
  std::uint64_t seed = 0;
  if (nb::try_cast(x, seed)) return seed;
  const auto number = whole_number(x);
  if (number) return static_cast<std::uint64_t>(*number);
  throw UserError("seed", std::string(nb::str(x).c_str()).substr(0, 100) + " is no seed", "give a whole number of at most 64 bits");
}

/// One value for all elements, or one each, or none.
std::vector<double> initial_values(nb::handle initial) {
  if (initial.is_none()) return {};
  const nb::object array = nb::module_::import_("numpy").attr("asarray")(initial);
  const nb::object flat = nb::cast<int>(array.attr("ndim")) == 0 ? array.attr("reshape")(1) : array;
  const Numbers<double> numbers(flat, "initial values");
  for (std::size_t i = 0; i < numbers.span().size(); ++i) {
    if (std::isnan(numbers.span()[i])) throw UserError("initial values", "element " + std::to_string(i) + " is NaN", "give it a number");
  }
  return {numbers.span().begin(), numbers.span().end()};
}

/// Threads do not live on in a forked process: there the program can neither run nor be taken apart.
struct Held {
  std::unique_ptr<ArrayProgram> program;
  pid_t process = getpid();
  nb::object frames = nb::none();  ///< of the latest run, also of one that was interrupted
  std::uint64_t done = 0;

  explicit Held(Precision precision) : program(std::make_unique<ArrayProgram>(precision)) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    if (process != getpid()) (void)program.release();
  }
  ArrayProgram* operator->() {
    if (process != getpid())
      throw UserError("array program", "it was made before this process was forked", "make a new one in the new process");
    return program.get();
  }
};

const char* dtype_of(ArrayProgram& p, int array) {
  if (p.kind(array) == ArrayKind::boolean) return "bool";
  if (p.kind(array) == ArrayKind::integer) return "int32";
  return p.precision() == Precision::f32 ? "float32" : "float64";
}

nb::object empty(ArrayProgram& p, int array, nb::object shape) {
  return nb::module_::import_("numpy").attr("zeros")(std::move(shape), "dtype"_a = dtype_of(p, array));
}

void* data_of(const nb::object& array) { return nb::cast<nb::ndarray<nb::c_contig, nb::device::cpu>>(array).data(); }

nb::object get(Held& held, int array) {
  auto& p = *held.operator->();
  nb::object out = empty(p, array, nb::make_tuple(p.size(array)));
  p.read(array, data_of(out));
  return out;
}

nb::dict compile(Held& held, int threads, int lanes, nb::handle seed, double dt, bool interpreter, bool fuse, bool check,
                 bool disk_cache) {
  ArrayProgramOptions options{.threads = threads, .lanes = lanes, .seed = seed_of(seed), .dt = dt,
                              .interpreter = interpreter, .fuse = fuse};
  options.check = check ? FiniteCheck::report : FiniteCheck::off;
  options.disk_cache = disk_cache;
  auto* program = held.operator->();
  ArrayProgramStatistics s;
  {
    const nb::gil_scoped_release free;
    s = program->compile(options);
  }
  nb::dict out;
  out["statements"] = s.statements;
  out["kernels"] = s.kernels;
  out["compiled"] = s.compiled;
  out["from_disk"] = s.from_disk;
  out["from_memory"] = s.from_memory;
  out["lanes"] = s.lanes;
  out["threads"] = s.threads;
  out["seconds"] = s.seconds;
  out["compile_seconds"] = s.compile_seconds;
  return out;
}

/// Signals are looked at between steps, whether or not somebody wants to be told; what Python raises there ends the run.
std::function<bool(std::uint64_t, std::uint64_t)> between_steps(const nb::object& progress, std::exception_ptr& raised) {
  return [&progress, &raised](std::uint64_t done, std::uint64_t total) {
    const nb::gil_scoped_acquire held;
    try {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      if (progress.is_none()) return true;
      const nb::object answer = progress(done, total);
      return answer.is_none() || nb::cast<bool>(answer);
    } catch (...) {
      raised = std::current_exception();
      return false;
    }
  };
}

nb::object run(Held& held, std::int64_t steps, std::int64_t first_step, const std::vector<std::pair<int, std::int64_t>>& monitors,
               nb::object progress, double t0, std::optional<std::int64_t> seed) {
  auto& p = *held.operator->();
  ArrayRun request;
  request.steps = whole(steps, "number of steps");
  request.first_step = whole(first_step, "first step");
  request.t0 = t0;
  if (seed) request.seed = static_cast<std::uint64_t>(*seed);
  nb::list frames;
  for (const auto& [array, every] : monitors) {
    if (every < 1) throw UserError("monitor", "every " + std::to_string(every) + " steps", "give at least 1");
    nb::object room = empty(p, array, nb::make_tuple(request.steps / static_cast<std::uint64_t>(every), p.size(array)));
    request.monitors.push_back({array, static_cast<std::uint64_t>(every), data_of(room)});
    frames.append(room);
  }
  std::exception_ptr raised;
  request.progress = between_steps(progress, raised);
  std::uint64_t done = 0;
  {
    const nb::gil_scoped_release free;
    done = p.run(request);
  }
  if (done < request.steps) {
    for (std::size_t m = 0; m < monitors.size(); ++m) {
      const auto reached = static_cast<std::int64_t>(done) / monitors[m].second;
      frames[m] = nb::object(frames[m])[nb::slice(nb::int_(0), nb::int_(reached), nb::int_(1))];
    }
  }
  held.frames = frames;
  held.done = done;
  if (raised) std::rethrow_exception(raised);
  return frames;
}

nb::object report(Held& held) {
  const auto bad = held->report();
  if (!bad) return nb::none();
  nb::dict out;
  out["array"] = bad->array;
  out["element"] = bad->element;
  out["step"] = bad->step;
  out["value"] = bad->value;
  return out;
}

void propagate(Held& held, int source, std::int64_t source_offset, std::int64_t n_pre, nb::handle indptr, nb::handle indices,
               std::int64_t n_post, nb::handle weights, int target, std::int64_t target_offset, bool accumulate) {
  const Numbers<std::int64_t> rows(indptr, "propagate: indptr");
  const Numbers<std::int32_t> targets(indices, "propagate: indices");
  const auto with = [&](ArrayWeights w) {
    held->propagate(source, whole(source_offset, "propagate: source_offset"), whole(n_pre, "propagate: n_pre"),
                    {rows.span(), targets.span()}, whole(n_post, "propagate: n_post"), w, target,
                    whole(target_offset, "propagate: target_offset"), accumulate);
  };
  if (PyBool_Check(weights.ptr()))  // an int to Python, which would be the handle 0 or 1
    throw UserError("propagate: weights", "is a truth value", "give a float, an array of them, or the handle of an array");
  if (const auto handle = whole_number(weights)) return with(WeightArray{handle_of(*handle, "propagate: weights")});
  if (is_number(weights)) return with(nb::cast<double>(nb::float_(weights)));
  const Numbers<double> each(weights, "propagate: weights");
  with(each.span());
}

template <class F>
void with_index(nb::handle index, const char* what, F&& f) {
  if (const auto handle = whole_number(index)) return f(handle_of(*handle, what));
  const Numbers<std::int64_t> numbers(index, what);
  f(numbers.span());
}

void bind_kernel(nb::class_<ArrayProgram::Kernel>& c) {
  using Kernel = ArrayProgram::Kernel;
  c.def("load", [](Kernel& k, int array, std::int64_t offset) { return k.load(array, whole(offset, "load: offset")); }, "array"_a,
        "offset"_a = 0, "array[offset + i]");
  c.def("load_scalar", [](Kernel& k, int array, std::int64_t index) { return k.load_scalar(array, whole(index, "load_scalar: index")); },
        "array"_a, "index"_a = 0, "array[index], the same for all i");
  c.def("step_scalar", &Kernel::step_scalar, "slot"_a, "a number of this step, see ArrayProgram.slot()");
  c.def("literal", &Kernel::literal, "value"_a);
  c.def("boolean", &Kernel::boolean, "value"_a);
  c.def("index", &Kernel::index, "i, as a real number");
  c.def("op", [](Kernel& k, const std::string& name, const nb::args& operands) {
    std::vector<int> nodes;
    for (const auto node : operands) nodes.push_back(nb::cast<int>(node));
    return k.op(name, nodes);
  }, "name"_a, "operands"_a, "an operator by its name");
  c.def("random", [](Kernel& k, const std::string& kind, std::uint64_t stream) { return k.random(kind, stream); }, "kind"_a, "stream"_a,
        "\"uniform\" in [0, 1) or \"normal\": a function of (seed, stream, kind, element, step)");
  c.def("poisson", &Kernel::poisson, "mean"_a, "stream"_a);
  c.def("store", [](Kernel& k, int array, int node, std::int64_t offset) { k.store(array, node, whole(offset, "store: offset")); },
        "array"_a, "node"_a, "offset"_a = 0);
}

void bind_statements(nb::class_<Held>& c) {
  c.def("propagate", &propagate, "source"_a, "source_offset"_a, "n_pre"_a, "indptr"_a, "indices"_a, "n_post"_a, "weights"_a, "target"_a,
        "target_offset"_a = 0, "accumulate"_a = false,
        "target[j] = or += the sum over the synapses onto j, in compressed rows by source.\n\n"
        "weights: a float for all, an array in the order of the rows, or the handle (an int) of an array that holds them.");
  c.def("dense", [](Held& h, int source, std::int64_t offset, nb::handle matrix, int target, std::int64_t to, bool accumulate) {
    const Numbers<double> m(matrix, "dense: matrix", 2);
    h->dense(source, whole(offset, "dense: source_offset"), m.span(), m.columns(), target, whole(to, "dense: target_offset"), accumulate);
  }, "source"_a, "source_offset"_a, "matrix"_a, "target"_a, "target_offset"_a = 0, "accumulate"_a = false,
        "target[j] = or += sum over i of source[i] * matrix[i, j]");
  c.def("product", [](Held& h, int left, std::int64_t left_offset, int right, std::int64_t right_offset, std::int64_t m, std::int64_t k,
                      std::int64_t n, bool transposed, int target) {
    h->product(left, whole(left_offset, "product: left_offset"), right, whole(right_offset, "product: right_offset"), whole(m, "product: m"),
               whole(k, "product: k"), whole(n, "product: n"), transposed, target);
  }, "left"_a, "left_offset"_a, "right"_a, "right_offset"_a, "m"_a, "k"_a, "n"_a, "transposed"_a, "target"_a,
        "target[i, j] = sum over l of left[i, l] * right[l, j] (transposed: right[j, l]); matrices of (m, k) and (k, n) reals in arrays");
  c.def("gather", [](Held& h, int source, nb::handle index, int target, std::int64_t to) {
    with_index(index, "gather: index", [&](auto at) { h->gather(source, at, target, whole(to, "gather: target_offset")); });
  }, "source"_a, "index"_a, "target"_a, "target_offset"_a = 0, "target[i] = source[index[i]]; index: an array, or the handle of one");
  c.def("scatter", [](Held& h, int target, nb::handle index, int source, const std::string& op) {
    with_index(index, "scatter: index", [&](auto at) { h->scatter(target, at, source, op); });
  }, "target"_a, "index"_a, "source"_a, "op"_a = "set", "target[index[i]] = or += source[i], i ascending");
  c.def("row_read", [](Held& h, int source, std::int64_t offset, int index, std::int64_t at, std::int64_t count, std::int64_t rows, int target) {
    h->row_read(source, whole(offset, "row_read: offset"), index, whole(at, "row_read: index_at"), whole(count, "row_read: count"),
                whole(rows, "row_read: rows"), target);
  }, "source"_a, "offset"_a, "index"_a, "index_at"_a, "count"_a, "rows"_a, "target"_a,
        "target[j] = source[offset + index[index_at] * count + j]; the index is moved into [0, rows), a negative one counts from the end");
  c.def("row_write", [](Held& h, int target, int index, std::int64_t at, int source, std::int64_t offset, std::int64_t count, std::int64_t rows) {
    h->row_write(target, index, whole(at, "row_write: index_at"), source, whole(offset, "row_write: offset"),
                 whole(count, "row_write: count"), whole(rows, "row_write: rows"));
  }, "target"_a, "index"_a, "index_at"_a, "source"_a, "offset"_a, "count"_a, "rows"_a,
        "target[index[index_at] * count + j] = source[offset + j]; nothing for an index outside of [-rows, rows)");
  c.def("reduce", [](Held& h, const std::string& kind, int source, std::int64_t offset, std::int64_t size, int target, std::int64_t to) {
    h->reduce(kind, source, whole(offset, "reduce: offset"), whole(size, "reduce: size"), target, whole(to, "reduce: target_index"));
  }, "kind"_a, "source"_a, "offset"_a, "size"_a, "target"_a, "target_index"_a = 0, "\"sum\" \"max\" \"min\" \"any\" \"all\" \"mean\"");
  c.def("segment_reduce", [](Held& h, const std::string& kind, int source, std::int64_t rows, std::int64_t columns, int axis, int target) {
    h->segment_reduce(kind, source, whole(rows, "segment_reduce: rows"), whole(columns, "segment_reduce: columns"), axis, target);
  }, "kind"_a, "source"_a, "rows"_a, "columns"_a, "axis"_a, "target"_a);
  c.def("ring", [](Held& h, std::int64_t size, std::int64_t steps, const std::string& kind, nb::handle initial) {
    return h->ring(whole(size, "ring: size"), whole(steps, "ring: max_steps"), kind_of(kind), initial_values(initial));
  }, "size"_a, "max_steps"_a, "kind"_a = "real", "initial"_a = nb::none());
  c.def("delay_write", [](Held& h, int ring, int source) { h->delay_write(ring, source); }, "ring"_a, "source"_a);
  c.def("delay_read", [](Held& h, int ring, nb::handle steps, int target) {
    if (const auto one = whole_number(steps)) return h->delay_read(ring, whole(*one, "delay_read: steps"), target);
    const Numbers<std::int64_t> each(steps, "delay_read: steps");
    h->delay_read(ring, each.span(), target);
  }, "ring"_a, "steps"_a, "target"_a, "what was written `steps` writes before the latest one (0: the latest)");
  c.def("repeat", [](Held& h, std::int64_t turns, int condition) { h->repeat(whole(turns, "repeat: max_turns"), condition); },
        "max_turns"_a, "condition"_a, "the statements up to end() are repeated while condition[0] is true");
  c.def("end", [](Held& h) { h->end(); });
}

}  // namespace

void bind_array_program(nb::module_& m) {
  nb::class_<ArrayProgram::Kernel> kernel(m, "ArrayKernel", "One statement over elements [0, size): all loads before all stores.");
  bind_kernel(kernel);
  nb::class_<Held> c(m, "ArrayProgram",
                     "An ordered list of statements over flat arrays that persist over the steps, done in that order at each step.\n\n"
                     "Arrays are named by handles (int). The same program and seed give the same bits for every number of threads, lane\n"
                     "width, interpreted or compiled. Raises UserError wherever a handle, a size or an index does not fit.");
  c.def("__init__", [](Held* at, const std::string& precision) { new (at) Held(precision_of(precision)); }, "precision"_a = "f32");
  c.def("array", [](Held& h, const std::string& name, std::int64_t size, const std::string& kind, nb::handle initial, bool temporary) {
    return h->array(name, whole(size, "size of an array"), kind_of(kind), initial_values(initial), temporary);
  }, "name"_a, "size"_a, "kind"_a = "real", "initial"_a = nb::none(), "temporary"_a = false,
        "A new array of zeros or of `initial` (a number, or one for each element); kind: \"real\", \"bool\" or \"int\" (int32).");
  c.def("slot", [](Held& h, const std::string& name) { return h->slot(name); }, "name"_a, "\"t\", \"i\", \"dt\", or a name of its own");
  c.def("set_slot", [](Held& h, int slot, double value) { h->set_slot(slot, value); }, "slot"_a, "value"_a);
  c.def("kernel", [](Held& h, const std::string& name, std::int64_t size) { return h->kernel(name, whole(size, "size of a kernel")); },
        "name"_a, "size"_a, nb::keep_alive<0, 1>());
  bind_statements(c);
  c.def("compile", &compile, "threads"_a = 1, "lanes"_a = 0, "seed"_a = 0, "dt"_a = 0.1, "interpreter"_a = false, "fuse"_a = true,
        "check"_a = true, "disk_cache"_a = true, "Makes machine code; a dict of what that took.");
  c.def("run", &run, "steps"_a, "first_step"_a = 0, "monitors"_a = std::vector<std::pair<int, std::int64_t>>{}, "progress"_a = nb::none(),
        "t0"_a = 0.0, "seed"_a = nb::none(),
        "Runs `steps` steps without the GIL; a list of arrays (frames, size), one for each (handle, every) of `monitors`.\n\n"
        "progress(done, total) is called some ten times a second; False ends the run. Ctrl-C raises KeyboardInterrupt after the step\n"
        "at hand: the state is kept, the frames so far are in `frames`, the steps done in `done`.");
  c.def_prop_ro("frames", [](Held& h) { return h.frames; }, "What the latest run() recorded, interrupted or not.");
  c.def_prop_ro("done", [](Held& h) { return h.done; }, "Steps that the latest run() completed.");
  c.def("report", &report, "The first NaN or infinity of the latest run (dict: array, element, step, value), or None.");
  c.def("get", &get, "array"_a, "A copy of the elements: float32 or float64, bool, int32.");
  c.def("set", [](Held& h, int array, nb::handle values) {
    const Numbers<double> numbers(values, "set");
    h->write(array, numbers.span());
  }, "array"_a, "values"_a);
  c.def("size", [](Held& h, int array) { return h->size(array); }, "array"_a);
  c.def("name", [](Held& h, int array) { return h->name(array); }, "array"_a);
  c.def("find", [](Held& h, const std::string& name) { return h->find(name); }, "name"_a, "The handle of an array; -1: there is none.");
  c.def("hash", [](Held& h) { return h->hash(); }, "32 digits of the program's structure.");
}

}  // namespace ranvier::python
