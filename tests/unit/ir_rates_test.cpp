// links: ranvier_ir ranvier_base
// The six rates of COBA-HH as the notebook writes them, through every pass, against validation/rates (50-digit arithmetic).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "ir/interpret.hpp"
#include "ir_basic_value.hpp"
#include "ir_expressions.hpp"

namespace ranvier::ir {
namespace {

using L = long double;
constexpr double vt = -63;

struct TableRow {
  double V;
  std::array<double, 6> rate;
};

const std::vector<TableRow>& table() {
  static const std::vector<TableRow> rows = [] {
    std::vector<TableRow> read;
    std::ifstream file(std::string(RANVIER_SOURCE_DIR) + "/validation/rates/coba_hh_rates.csv");
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::replace(line.begin(), line.end(), ',', ' ');
      std::istringstream numbers(line);
      TableRow row{};
      numbers >> row.V;
      for (double& r : row.rate) numbers >> r;
      read.push_back(row);
    }
    return read;
  }();
  return rows;
}

constexpr std::array<const char*, 6> names{"alpha_m", "beta_m", "alpha_h", "beta_h", "alpha_n", "beta_n"};

/// `last_first`: the same rates with their nodes made in the opposite order.
struct Rates {
  Expressions x;
  E V = x.varying("V"), VT = x.uniform("V_T");
  std::vector<NodeId> roots = std::vector<NodeId>(6);
  explicit Rates(bool last_first = false) {
    for (int k = 0; k < 6; ++k) {
      const int which = last_first ? 5 - k : k;
      roots[which] = written(which).id;
    }
    roots = simplify(x.g, recognise_singularities(x.g, roots));
  }
  E written(int which) {
    switch (which) {
      case 0: return 0.32 * (13.0 - V + VT) / (exp((13.0 - V + VT) / 4.0) - 1.0);
      case 1: return 0.28 * (V - VT - 40.0) / (exp((V - VT - 40.0) / 5.0) - 1.0);
      case 2: return 0.128 * exp((17.0 - V + VT) / 18.0);
      case 3: return 4.0 / (1.0 + exp(-(V - VT - 40.0) / 5.0));
      case 4: return 0.032 * (15.0 - V + VT) / (exp((15.0 - V + VT) / 5.0) - 1.0);
      default: return 0.5 * exp((10.0 - V + VT) / 40.0);
    }
  }
};

/// The rewrites that change bits, as the compiler applies them.
enum class Speed { plain, shared, reciprocals };
constexpr std::array<Speed, 3> speeds{Speed::plain, Speed::shared, Speed::reciprocals};

std::vector<NodeId> prepared(Rates& rates, Speed speed, Precision precision) {
  std::vector<NodeId> roots = rates.roots;
  if (speed != Speed::plain) roots = share_exponentials(rates.x.g, roots, precision);
  if (speed == Speed::reciprocals) roots = multiply_by_reciprocals(rates.x.g, roots);
  return roots;
}

const char* name_of(Speed speed) { return speed == Speed::plain ? "" : speed == Speed::shared ? ", shared" : ", shared, reciprocals"; }

L over_expm1(L u) { return u == 0 ? 1 : u / std::expm1(u); }

// At the float nearest to a tabulated voltage, which a table in decimals does not hold.
std::array<L, 6> exact(L V) {
  const L u = V - vt;
  return {0.32L * 4 * over_expm1((13 - u) / 4), 0.28L * 5 * over_expm1((u - 40) / 5), 0.128L * std::exp((17 - u) / 18),
          4 / (1 + std::exp((40 - u) / 5)),     0.032L * 5 * over_expm1((15 - u) / 5), 0.5L * std::exp((10 - u) / 40)};
}

template <class R>
class Compiled {
 public:
  static constexpr Precision precision = sizeof(R) == 8 ? Precision::f64 : Precision::f32;

  Compiled(Rates& rates, Speed speed) : expanded_(expand(rates.x.g, prepared(rates, speed, precision), precision)) {
    std::vector<double> values(expanded_.scalars.size());
    HostProgram(rates.x.g, expanded_.scalars).evaluate([](const Symbol&) { return vt; }, values);
    for (std::size_t k = 0; k < values.size(); ++k) symbols_["$" + std::to_string(k)] = static_cast<R>(values[k]);
  }

  std::array<R, 6> at(R V) {
    symbols_["V"] = V;
    const BasicValues<R> values(expanded_.graph, expanded_.roots, symbols_);
    std::array<R, 6> out{};
    for (std::size_t k = 0; k < 6; ++k) out[k] = values[expanded_.roots[k]];
    return out;
  }

 private:
  Expanded expanded_;
  std::map<std::string, R> symbols_;
};

TEST(Rates, TheTableIsThere) {
  ASSERT_GT(table().size(), 500u);
  for (const TableRow& row : table()) {
    const auto closed = exact(row.V);
    for (int k = 0; k < 6; ++k) EXPECT_NEAR(row.rate[k], static_cast<double>(closed[k]), 2e-13 * row.rate[k]) << names[k] << " at " << row.V;
  }
}

TEST(Rates, BeforeExpansion) {
  Rates rates;
  for (const Speed speed : speeds) {
    const auto roots = prepared(rates, speed, Precision::f64);
    for (const TableRow& row : table()) {
      for (int k = 0; k < 6; ++k) {
        const double value = evaluate(rates.x.g, roots[k], {{rates.V.id, row.V}, {rates.VT.id, vt}});
        EXPECT_NEAR(value, row.rate[k], 1e-12 * row.rate[k]) << names[k] << " at " << row.V << name_of(speed);
      }
    }
  }
}

TEST(Rates, DoublesWithin1e12) {
  Rates rates;
  for (const Speed speed : speeds) {
    Compiled<double> compiled(rates, speed);
    for (const TableRow& row : table()) {
      const auto value = compiled.at(row.V);
      for (int k = 0; k < 6; ++k) EXPECT_NEAR(value[k], row.rate[k], 1e-12 * row.rate[k]) << names[k] << " at " << row.V << name_of(speed);
    }
  }
}

template <class Voltages>
void expect_floats_within_1e4(Rates& rates, Speed speed, const Voltages& voltages) {
  Compiled<float> compiled(rates, speed);
  for (const float V : voltages) {
    const auto value = compiled.at(V);
    const auto reference = exact(V);
    for (int k = 0; k < 6; ++k) {
      ASSERT_NEAR(value[k], static_cast<double>(reference[k]), 1e-4 * static_cast<double>(reference[k]))
          << names[k] << " at " << V << name_of(speed);
    }
  }
}

TEST(Rates, FloatsWithin1e4) {
  Rates rates;
  std::vector<float> voltages;
  for (const TableRow& row : table()) voltages.push_back(static_cast<float>(row.V));
  for (float V = -120; V <= 60; V += 0.0371f) voltages.push_back(V);
  for (const Speed speed : speeds) expect_floats_within_1e4(rates, speed, voltages);
}

TEST(Rates, FloatsAroundTheSingularPointsOneByOne) {
  Rates rates;
  std::vector<float> voltages;
  for (const float centre : {-50.0f, -48.0f, -23.0f}) {
    for (float V = centre - 0x1p-11f; V <= centre + 0x1p-11f; V = std::nextafter(V, 100.0f)) voltages.push_back(V);
  }
  for (const Speed speed : speeds) expect_floats_within_1e4(rates, speed, voltages);
}

// Where the guards of the shared exponentials begin and end (|argument| = 1/8 in f32, 1/2 in f64) nothing jumps.
TEST(Rates, NoJumpAtTheGuards) {
  Rates rates;
  Compiled<double> doubles(rates, Speed::reciprocals);
  std::vector<float> voltages;
  for (const double centre : {-50.0, -48.0, -23.0}) {
    for (const double width : {4.0, 5.0}) {
      for (const double reach : {-0.5, -0.125, 0.125, 0.5}) {
        for (int n = -20; n <= 20; ++n) {
          const double V = centre + reach * width + n * 1e-4;
          voltages.push_back(static_cast<float>(V));
          const auto value = doubles.at(V);
          const auto reference = exact(V);
          for (int k = 0; k < 6; ++k) {
            EXPECT_NEAR(value[k], static_cast<double>(reference[k]), 1e-13 * std::fabs(static_cast<double>(reference[k]))) << names[k] << " at " << V;
          }
        }
      }
    }
  }
  for (const Speed speed : speeds) expect_floats_within_1e4(rates, speed, voltages);
}

// Far outside of what a membrane does: no NaN, and the value or its overflow or underflow.
template <class R>
void expect_sane_far_out(Rates& rates, Speed speed) {
  Compiled<R> compiled(rates, speed);
  for (const R V : {-1e30, -1e5, -4000.0, -1000.0, -600.0, -300.0, -200.0, 200.0, 300.0, 600.0, 1000.0, 4000.0, 1e5, 1e30}) {
    const auto value = compiled.at(V);
    const auto reference = exact(V);
    for (int k = 0; k < 6; ++k) {
      const L ratio = static_cast<L>(value[k]) / reference[k];
      const bool close = std::fabs(ratio - 1) < (sizeof(R) == 8 ? 1e-11L : 1e-3L);
      // Near the ends of the range a product of powers may leave it somewhat before the plain form does.
      const L large = sizeof(R) == 8 ? 1e290L : 1e30L;
      const bool over = reference[k] > large && value[k] > static_cast<R>(1e25), under = reference[k] < 1 / large && value[k] < static_cast<R>(1e-25);
      EXPECT_TRUE(close || over || (under && value[k] >= 0)) << names[k] << " at " << V << name_of(speed) << ": " << value[k];
    }
  }
  for (const R v : compiled.at(std::numeric_limits<R>::quiet_NaN())) EXPECT_TRUE(std::isnan(v)) << name_of(speed);
}

TEST(Rates, FarOutNothingBreaks) {
  Rates rates;
  for (const Speed speed : speeds) {
    expect_sane_far_out<double>(rates, speed);
    expect_sane_far_out<float>(rates, speed);
  }
}

TEST(Rates, OnlyBasicOperatorsAreLeft) {
  Rates rates;
  for (const Speed speed : speeds) {
    for (const Precision precision : {Precision::f32, Precision::f64}) {
      const Expanded e = expand(rates.x.g, prepared(rates, speed, precision), precision);
      for (const NodeId id : topological(e.graph, e.roots)) EXPECT_TRUE(op_info(e.graph[id].op).basic) << op_info(e.graph[id].op).name;
      for (const NodeId scalar : e.scalars) EXPECT_TRUE(rates.x.g[scalar].uniform);
    }
  }
}

// Equal equations give equal bits: nothing may depend on the order in which nodes were made.
TEST(Rates, BitsDoNotDependOnTheOrderOfNodes) {
  for (const Speed speed : speeds) {
    Rates rates, reversed(true);
    Compiled<float> a(rates, speed), b(reversed, speed);
    Compiled<double> c(rates, speed), d(reversed, speed);
    for (double V = -120; V <= 60; V += 0.37123) {
      EXPECT_EQ(a.at(static_cast<float>(V)), b.at(static_cast<float>(V))) << V << name_of(speed);
      EXPECT_EQ(c.at(V), d.at(V)) << V << name_of(speed);
    }
  }
}

// Disabled: share_exponentials makes the powers of a group in the order in which they are first asked for, and composes y^11 from
// what is there. To be enabled when they are made in ascending order.
TEST(SharedExponentials, DoNotDependOnTheOrderOfNodes) {
  const auto name = [](const Symbol& symbol) { return symbol.name; };
  std::vector<int> powers{1, 2, 3, 5, 7, 11};
  std::uint64_t expected = 0;
  do {
    Expressions x;
    const E V = x.varying("V");
    std::vector<NodeId> made(12, no_node), roots;
    for (const int k : powers) made[k] = exp(0.01 * k * V).id;
    for (const int k : {1, 2, 3, 5, 7, 11}) roots.push_back(made[k]);
    const auto shared = share_exponentials(x.g, roots, Precision::f64);
    const std::uint64_t hash = structural_hash(x.g, shared, name);
    if (expected == 0) expected = hash;
    ASSERT_EQ(hash, expected) << "made in the order " << ::testing::PrintToString(powers);
  } while (std::next_permutation(powers.begin(), powers.end()));
}

}  // namespace
}  // namespace ranvier::ir
