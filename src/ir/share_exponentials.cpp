// One exponential for several: exp of arguments that are affine in the same varying node, with slopes in small integer ratios,
// are powers of one. The rates of Hodgkin-Huxley models are the case in point.
#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/elementary.hpp"
#include "ir/passes.hpp"
#include "ir/rebuild.hpp"

namespace ranvier::ir {

namespace {

constexpr int most = 16;  ///< largest power: the error of the shared exponential grows in proportion

/// exp(u) or exprel(u) with u = slope*x + offset = slope*(x - root).
struct Member {
  NodeId node = no_node, x = no_node, offset = no_node, root = no_node;
  double slope = 0;
  bool is_exprel = false;
  std::uint64_t hash = 0;
  int power = 0;          ///< of the group's exponential; negative: the reciprocal of exp(u) is that power
  double log_factor = 0;  ///< exp(|u| direction) = y^|power| * exp(log_factor)
};

struct Group {
  NodeId x = no_node, offset = no_node, root = no_node;  ///< y = exp(slope*x + offset)
  double slope = 0;
  std::set<int> needed;
  std::map<int, NodeId> powers;
};

/// x/(e^x - 1) near 0 as 1 - x/2 + x^2*(b[0] + b[1]*x^2 + ...), from validation/elementary/remez.py.
struct Guard {
  double reach;
  std::vector<double> b;
};

Guard guard_of(Precision precision) {
  if (precision == Precision::f32) return {0.125, {0.0833153352}};
  return {0.5,
          {0.083333333333333301, -0.0013888888888868281, 3.3068783015382333e-05, -8.2671894028167599e-07, 2.0872918933626662e-08,
           -5.1700842403717383e-10}};
}

/// The one varying node, no sum or scaled term itself, that `id` is built of by affine operations.
std::optional<NodeId> variable_of(const Graph& g, NodeId id) {
  std::optional<NodeId> found;
  std::vector<NodeId> open{id};
  while (!open.empty()) {
    const NodeId at = open.back();
    open.pop_back();
    const Node& node = g[at];
    if (node.uniform) continue;
    const bool sum = node.op == Op::add || node.op == Op::sub || node.op == Op::neg;
    const bool scaled = (node.op == Op::mul && (g[node.arg[0]].uniform || g[node.arg[1]].uniform)) ||
                        (node.op == Op::div && g[node.arg[1]].uniform);
    if (sum || scaled) {
      for (int k = 0; k < op_info(node.op).arity; ++k) open.push_back(node.arg[k]);
    } else if (found && *found != at) {
      return std::nullopt;
    } else {
      found = at;
    }
    if (open.size() > 64) return std::nullopt;
  }
  return found;
}

class Sharing {
 public:
  Sharing(Graph& g, std::span<const NodeId> roots, Precision precision, const Label& label)
      : g_(g), roots_(roots), label_(label), order_(topological(g, roots)), guard_(guard_of(precision)),
        largest_factor_(precision == Precision::f32 ? 12 : 100) {}

  std::vector<NodeId> run() {
    const auto members = find_members();
    std::map<NodeId, std::vector<std::size_t>> by_variable;  // only those of one variable are powers of one another
    for (std::size_t k = 0; k < members.size(); ++k) by_variable[members[k].x].push_back(k);
    for (const auto& member : members) take_group(members, by_variable.at(member.x), member);
    if (groups_.empty()) return {roots_.begin(), roots_.end()};
    NodeMap done(roots_);
    for (const NodeId id : order_) done[id] = rewritten(id, done);
    return done.of(roots_);
  }

 private:
  std::vector<Member> find_members();
  void take_group(const std::vector<Member>& members, std::vector<std::size_t>& alike, const Member& least);
  bool joins(const Member& member, const Group& group, Member& joined);
  std::optional<double> number(NodeId id);
  std::set<NodeId> more_than_divide() const;
  NodeId rewritten(NodeId id, const NodeMap& done);
  NodeId root_of(NodeId argument, NodeId x);
  NodeId centred(NodeId x, double slope, NodeId root);
  NodeId power(Group& group, int k, NodeId x);
  NodeId chained(Group& group, int k, NodeId x);
  NodeId exponential(const Member& member, Group& group, NodeId x);
  NodeId over_exprel(const Member& member, Group& group, NodeId x, NodeId numerator);
  NodeId lit(double v) { return g_.literal(v); }

  Graph& g_;
  std::span<const NodeId> roots_;
  const Label& label_;
  std::vector<NodeId> order_;
  Guard guard_;
  double largest_factor_;
  std::vector<Group> groups_;
  std::map<NodeId, std::pair<Member, std::size_t>> shared_;  ///< by node; the group's index
};

/// The exponentials relative that do more than divide something.
std::set<NodeId> Sharing::more_than_divide() const {
  std::set<NodeId> out;
  const auto note = [&](NodeId id) {
    if (g_[id].op == Op::exprel) out.insert(id);
  };
  for (const NodeId root : roots_) note(root);
  for (const NodeId id : order_) {
    const Node& node = g_[id];
    for (int k = 0; k < op_info(node.op).arity; ++k) {
      if (node.op != Op::div || k != 1) note(node.arg[k]);
    }
  }
  return out;
}

std::vector<Member> Sharing::find_members() {
  const auto hashes = structural_hashes(g_, roots_, label_);
  const auto used = more_than_divide();
  std::vector<Member> members;
  for (const NodeId id : order_) {
    const Node node = g_[id];
    if (node.uniform || (node.op != Op::exp && node.op != Op::exprel)) continue;
    if (node.op == Op::exprel && used.contains(id)) continue;
    const auto x = variable_of(g_, node.arg[0]);
    if (!x) continue;
    const Affine affine = affine_in(g_, node.arg[0], *x);
    if (!affine.ok || g_[affine.slope].op != Op::literal || !g_[affine.offset].uniform) continue;
    const double slope = g_.literal_value(affine.slope);
    if (slope == 0 || !std::isfinite(slope)) continue;
    members.push_back({id, *x, affine.offset, root_of(node.arg[0], *x), slope, node.op == Op::exprel, hashes[id]});
  }
  // By structure, not by the order in which nodes were made: equal equations give equal bits.
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
    return std::fabs(a.slope) != std::fabs(b.slope) ? std::fabs(a.slope) < std::fabs(b.slope) : a.hash < b.hash;
  });
  return members;
}

/// The value of a uniform expression in which every parameter cancels.
std::optional<double> Sharing::number(NodeId id) {
  for (int round = 0; round < 32; ++round) {
    if (g_[id].op == Op::literal) return g_.literal_value(id);
    NodeId symbol = no_node;
    for (const NodeId at : topological(g_, std::span(&id, 1))) {
      if (g_[at].op == Op::symbol && (symbol == no_node || label_(g_.symbol_of(at)) < label_(g_.symbol_of(symbol)))) symbol = at;
    }
    if (symbol == no_node) return std::nullopt;
    const Affine affine = affine_in(g_, id, symbol);
    if (!affine.ok || g_[affine.slope].op != Op::literal || std::fabs(g_.literal_value(affine.slope)) > 1e-15) return std::nullopt;
    id = affine.offset;
  }
  return std::nullopt;
}

bool Sharing::joins(const Member& member, const Group& group, Member& joined) {
  if (member.x != group.x) return false;
  const double ratio = member.slope / group.slope, k = std::nearbyint(ratio);
  if (std::fabs(ratio - k) > 1e-14 * std::fabs(k) || std::fabs(k) < 1 || std::fabs(k) > most) return false;
  // k > 0: u = k*(s x + b0) + (b - k b0).  k < 0: -u = |k|*(s x + b0) + (-b - |k| b0).
  const NodeId own = k > 0 ? member.offset : g_.neg(member.offset);
  const auto rest = number(g_.sub(own, g_.mul(lit(std::fabs(k)), group.offset)));
  if (!rest || !(std::fabs(*rest) <= largest_factor_)) return false;
  joined = member;
  joined.power = static_cast<int>(k);
  joined.log_factor = *rest;
  return true;
}

/// Takes the member of least slope, and all that are powers of it, out of those of its variable; nothing if another group has it already.
void Sharing::take_group(const std::vector<Member>& members, std::vector<std::size_t>& alike, const Member& least) {
  if (alike.empty() || members[alike.front()].node != least.node) return;
  Group group{least.x, least.offset, least.root, least.slope, {}, {}};
  std::vector<Member> joined;
  std::vector<std::size_t> others;
  int balance = 0;  // plain exponentials of either sign: the other sign costs them a division, a/exprel(u) nothing
  for (const std::size_t k : alike) {
    const Member& member = members[k];
    Member with_power;
    if (joins(member, group, with_power)) {
      joined.push_back(with_power);
      if (!member.is_exprel) balance += with_power.power > 0 ? 1 : -1;
    } else {
      others.push_back(k);
    }
  }
  alike = std::move(others);
  if (joined.size() < 2) return;
  if (balance < 0) {
    group.slope = -group.slope;
    group.offset = g_.neg(group.offset);
    for (Member& member : joined) {
      member.power = -member.power;
      member.log_factor = -member.log_factor;
    }
  }
  for (const Member& member : joined) {
    shared_.emplace(member.node, std::pair(member, groups_.size()));
    group.needed.insert(std::abs(member.power));
  }
  groups_.push_back(std::move(group));
}

NodeId Sharing::rewritten(NodeId id, const NodeMap& done) {
  const Node node = g_[id];
  const NodeId key = node.op == Op::div ? node.arg[1] : id;
  const auto found = shared_.find(key);
  if (found == shared_.end()) return rebuild(g_, g_, id, done);
  const auto& [member, index] = found->second;
  const NodeId x = done[member.x];
  if (!member.is_exprel) return key == id ? exponential(member, groups_[index], x) : rebuild(g_, g_, id, done);
  if (key == id) return rebuild(g_, g_, id, done);  // its divisions no longer use it
  return over_exprel(member, groups_[index], x, done[node.arg[0]]);
}

/// Where an affine expression is zero. Scales around it are taken off first: the root of (x - a)/5 is a itself, not 5*(a/5).
NodeId Sharing::root_of(NodeId argument, NodeId x) {
  for (;;) {
    const Node& node = g_[argument];
    const bool second = node.op == Op::mul && g_[node.arg[0]].op == Op::literal;
    const bool scaled = node.op == Op::neg || second || ((node.op == Op::mul || node.op == Op::div) && g_[node.arg[1]].op == Op::literal);
    if (!scaled) break;
    argument = node.arg[second ? 1 : 0];
  }
  const Affine affine = affine_in(g_, argument, x);
  return g_.div(affine.offset, g_.neg(affine.slope));
}

/// slope*(x - root): exactly zero at the root, unlike slope*x + offset.
NodeId Sharing::centred(NodeId x, double slope, NodeId root) {
  const bool at_zero = g_[root].op == Op::literal && g_.literal_value(root) == 0;
  return g_.mul(at_zero ? x : g_.sub(x, root), lit(slope));
}

/// y^k. All that the group needs are made at its first use, in ascending order: which products they are must not depend on the
/// order in which the equations ask for them.
NodeId Sharing::power(Group& group, int k, NodeId x) {
  if (group.powers.empty()) {
    for (const int needed : group.needed) (void)chained(group, needed, x);
  }
  return group.powers.at(k);
}

/// y^k from the powers that there are already, by the fewest further products of a greedy choice.
NodeId Sharing::chained(Group& group, int k, NodeId x) {
  if (const auto found = group.powers.find(k); found != group.powers.end()) return found->second;
  if (k == 1) return group.powers[1] = g_.make(Op::exp, centred(x, group.slope, group.root));
  const auto unsigned_k = static_cast<unsigned>(k);
  int split = std::has_single_bit(unsigned_k) ? k / 2 : static_cast<int>(std::bit_floor(unsigned_k));
  for (const auto& [known, node] : group.powers) {
    if (known < k && group.powers.contains(k - known)) split = known;
  }
  const NodeId a = chained(group, split, x), b = chained(group, k - split, x);
  return group.powers[k] = g_.mul(a, b);
}

NodeId Sharing::exponential(const Member& member, Group& group, NodeId x) {
  const NodeId y = power(group, std::abs(member.power), x);
  const NodeId factor = g_.make(Op::exp, lit(member.power > 0 ? member.log_factor : -member.log_factor));
  return member.power > 0 ? g_.mul(y, factor) : g_.div(factor, y);
}

/// numerator/exprel(u) = numerator*u/(e^u - 1), by the polynomial near 0 where e^u - 1 cancels. Both are written in d = x - root,
/// with the slope of u and a uniform numerator inside their constants.
NodeId Sharing::over_exprel(const Member& member, Group& group, NodeId x, NodeId numerator) {
  if (g_[numerator].op == Op::literal && g_.literal_value(numerator) < 0) {  // often used beside the positive one
    return g_.neg(over_exprel(member, group, x, g_.neg(numerator)));
  }
  const NodeId one = lit(1);
  const NodeId scale = g_[numerator].uniform ? numerator : one;
  const NodeId d = centred(x, 1, member.root);
  const auto scaled = [&](double factor) { return g_.mul(scale, lit(factor)); };
  const NodeId u = g_.mul(d, scaled(member.slope));
  const NodeId e = g_.mul(power(group, std::abs(member.power), x), g_.make(Op::exp, lit(member.log_factor)));
  NodeId far = no_node;
  if (member.power > 0) {
    far = g_.div(u, g_.sub(e, one));
  } else {
    // e is e^-u here: u e^-u/(1 - e^-u). Beyond 1e30 the quotient is -1 to the last digit; infinity would give NaN.
    const NodeId bounded = g_.make(Op::min, e, lit(1e30));
    far = g_.mul(u, g_.div(bounded, g_.sub(one, bounded)));
  }
  const auto coefficient = [&](std::size_t k) { return scaled(guard_.b[k] * base::own::powi(member.slope, 2 * static_cast<int>(k) + 2)); };
  NodeId sum = coefficient(guard_.b.size() - 1);
  if (guard_.b.size() > 1) {
    const NodeId square = g_.mul(d, d);
    for (std::size_t k = guard_.b.size() - 1; k-- > 0;) sum = g_.add(g_.mul(sum, square), coefficient(k));
  }
  const NodeId near = g_.add(g_.mul(g_.add(g_.mul(sum, d), scaled(-0.5 * member.slope)), d), scale);
  const NodeId is_near = g_.make(Op::lt, g_.make(Op::abs, d), lit(guard_.reach / std::fabs(member.slope)));
  const NodeId value = g_.select(is_near, near, far);
  return g_[numerator].uniform ? value : g_.mul(numerator, value);
}

}  // namespace

std::vector<NodeId> share_exponentials(Graph& g, std::span<const NodeId> roots, Precision precision, const Label& label) {
  return Sharing(g, roots, precision, label).run();
}

}  // namespace ranvier::ir
