// How long does it take to read a network file and to make its step program: COBA-HH, and models of thousands of equations?
#include "integrate/build.hpp"
#include "measure.hpp"
#include "ranvier/network_file.hpp"

namespace {

using namespace ranvier;

double seconds(const std::function<void()>& f, int rounds) {
  std::vector<double> all;
  for (int r = 0; r < rounds; ++r) {
    const double from = bench::thread_seconds();
    f();
    all.push_back(bench::thread_seconds() - from);
  }
  return bench::median(all);
}

void build(const NetworkFile& file) { (void)integrate::build_step_program(file.network.data(), {file.run.dt, file.run.method, file.run.precision}); }

/// A chain of states, each driven by the one before it through a named expression: `lines` lines.
std::string chain(int lines) {
  std::string text = "[models.chain]\nequations = '''\ndx0/dt = -x0/tau : 1\n";
  for (int k = 1; 2 * k < lines; ++k) {
    const auto now = std::to_string(k), before = std::to_string(k - 1);
    text += "s" + now + " = 1/(1 + exp(-x" + before + ")) : 1\ndx" + now + "/dt = (s" + now + " - x" + now + ")/tau : 1\n";
  }
  return text + "'''\nparameters = { tau = '10*ms' }\nmethod = 'exp_euler'\n[populations]\nA = { model = 'chain', size = 1 }\n";
}

}  // namespace

int main() {
  const auto coba = RANVIER_SOURCE_DIR "/examples/coba_hh.toml";
  bench::heading("text: from a file to a step program, CPU time of one thread", "");
  (void)read_network_file(coba);
  const double read = seconds([&] { (void)read_network_file(coba); }, 51);
  const double all = seconds([&] { build(read_network_file(coba)); }, 51);
  bench::note("ms to read COBA-HH", 1e3 * read);
  bench::target("ms to read COBA-HH and to make its step program", 1e3 * all, 2);
  double last = 0;
  for (const int lines : {2500, 5000, 10000, 20000, 40000}) {
    const auto text = chain(lines);
    const double check = seconds([&] { (void)network_from_toml(text); }, 3), whole = seconds([&] { build(network_from_toml(text)); }, 3);
    std::printf("  %6d lines: read %.3f s, with the step program %.3f s, %.1f us a line%s\n", lines, check, whole, 1e6 * whole / lines,
                last > 0 ? (", " + std::to_string(whole / last).substr(0, 4) + " times half as many").c_str() : "");
    if (lines == 10000) bench::target("s for 10,000 lines, with the step program", whole, 0.5);
    last = whole;
  }
  return 0;
}
