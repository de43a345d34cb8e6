// Neighbourhoods on a grid, small worlds, scale-free graphs.
#include <algorithm>
#include <numeric>

#include "connect/space.hpp"

namespace ranvier::connect {

GridShape grid_of(const Rule::Grid& law, const Ends& ends) {
  GridShape grid;
  if (!law.shape.empty()) {
    grid.shape = law.shape;
    grid.periodic.assign(law.shape.size(), law.periodic);
    return grid;
  }
  grid.shape = ends.pre_points->shape;
  for (std::size_t k = 0; k < grid.shape.size(); ++k) grid.periodic.push_back(ends.pre_points->period[k] > 0);
  grid.pre_first = ends.pre_first;
  grid.post_first = ends.post_first;
  return grid;
}

void neighbours(const Rule::Grid& law, const GridShape& grid, std::uint64_t centre, bool with_centre, std::vector<std::uint64_t>& out) {
  const std::size_t axes = grid.shape.size();
  const auto radius = static_cast<std::int64_t>(law.radius);
  std::vector<std::int64_t> at(axes), low(axes), high(axes), step(axes);
  std::uint64_t rest = centre;
  for (std::size_t k = axes; k-- > 0; rest /= grid.shape[k]) {
    const auto n = static_cast<std::int64_t>(grid.shape[k]);
    at[k] = static_cast<std::int64_t>(rest % grid.shape[k]);
    // A wide neighbourhood on a narrow ring meets itself: once round is enough.
    low[k] = grid.periodic[k] ? -std::min(radius, n / 2) : -std::min(radius, at[k]);
    high[k] = grid.periodic[k] ? std::min(radius, n / 2) : std::min(radius, n - 1 - at[k]);
  }
  out.clear();
  step = low;
  for (;;) {
    std::int64_t length = 0;
    std::uint64_t index = 0;
    for (std::size_t k = 0; k < axes; ++k) {
      const auto n = static_cast<std::int64_t>(grid.shape[k]);
      length += step[k] < 0 ? -step[k] : step[k];
      index = index * grid.shape[k] + static_cast<std::uint64_t>((at[k] + step[k] + n) % n);
    }
    if ((law.diagonal || length <= radius) && (index != centre || with_centre)) out.push_back(index);
    std::size_t k = axes;
    while (k-- > 0 && step[k] == high[k]) step[k] = low[k];
    if (k >= axes) break;
    ++step[k];
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

namespace {

using Neighbours = std::vector<std::vector<std::uint32_t>>;

bool has(const std::vector<std::uint32_t>& list, std::uint32_t vertex) { return std::find(list.begin(), list.end(), vertex) != list.end(); }

PairList pairs_of(Neighbours& graph) {
  PairList list;
  std::size_t total = 0;
  for (const auto& targets : graph) total += targets.size();
  list.pre.reserve(total);
  list.post.reserve(total);
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    std::sort(graph[i].begin(), graph[i].end());
    for (const auto j : graph[i]) {
      list.pre.push_back(i);
      list.post.push_back(j);
    }
    graph[i] = {};
  }
  return list;
}

/// Edges of the ring as the law walks them: all first neighbours, then all second ones ...
class SmallWorldGraph {
 public:
  SmallWorldGraph(const Rule::SmallWorld& law, std::uint32_t n, base::Key key) : law_(law), n_(n), draws_(key, 0), graph_(n) {}

  PairList make() {
    const auto half = static_cast<std::uint32_t>(law_.k / 2);
    for (std::uint32_t i = 0; i < n_; ++i) {
      for (std::uint32_t j = 1; j <= half; ++j) {
        graph_[i].push_back((i + j) % n_);
        graph_[i].push_back((i + n_ - j) % n_);
      }
    }
    for (std::uint32_t j = 1; j <= half; ++j) {
      for (std::uint32_t i = 0; i < n_; ++i) {
        visit(i, (i + j) % n_);
        if (law_.directed) visit(i, (i + n_ - j) % n_);
      }
    }
    return pairs_of(graph_);
  }

 private:
  void visit(std::uint32_t i, std::uint32_t old) {
    if (!(draws_.uniform() < law_.p) || graph_[i].size() >= n_ - 1) return;
    std::uint32_t chosen = draws_.below(n_);
    while (chosen == i || has(graph_[i], chosen)) chosen = draws_.below(n_);
    if (law_.rewire) {
      std::erase(graph_[i], old);
      if (!law_.directed) std::erase(graph_[old], i);
    }
    graph_[i].push_back(chosen);
    if (!law_.directed) graph_[chosen].push_back(i);
  }

  const Rule::SmallWorld& law_;
  std::uint32_t n_;
  base::Stream draws_;
  Neighbours graph_;
};

}  // namespace

PairList graph_of(const Rule::SmallWorld& law, std::uint32_t n, base::Key key) { return SmallWorldGraph(law, n, key).make(); }

PairList graph_of(const Rule::ScaleFree& law, std::uint32_t n, base::Key key) {
  const auto m = static_cast<std::uint32_t>(law.m);
  base::Stream draws(key, 0);
  Neighbours graph(n);
  std::vector<std::uint32_t> ends;  // each vertex as often as its degree
  ends.reserve(2 * law.m * n);
  std::vector<std::uint32_t> chosen(m);
  std::iota(chosen.begin(), chosen.end(), 0u);
  for (std::uint32_t vertex = m; vertex < n; ++vertex) {
    for (const auto other : chosen) {
      graph[vertex].push_back(other);
      if (!law.directed) graph[other].push_back(vertex);
      ends.push_back(other);
      ends.push_back(vertex);
    }
    chosen.clear();
    while (chosen.size() < m) {
      const auto other = ends[draws.below(static_cast<std::uint32_t>(ends.size()))];
      if (!has(chosen, other)) chosen.push_back(other);
    }
  }
  return pairs_of(graph);
}

}  // namespace ranvier::connect
