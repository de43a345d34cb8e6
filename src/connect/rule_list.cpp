// The table of connection rules that programs and documentation show.
#include "ranvier/connect.hpp"

namespace ranvier {

std::vector<RuleInfo> connection_rules() {
  return {
      {"bernoulli", "p", "each pair with probability p, independently; p may be an expression of distance()"},
      {"fixed_outdegree", "k", "every source has exactly k targets"},
      {"fixed_outdegree_fraction", "p", "every source has exactly trunc(p * n_post) targets (BrainPy's FixedProb)"},
      {"fixed_indegree", "k", "every target has exactly k sources"},
      {"fixed_indegree_fraction", "p", "every target has exactly trunc(p * n_pre) sources"},
      {"fixed_total", "n", "exactly n connections, uniform over all pairs"},
      {"one_to_one", "", "source i to target i"},
      {"all_to_all", "", "every pair"},
      {"grid_four", "shape = {}, periodic = false", "the neighbours one step along one axis of a grid"},
      {"grid_eight", "shape = {}, periodic = false", "the neighbours one step along any axes of a grid"},
      {"grid_n", "n, shape = {}, periodic = false", "the neighbours up to n steps along every axis of a grid"},
      {"gaussian_prob", "sigma, peak = 1", "each pair with probability peak * exp(-d^2 / (2 sigma^2))"},
      {"exponential_prob", "scale, peak = 1", "each pair with probability peak * exp(-d / scale)"},
      {"dog_prob", "sigma, peak, surround_sigma, surround_peak", "each pair with a difference of two Gaussians of the distance as probability"},
      {"prob_dist", "radius, p = 1", "each pair at most radius apart with probability p"},
      {"small_world", "k, p, directed = false", "a ring of k neighbours whose edges are rewired with probability p (Watts and Strogatz)"},
      {"newman_watts", "k, p, directed = false", "a ring of k neighbours with shortcuts added with probability p (Newman and Watts)"},
      {"scale_free_ba", "m, directed = false", "preferential attachment, m edges a vertex (Barabasi and Albert)"},
      {"explicit_list", "pre, post, weight = {}, delay = {}", "these pairs"},
      {"matrix", "n_pre, n_post, entries", "the entries of a dense matrix that are not 0"},
      {"csr", "indptr, indices, weight = {}", "the rows of a sparse matrix"},
      {"from_file", "path", "the pairs of a text file"},
  };
}

}  // namespace ranvier
