// build_rows(): one member function for each shape of law: by source, by target, by list.
#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "connect/pairs.hpp"
#include "connect/draw_values.hpp"
#include "connect/rows.hpp"
#include "connect/space.hpp"
#include "connect/subset.hpp"
#include "connect/text.hpp"
#include "connect/words.hpp"

namespace ranvier::connect {

class RowsBuilder {
 public:
  RowsBuilder(const Rule& rule, const Ends& ends, Slice slice, base::Key key, const RowOptions& options)
      : rule_(rule), ends_(ends), slice_(slice), key_(key), options_(options) {
    rows_.sources_ = static_cast<std::uint32_t>(ends.n_pre);
    rows_.slice_ = slice;
    rows_.wide_ = slice.size() > 65536;
    rows_.dt_ = options.dt;
    rows_.has_weights_ = rule.has_weights() || options.weights;
    rows_.has_delays_ = rule.has_delays() || options.delays;
    rows_.delay_steps_ = distinct_delays(rule, options.dt);
  }

  Rows build() {
    std::visit([this](const auto& law) { build(law); }, rule_.what());
    if (options_.weights || options_.delays) draw_values();
    return std::move(rows_);
  }

 private:
  [[nodiscard]] Replacement replacement() const { return rule_.allows_multiple() ? Replacement::yes : Replacement::no; }
  [[nodiscard]] std::uint64_t excluded_target(std::uint64_t source) const {
    return rule_.allows_self() ? no_self : self_target(ends_, source);
  }

  void build(const Rule::FixedOutdegree& law) {
    by_source(static_cast<double>(law.k), [&](std::uint64_t, std::uint64_t) { return law.k; });
  }
  void build(const Rule::FixedOutdegreeFraction& law) {
    build(Rule::FixedOutdegree{fraction_of(ends_.n_post, law.p)});
  }
  void build(const Rule::FixedIndegree& law) { by_target(law.k); }
  void build(const Rule::FixedIndegreeFraction& law) { by_target(fraction_of(ends_.n_pre, law.p)); }
  void build(const Rule::AllToAll&) {
    by_source(static_cast<double>(ends_.n_post), [](std::uint64_t, std::uint64_t candidates) { return candidates; });
  }
  void build(const Rule::Bernoulli& law);
  void build(const Rule::FixedTotal& law);
  void build(const Rule::OneToOne&);
  void build(const Rule::List& law) { from_list(*law.pairs); }
  void build(const Rule::Grid& law);
  void build(const Rule::ByDistance& law);
  void build(const Rule::SmallWorld& law) { from_list(graph_of(law, rows_.sources_, key_)); }
  void build(const Rule::ScaleFree& law) { from_list(graph_of(law, rows_.sources_, key_)); }

  template <class Targets>
  void row_by_row(Targets&& targets_of);
  void draw_values();
  void from_list(const PairList& list);
  template <class Count>
  void by_source(double mean, Count&& count);
  template <class T, class Count>
  void by_source(Buffer<T>& targets, double mean, Count&& count);
  void by_target(std::uint64_t k);
  [[nodiscard]] Buffer<std::uint32_t> sources_of_targets(std::uint64_t k) const;
  void split_rows(SplitTables& tables, std::vector<std::uint64_t>& counts, std::uint64_t first, std::uint64_t end,
                  std::uint64_t draws) const;
  template <class Index>
  void from_list(const PairList& list);
  template <class Index>
  void sort_segments(const PairList& list, Buffer<Index>& order) const;

  void allocate_targets(std::uint64_t count);
  void set_target(std::uint64_t index, std::uint32_t local) {
    if (rows_.wide_) {
      rows_.targets32_[index] = local;
    } else {
      rows_.targets16_[index] = static_cast<std::uint16_t>(local);
    }
  }
  /// Counts in offsets_[i + 1] become first indices.
  void accumulate_offsets() { std::partial_sum(offsets_.data(), offsets_.data() + offsets_.size(), offsets_.data()); }
  void clear_offsets() {
    offsets_ = Buffer<std::uint64_t>(ends_.n_pre + 1);
    std::fill_n(offsets_.data(), offsets_.size(), 0);
  }
  /// After placing with offsets_ as cursors each holds its segment's end, the next one's first.
  void rewind_offsets() {
    std::copy_backward(offsets_.data(), offsets_.data() + offsets_.size() - 1, offsets_.data() + offsets_.size());
    offsets_[0] = 0;
  }
  void store_offsets();

  const Rule& rule_;
  Ends ends_;
  Slice slice_;
  base::Key key_;
  const RowOptions& options_;
  Rows rows_;
  Buffer<std::uint64_t> offsets_;
};

void RowsBuilder::allocate_targets(std::uint64_t count) {
  if (rows_.wide_) {
    rows_.targets32_ = Buffer<std::uint32_t>(count);
  } else {
    rows_.targets16_ = Buffer<std::uint16_t>(count);
  }
}

void RowsBuilder::store_offsets() {
  if (offsets_[offsets_.size() - 1] > std::numeric_limits<std::uint32_t>::max()) {
    rows_.offsets64_ = std::move(offsets_);
    return;
  }
  rows_.offsets32_ = Buffer<std::uint32_t>(offsets_.size());
  for (std::size_t i = 0; i < offsets_.size(); ++i) rows_.offsets32_[i] = static_cast<std::uint32_t>(offsets_[i]);
  offsets_ = {};
}

/// count(source, candidates) is the size of a row, out of the candidates that remain after self-exclusion; its mean only sizes the
/// first allocation.
template <class Count>
void RowsBuilder::by_source(double mean, Count&& count) {
  if (rows_.wide_) {
    by_source(rows_.targets32_, mean, count);
  } else {
    by_source(rows_.targets16_, mean, count);
  }
}

template <class T, class Count>
void RowsBuilder::by_source(Buffer<T>& targets, double mean, Count&& count) {
  Subsets whole(key_, ends_.n_post, replacement());
  Subsets others(key_, ends_.n_post - (ends_.n_post > 0), replacement());  // a row without its own neuron
  offsets_ = Buffer<std::uint64_t>(ends_.n_pre + 1);
  offsets_[0] = 0;
  const double share = ends_.n_post > 0 ? static_cast<double>(slice_.size()) / static_cast<double>(ends_.n_post) : 0;
  targets.reserve(static_cast<std::size_t>(1.01 * share * mean * static_cast<double>(ends_.n_pre)) + 4096);
  std::uint64_t size = 0;
  for (std::uint64_t source = 0; source < ends_.n_pre; ++source) {
    const std::uint64_t self = excluded_target(source);
    const std::uint64_t row = count(source, ends_.n_post - (self != no_self));
    targets.reserve(size + (rule_.allows_multiple() ? row : std::min<std::uint64_t>(row, slice_.size())) + Subsets::slack);
    T* const begin = targets.data() + size;
    T* end = begin;
    if (self == no_self) {
      end = whole.draw(source, row, slice_.lo, slice_.hi, begin);
    } else {
      // Among the others, index i stands for target i, or i + 1 from the own neuron on.
      end = others.draw(source, row, slice_.lo - (slice_.lo > self), slice_.hi - (slice_.hi > self), begin);
      if (self >= slice_.lo && self < slice_.hi) {
        const auto local = static_cast<T>(self - slice_.lo);
        for (T* target = begin; target != end; ++target) *target = static_cast<T>(*target + (*target >= local));
      }
    }
    size += static_cast<std::uint64_t>(end - begin);
    offsets_[source + 1] = size;
  }
  targets.set_size(size);
  targets.shrink();
  store_offsets();
}

void RowsBuilder::build(const Rule::Bernoulli& law) {
  // The number of targets is binomial, and given their number all subsets are equally likely.
  if (law.p <= 0) return by_source(0, [](std::uint64_t, std::uint64_t) { return std::uint64_t{0}; });
  if (law.p >= 1) return build(Rule::AllToAll{});
  const auto table = CountTable::binomial(ends_.n_post, law.p);
  std::optional<CountTable> without_self;
  if (!rule_.allows_self() && ends_.n_post > 1) without_self = CountTable::binomial(ends_.n_post - 1, law.p);
  by_source(law.p * static_cast<double>(ends_.n_post), [&](std::uint64_t source, std::uint64_t candidates) {
    if (candidates == 0) return std::uint64_t{0};
    const CountTable& size = candidates == ends_.n_post ? table : *without_self;
    return size.draw(Words(key_, counter(source, Draw::row_count), 2).uniform());
  });
}

void RowsBuilder::split_rows(SplitTables& tables, std::vector<std::uint64_t>& counts, std::uint64_t first, std::uint64_t end,
                             std::uint64_t draws) const {
  if (draws == 0) return;
  if (end - first == 1) {
    counts[first] = draws;
    return;
  }
  const std::uint64_t middle = first + std::bit_floor(end - first - 1);
  const std::uint64_t on_left = tables.split(candidate_pairs(rule_, ends_, first, end), candidate_pairs(rule_, ends_, first, middle),
                                             draws, counter(middle, Draw::row_split));
  split_rows(tables, counts, first, middle, on_left);
  split_rows(tables, counts, middle, end, draws - on_left);
}

void RowsBuilder::build(const Rule::FixedTotal& law) {
  std::vector<std::uint64_t> counts(ends_.n_pre);
  if (law.n > 0) {
    SplitTables tables(key_, rule_.allows_multiple());
    split_rows(tables, counts, 0, ends_.n_pre, law.n);
  }
  by_source(ends_.n_pre > 0 ? static_cast<double>(law.n) / static_cast<double>(ends_.n_pre) : 0,
            [&](std::uint64_t source, std::uint64_t) { return counts[source]; });
}

void RowsBuilder::build(const Rule::OneToOne&) {
  clear_offsets();
  const auto connected = [&](std::uint64_t i) { return i >= slice_.lo && i < slice_.hi && excluded_target(i) != i; };
  for (std::uint64_t i = 0; i < ends_.n_pre; ++i) offsets_[i + 1] = connected(i);
  accumulate_offsets();
  allocate_targets(offsets_[ends_.n_pre]);
  for (std::uint64_t i = 0; i < ends_.n_pre; ++i) {
    if (connected(i)) set_target(offsets_[i], static_cast<std::uint32_t>(i - slice_.lo));
  }
  store_offsets();
}

/// The k sources of each target of the slice, one target after another.
Buffer<std::uint32_t> RowsBuilder::sources_of_targets(std::uint64_t k) const {
  Subsets whole(key_, ends_.n_pre, replacement());
  Subsets others(key_, ends_.n_pre - (ends_.n_pre > 0), replacement());
  Buffer<std::uint32_t> sources;
  sources.reserve(k * slice_.size() + Subsets::slack);
  sources.set_size(k * slice_.size());
  std::uint32_t* out = sources.data();
  for (std::uint64_t target = slice_.lo; target < slice_.hi; ++target) {
    const std::uint64_t self = rule_.allows_self() ? no_self : self_source(ends_, target);
    if (self == no_self) {
      out = whole.draw(target, k, 0, ends_.n_pre, out);
    } else {
      std::uint32_t* const begin = out;
      out = others.draw(target, k, 0, ends_.n_pre - 1, out);
      for (std::uint32_t* source = begin; source != out; ++source) *source += *source >= self;
    }
  }
  return sources;
}

void RowsBuilder::by_target(std::uint64_t k) {
  const Buffer<std::uint32_t> sources = sources_of_targets(k);
  clear_offsets();
  for (const std::uint32_t source : sources.span()) ++offsets_[source + 1];
  accumulate_offsets();
  allocate_targets(sources.size());
  const auto place = [&](auto* targets) {
    const std::uint32_t* source = sources.data();
    for (std::uint32_t local = 0; local < slice_.size(); ++local) {
      for (std::uint64_t i = 0; i < k; ++i) {
        targets[offsets_[*source++]++] = static_cast<std::remove_reference_t<decltype(*targets)>>(local);
      }
    }
  };
  if (rows_.wide_) {
    place(rows_.targets32_.data());
  } else {
    place(rows_.targets16_.data());
  }
  rewind_offsets();
  store_offsets();
}

void RowsBuilder::from_list(const PairList& list) {
  if (list.pre.size() < std::numeric_limits<std::uint32_t>::max()) {
    from_list<std::uint32_t>(list);
  } else {
    from_list<std::uint64_t>(list);
  }
}

/// Entries of each row in order of (delay, target); entries of one pair and delay keep the order of the list.
template <class Index>
void RowsBuilder::sort_segments(const PairList& list, Buffer<Index>& order) const {
  const auto before = [&](Index a, Index b) {
    if (!list.delay.empty()) {
      const double da = delay_in_steps(list.delay[a], options_.dt), db = delay_in_steps(list.delay[b], options_.dt);
      if (da != db) return da < db;
    }
    return list.post[a] < list.post[b];
  };
  for (std::size_t i = 0; i + 1 < offsets_.size(); ++i) {
    Index* const begin = order.data() + offsets_[i];
    Index* const end = order.data() + offsets_[i + 1];
    if (!std::is_sorted(begin, end, before)) std::stable_sort(begin, end, before);
  }
}

template <class Index>
void RowsBuilder::from_list(const PairList& list) {
  const auto mine = [&](std::size_t i) { return list.post[i] >= slice_.lo && list.post[i] < slice_.hi; };
  clear_offsets();
  for (std::size_t i = 0; i < list.pre.size(); ++i) {
    if (mine(i)) ++offsets_[list.pre[i] + std::uint64_t{1}];
  }
  accumulate_offsets();
  const std::uint64_t count = offsets_[offsets_.size() - 1];
  Buffer<Index> order(count);
  for (std::size_t i = 0; i < list.pre.size(); ++i) {
    if (mine(i)) order[offsets_[list.pre[i]]++] = static_cast<Index>(i);
  }
  rewind_offsets();
  sort_segments(list, order);
  allocate_targets(count);
  for (std::uint64_t i = 0; i < count; ++i) set_target(i, list.post[order[i]] - slice_.lo);
  if (!list.delay.empty()) {
    rows_.delays_ = Buffer<std::uint16_t>(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      rows_.delays_[i] = static_cast<std::uint16_t>(delay_in_steps(list.delay[order[i]], options_.dt));
    }
  }
  if (!list.weight.empty() && options_.single_precision) {
    rows_.weights32_ = Buffer<float>(count);
    for (std::uint64_t i = 0; i < count; ++i) rows_.weights32_[i] = static_cast<float>(list.weight[order[i]]);
  } else if (!list.weight.empty()) {
    rows_.weights64_ = Buffer<double>(count);
    for (std::uint64_t i = 0; i < count; ++i) rows_.weights64_[i] = list.weight[order[i]];
  }
  store_offsets();
}

/// targets_of(source, out) fills `out` with the local targets of a row, ascending.
template <class Targets>
void RowsBuilder::row_by_row(Targets&& targets_of) {
  offsets_ = Buffer<std::uint64_t>(ends_.n_pre + 1);
  offsets_[0] = 0;
  std::vector<std::uint32_t> row;
  for (std::uint32_t source = 0; source < ends_.n_pre; ++source) {
    row.clear();
    targets_of(source, row);
    const std::uint64_t begin = offsets_[source], end = begin + row.size();
    if (rows_.wide_) {
      rows_.targets32_.reserve(end);
    } else {
      rows_.targets16_.reserve(end);
    }
    for (std::size_t i = 0; i < row.size(); ++i) set_target(begin + i, row[i]);
    offsets_[source + 1] = end;
  }
  const std::uint64_t total = offsets_[ends_.n_pre];
  if (rows_.wide_) {
    rows_.targets32_.set_size(total);
    rows_.targets32_.shrink();
  } else {
    rows_.targets16_.set_size(total);
    rows_.targets16_.shrink();
  }
  store_offsets();
}

void RowsBuilder::build(const Rule::Grid& law) {
  const GridShape grid = grid_of(law, ends_);
  std::vector<std::uint64_t> around;
  const std::uint64_t lo = grid.post_first + slice_.lo, hi = grid.post_first + slice_.hi;
  row_by_row([&](std::uint32_t source, std::vector<std::uint32_t>& row) {
    neighbours(law, grid, grid.pre_first + source, rule_.allows_self(), around);
    for (const std::uint64_t index : around) {
      if (index >= lo && index < hi) row.push_back(static_cast<std::uint32_t>(index - lo));
    }
  });
}

/// Each pair has a draw of its own, (source, target), whatever its probability.
void RowsBuilder::build(const Rule::ByDistance& law) {
  std::vector<double> distance(slice_.size()), probability(slice_.size());
  row_by_row([&](std::uint32_t source, std::vector<std::uint32_t>& row) {
    distances(ends_, source, slice_.lo, slice_.hi, distance.data());
    law.profile->evaluate(distance, probability);
    const std::uint64_t self = excluded_target(source);
    for (std::uint32_t i = 0; i < slice_.size(); ++i) {
      const double p = probability[i];
      if (!(p >= 0 && p <= 1)) {
        throw UserError(options_.where + ", " + to_string(rule_), "the probability of the pair " + std::to_string(source) + " -> " +
                            std::to_string(slice_.lo + i) + ", " + number(distance[i]) + " um apart, is " + number(p),
                        "it must be a number from 0 to 1; clip() keeps it there");
      }
      if (p == 0 || slice_.lo + i == self) continue;
      if (p == 1 || base::uniform_at(key_, slice_.lo + i, source) < p) row.push_back(i);
    }
  });
}

void RowsBuilder::draw_values() {
  ValueDrawer drawer(options_, slice_.lo);
  const std::uint64_t count = rows_.synapses();
  const auto target = [&](std::uint64_t i) { return rows_.target(i); };
  if (options_.weights && options_.single_precision) rows_.weights32_ = Buffer<float>(count);
  if (options_.weights && !options_.single_precision) rows_.weights64_ = Buffer<double>(count);
  if (options_.delays) rows_.delays_ = Buffer<std::uint16_t>(count);
  for (std::uint32_t first = 0, last = 0; first < rows_.sources_; first = last) {
    // Some rows at a time, so that expressions are evaluated in long stretches.
    drawer.clear();
    for (; last < rows_.sources_ && (last == first || drawer.size() < ValueDrawer::stretch); ++last) {
      drawer.add_row(last, rows_.row_first(last), rows_.row_last(last), target);
    }
    if (!options_.weights && rows_.has_weights_) {  // those of a list go along with their synapses
      drawer.keep_weights([&](std::size_t k) { return rows_.weight(rows_.row_first(first) + k); });
    }
    drawer.draw();
    for (std::size_t k = 0; k < drawer.size(); ++k) {
      const std::uint64_t i = rows_.row_first(first) + k;
      const auto& s = drawer.sorted(k);
      set_target(i, s.local);
      if (!rows_.weights32_.empty()) rows_.weights32_[i] = static_cast<float>(s.weight);
      if (!rows_.weights64_.empty()) rows_.weights64_[i] = s.weight;
      if (options_.delays) rows_.delays_[i] = s.delay;
    }
  }
  if (options_.delays) rows_.delay_steps_ = drawer.distinct_delays();
}

Rows build_rows(const Rule& rule, const Ends& ends, Slice targets, base::Key key, const RowOptions& options) {
  return RowsBuilder(rule, ends, targets, key, options).build();
}

}  // namespace ranvier::connect
