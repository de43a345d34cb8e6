// Matrices as lists of pairs.
#include <cmath>

#include "connect/text.hpp"
#include "ranvier/connect.hpp"

namespace ranvier {
namespace {

using connect::number;

PairList of_matrix(std::uint64_t n_pre, std::uint64_t n_post, std::uint64_t entries) {
  if (entries != n_pre * n_post) {
    throw UserError("matrix", number(entries) + " entries for " + number(n_pre) + " x " + number(n_post) + " pairs",
                    "give one for each pair, row after row");
  }
  PairList list;
  list.origin = "matrix";
  list.n_pre = n_pre;
  list.n_post = n_post;
  return list;
}

}  // namespace

Rule matrix(std::uint32_t n_pre, std::uint32_t n_post, const std::vector<double>& weights) {
  PairList list = of_matrix(n_pre, n_post, weights.size());
  for (std::uint64_t k = 0; k < weights.size(); ++k) {
    const auto pre = static_cast<std::uint32_t>(k / n_post), post = static_cast<std::uint32_t>(k % n_post);
    if (!std::isfinite(weights[k])) {
      throw UserError("matrix", "entry (" + std::to_string(pre) + ", " + std::to_string(post) + ") is " + number(weights[k]),
                      "weights must be finite numbers; 0 is no synapse");
    }
    if (weights[k] == 0) continue;
    list.pre.push_back(pre);
    list.post.push_back(post);
    list.weight.push_back(weights[k]);
  }
  return explicit_list(std::move(list));
}

Rule matrix(std::uint32_t n_pre, std::uint32_t n_post, const std::vector<bool>& connected) {
  PairList list = of_matrix(n_pre, n_post, connected.size());
  for (std::uint64_t k = 0; k < connected.size(); ++k) {
    if (!connected[k]) continue;
    list.pre.push_back(static_cast<std::uint32_t>(k / n_post));
    list.post.push_back(static_cast<std::uint32_t>(k % n_post));
  }
  return explicit_list(std::move(list));
}

Rule csr(const std::vector<std::uint64_t>& indptr, std::vector<std::uint32_t> indices, std::vector<double> weight) {
  const auto fail = [](const std::string& problem) {
    throw UserError("csr", problem, "indptr has one number more than there are sources and ascends from 0 to the number of indices");
  };
  if (indptr.empty() || indptr.front() != 0) fail("indptr does not begin with 0");
  for (std::size_t i = 1; i < indptr.size(); ++i) {
    if (indptr[i] < indptr[i - 1]) fail("indptr descends from " + number(indptr[i - 1]) + " to " + number(indptr[i]) + " at row " + std::to_string(i - 1));
  }
  if (indptr.back() != indices.size()) fail("indptr ends with " + number(indptr.back()) + " and there are " + std::to_string(indices.size()) + " indices");
  PairList list;
  list.origin = "csr";
  list.pre.reserve(indices.size());
  for (std::size_t row = 0; row + 1 < indptr.size(); ++row) list.pre.insert(list.pre.end(), indptr[row + 1] - indptr[row], static_cast<std::uint32_t>(row));
  list.post = std::move(indices);
  list.weight = std::move(weight);
  return explicit_list(std::move(list));
}

}  // namespace ranvier
