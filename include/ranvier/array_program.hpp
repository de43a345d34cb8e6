// Array programs: what a traced update() becomes. An ordered list of statements over flat arrays that persist over the
// steps, done strictly in that order, step after step.
//
//   ArrayProgram p(Precision::f32);
//   int v = p.array("V", 4000, ArrayKind::real, v0);          // a handle
//   auto k = p.kernel("decay", 4000);
//   k.store(v, k.op("mul", {k.load(v), k.literal(0.99)}));
//   p.compile({.threads = 2, .dt = 0.1});
//   p.run({.steps = 1000});
//   p.read(v, out);                                            // float[4000]
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ranvier/model.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier {

/// What an array holds: float or double as the program's precision says, truth values (a byte each where they are
/// read), int32.
enum class ArrayKind : std::uint8_t { real, boolean, integer };

/// Synapses by source, as compressed rows: those of source s are indices[indptr[s]] ... indices[indptr[s + 1] - 1].
struct ArrayRows {
  std::span<const std::int64_t> indptr;   ///< one more than there are sources
  std::span<const std::int32_t> indices;  ///< targets
};
/// One weight for all synapses, one each in the order of the rows, or an array of the program that holds them.
struct WeightArray {
  int array = 0;
};
using ArrayWeights = std::variant<double, std::span<const double>, WeightArray>;

enum class FiniteCheck : std::uint8_t { off, report };

struct ArrayProgramOptions {
  int threads = 1;
  int lanes = 0;  ///< width of kernels; 0: as fits the machine
  std::uint64_t seed = 0;
  double dt = 0.1;
  bool interpreter = false;  ///< kernels by the slow, exact interpreter: the oracle
  bool fuse = true;  ///< adjacent kernels of one size become one. The algebra looks at what is one: roundings may
                     ///< differ without
  /// Of stored reals: the first NaN or infinity of a run is reported, see ArrayProgram::report(). Arrays that hold one
  /// at the start are not.
  FiniteCheck check = FiniteCheck::report;
  bool disk_cache = true;
  std::shared_ptr<KernelCache> kernels = nullptr;  ///< shared with other programs; null: this one's own
};

struct ArrayProgramStatistics {
  int statements = 0, kernels = 0;  ///< of the traced program; kernels after fusion
  int compiled = 0, from_disk = 0, from_memory = 0;
  int lanes = 0, threads = 0;
  double seconds = 0, compile_seconds = 0;
};

struct ArrayMonitor {
  int array = 0;
  std::uint64_t every = 1;  ///< taken after steps every, 2 every ... of the run
  void* frames = nullptr;   ///< room for steps / every frames of the array's size, in the type that read() gives
};

struct ArrayRun {
  std::uint64_t steps = 0, first_step = 0;
  double t0 = 0;
  std::optional<std::uint64_t> seed = {};  ///< of this run's random numbers; none: that of compile()
  std::vector<ArrayMonitor> monitors = {};
  /// Called between steps, some ten times a second, with the steps that are done; false ends the run after them.
  std::function<bool(std::uint64_t done, std::uint64_t total)> progress = {};
};

/// A value that is not finite: the first of a run, in order of (step, statement, element).
struct NotFinite {
  std::string array;
  std::size_t element = 0;
  std::uint64_t step = 0;
  double value = 0;
};

/// UserError wherever a handle, a size or an index does not fit, naming the statement. Not for two threads at once
/// (UserError).
class ArrayProgram {
 public:
  using Node = int;
  struct Impl;

  /// The statements of one kernel: for each element i of [0, size), all loads before all stores.
  class Kernel {
   public:
    Node load(int array, std::size_t offset = 0);        ///< array[offset + i]
    Node load_scalar(int array, std::size_t index = 0);  ///< array[index], the same for all i
    Node step_scalar(int slot);                          ///< a number of this step, see slot()
    Node literal(double value);
    Node boolean(bool value);
    Node index();  ///< i
    /// An operator of ir/op.hpp by its name, or mod, sign, tan, sinh, cosh, ceil, round, log2, log10, sigmoid. Truth
    /// values count as 0 and 1 where numbers are wanted, and numbers that are not 0 as true.
    Node op(std::string_view name, std::span<const Node> operands);
    Node op(std::string_view name, std::initializer_list<Node> operands) {
      return op(name, std::span(operands.begin(), operands.size()));
    }
    /// "uniform" in [0, 1) or "normal": a function of (seed, stream, kind, element, step).
    Node random(std::string_view kind, std::uint64_t stream);
    Node poisson(Node mean, std::uint64_t stream);
    void store(int array, Node value, std::size_t offset = 0);

   private:
    friend class ArrayProgram;
    Kernel(Impl* impl, std::size_t statement) : impl_(impl), statement_(statement) {}
    Impl* impl_;
    std::size_t statement_;
  };

  explicit ArrayProgram(Precision precision);
  ~ArrayProgram();
  ArrayProgram(ArrayProgram&&) noexcept;
  ArrayProgram& operator=(ArrayProgram&&) noexcept;

  /// `initial`: one value an element, one for all, or none for zeros. `temporary`: never read from outside, so that it
  /// needs no memory where fusion leaves none of its uses.
  int array(const std::string& name, std::size_t size, ArrayKind kind = ArrayKind::real,
            std::span<const double> initial = {}, bool temporary = false);
  /// "t" (t0 + step * dt in f64, rounded once), "i" (the step's number), "dt", or a new name with a value of its own,
  /// see set_slot().
  int slot(const std::string& name);
  void set_slot(int slot, double value);
  [[nodiscard]] Kernel kernel(const std::string& name, std::size_t size);
  /// target[j] = or += the sum over the synapses onto j. A boolean source is event-driven; another one multiplies.
  void propagate(int source, std::size_t source_offset, std::size_t n_pre, ArrayRows rows, std::size_t n_post,
                 ArrayWeights weights, int target, std::size_t target_offset = 0, bool accumulate = false);
  /// target[j] = or += sum over i of source[i] * matrix[i * columns + j].
  void dense(int source, std::size_t source_offset, std::span<const double> matrix, std::size_t columns, int target,
             std::size_t target_offset = 0, bool accumulate = false);
  /// A product of two matrices that lie in arrays: target[i * n + j] = sum over l of left[left_offset + i * k + l] *
  /// right[right_offset + l * n + j], or * right[right_offset + j * k + l] if `transposed`. Of reals.
  void product(int left, std::size_t left_offset, int right, std::size_t right_offset, std::size_t m, std::size_t k,
               std::size_t n, bool transposed, int target);
  void gather(int source, std::span<const std::int64_t> index, int target, std::size_t target_offset = 0);
  /// Indices from an integer array: negative ones count from the end, others beyond it are moved to the nearest
  /// element.
  void gather(int source, int index, int target, std::size_t target_offset = 0);
  /// In ascending order of the source's elements. `op`: "set" or "add".
  void scatter(int target, std::span<const std::int64_t> index, int source, std::string_view op);
  void scatter(int target, int index, int source, std::string_view op);  ///< negative: from the end; outside: left out
  /// A row at a place that is known only when it is reached: target[j] = source[offset + index * count + j], with
  /// index = index_array[index_at] (negative: from the end; beyond it: the nearest) of `rows` rows.
  void row_read(int source, std::size_t offset, int index_array, std::size_t index_at, std::size_t count,
                std::size_t rows, int target);
  /// target[index * count + j] = source[offset + j]; nothing where the index is outside.
  void row_write(int target, int index_array, std::size_t index_at, int source, std::size_t offset, std::size_t count,
                 std::size_t rows);
  /// "sum" "max" "min" "any" "all" "mean", in blocks of 1,024 elements and a fixed tree over them.
  void reduce(std::string_view kind, int source, std::size_t offset, std::size_t size, int target,
              std::size_t target_index = 0);
  /// Over one axis of a (rows, columns) matrix: 0 gives a value a column, 1 a value a row.
  void segment_reduce(std::string_view kind, int source, std::size_t rows, std::size_t columns, int axis, int target);
  int ring(std::size_t size, std::size_t max_steps, ArrayKind kind = ArrayKind::real,
           std::span<const double> initial = {});
  void delay_write(int ring, int source);
  /// What was written `steps` writes before the latest one (0: the latest).
  void delay_read(int ring, std::size_t steps, int target);
  void delay_read(int ring, std::span<const std::int64_t> steps, int target);
  void repeat(std::uint64_t max_turns, int condition);  ///< while condition[0] is true
  void end();

  ArrayProgramStatistics compile(const ArrayProgramOptions& options);
  /// Steps done: fewer than asked for if progress() ended the run.
  std::uint64_t run(const ArrayRun& run);
  [[nodiscard]] std::optional<NotFinite> report() const;  ///< of the latest run

  /// Elements as float, double, std::uint8_t or std::int32_t, as the array's kind says.
  void read(int array, void* out) const;
  void write(int array, std::span<const double> values);
  [[nodiscard]] std::size_t size(int array) const;
  [[nodiscard]] ArrayKind kind(int array) const;
  [[nodiscard]] const std::string& name(int array) const;
  [[nodiscard]] int find(std::string_view name) const;  ///< -1: none
  [[nodiscard]] Precision precision() const;
  /// 32 digits of the structure: sizes, statements, literals, connectivity; not of names and initial values.
  [[nodiscard]] std::string hash() const;

 private:
  void add_arrivals(int arrivals, std::size_t size, int target, std::size_t offset, bool accumulate, bool scaled,
                    double weight);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ranvier
