// ranvier run: from the request to files and a summary.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <optional>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/outputs.hpp"
#include "cli/progress.hpp"
#include "cli/recordings.hpp"
#include "cli/report.hpp"
#include "cli/version.hpp"
#include "ranvier/checkpoint.hpp"

namespace ranvier::cli {
namespace {

io::Attributes attributes_of(const RunRequest& request, const SimulationInfo& info) {
  return {{"program", "ranvier " + version()},   {"network", request.network.name}, {"seed", std::to_string(info.seed)},
          {"dt", to_string(request.network.dt)}, {"method", info.method},           {"precision", info.precision}};
}

RunReport report_of(const Simulation& sim, const Network& net) {
  RunReport r;
  r.info = sim.info();
  r.simulated_ms = sim.time_ms();
  r.steps = sim.steps();
  r.spikes = sim.spike_count();
  r.events = sim.event_count();
  r.checksum = sim.checksum();
  r.timings = sim.timings();
  const auto counts = sim.spike_counts();
  for (const auto& name : net.populations()) {
    const auto size = r.info.population_sizes.at(name), spikes = counts.at(name);
    const double rate =
        r.simulated_ms > 0 ? static_cast<double>(spikes) / static_cast<double>(size) / (r.simulated_ms / 1000) : 0;
    r.populations.push_back({name, size, spikes, rate});
  }
  return r;
}

class Run {
 public:
  Run(const RunRequest& request, const ProcessClock& clock)
      : request_(request),
        clock_(clock),
        entry_(network_entry(request.network)),
        duration_(request.network.duration.value_or(entry_.duration)),
        net_(build_network(entry_, request.network)),
        recordings_(entry_, request.network, request.output) {
    check_times(duration_, request.network.dt);
    if (!request.traces.empty() && request.record.empty() && recordings_.empty()) {
      throw UserError("--traces", "no variable is recorded", "say which, such as --record E.V, or write [[recordings]] in the file");
    }
  }

  int perform() {
    const auto options = simulation_options(request_.network, request_.backend);
    Outputs outputs(request_, net_, entry_.name);
    Simulation sim(net_, options);
    // Until here there was nothing to be saved, and Ctrl-C simply ended the program.
    const Interrupt interrupt;
    if (!request_.quiet) {
      for (const auto& warning : sim.info().warnings) notice("warning: " + warning);
    }
    const auto opening = Clock::now();
    // Loaded before any file is touched, and again once recorders are there, which then go on after its time.
    std::optional<io::CheckpointData> checkpoint;
    if (!request_.resume.empty()) sim.load(checkpoint.emplace(request_.resume));
    resumed_ms_ = sim.time_ms();
    earlier_steps_ = sim.steps();
    earlier_events_ = sim.event_count();
    outputs.attach(sim, attributes_of(request_, sim.info()));
    recordings_.attach(sim, duration_, request_.network.dt, checkpoint.has_value());
    if (checkpoint) sim.load(*checkpoint);
    checkpoint.reset();
    if (request_.record.empty()) outputs.draw_too(recordings_.records());
    write_seconds_ += seconds_since(opening);
    simulate(sim, interrupt);
    const auto closing = Clock::now();
    for (auto& error : outputs.finish(sim.time_ms())) errors_.push_back(std::move(error));
    for (auto& error : recordings_.write()) errors_.push_back(std::move(error));
    write_seconds_ += seconds_since(closing);
    report(sim, outputs);
    return status();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  void simulate(Simulation& sim, const Interrupt& interrupt) {
    Meter meter(STDERR_FILENO, request_.quiet ? Meter::Style::none : Meter::style_of(STDERR_FILENO));
    auto last = Clock::now();
    const auto progress = [&](const Progress& p) {
      meter.show(p);
      if (!request_.checkpoint.empty() && seconds_since(last) >= request_.checkpoint_seconds) {
        try {
          save(sim);
        } catch (const UserError& e) {  // no reason to lose the run as well
          meter.finish();
          notice(std::string("warning: no checkpoint was written: ") + e.what());
        }
        last = Clock::now();
      }
      return !interrupt.requested();
    };
    const Quantity left{duration_.value - sim.time_ms(), dimension::time};
    try {
      if (left.value < -request_.network.dt.value / 2) {
        notice(fmt::format("the checkpoint is at t = {:.12g} ms, after --duration: nothing is left to simulate", sim.time_ms()));
      } else if (!interrupt.requested()) {
        sim.run(left.value > request_.network.dt.value / 2 ? left : Quantity{0, dimension::time}, progress);
      }
      if (!request_.checkpoint.empty()) save(sim);
    } catch (const UserError& e) {
      stopped_ = "error";
      errors_.emplace_back(e.what());
    }
    meter.finish();
    if (stopped_.empty() && interrupt.requested() && sim.time_ms() < duration_.value - request_.network.dt.value / 2)
      stopped_ = "interrupted";
  }

  /// Files first: they must reach as far as the checkpoint.
  void save(Simulation& sim) {
    const auto failures = recordings_.write();
    if (!failures.empty()) throw UserError(failures.front());
    io::save(sim, request_.checkpoint);
  }

  void report(const Simulation& sim, const Outputs& outputs) {
    RunReport r = report_of(sim, net_);
    r.network = entry_.name;
    r.summary = entry_.summary;
    r.dt_ms = request_.network.dt.value;
    r.requested_ms = duration_.value;
    r.resumed_ms = resumed_ms_;
    r.earlier_steps = earlier_steps_;
    r.earlier_events = earlier_events_;
    r.stopped = stopped_;
    r.files = outputs.files();
    for (auto& file : recordings_.files()) r.files.push_back(std::move(file));
    r.recordings = recordings_.summaries();
    r.write_seconds = write_seconds_;
    r.total_seconds = clock_.seconds();
    if (!request_.json.empty()) write_text(request_.json, as_json(r));
    if (!request_.quiet && request_.json != "-") print(as_text(r));
    if (stopped_ == "interrupted") {
      notice(fmt::format("stopped at t = {:.12g} ms of {:.12g} ms; everything recorded so far is {}", r.simulated_ms,
                         r.requested_ms, r.files.empty() ? "in the summary" : "in the files"));
      if (!request_.checkpoint.empty()) notice(fmt::format("go on with the same command and --resume {}", request_.checkpoint));
    }
  }

  [[nodiscard]] int status() const {
    for (const auto& error : errors_) print_error(error);
    if (!errors_.empty()) return exit_user;
    return stopped_ == "interrupted" ? exit_interrupted : exit_good;
  }

  const RunRequest& request_;
  const ProcessClock& clock_;
  const models::Entry entry_;
  Quantity duration_;
  Network net_;
  FileRecordings recordings_;
  double write_seconds_ = 0, resumed_ms_ = 0;
  std::uint64_t earlier_steps_ = 0, earlier_events_ = 0;
  std::string stopped_;
  std::vector<std::string> errors_;
};

}  // namespace

int run(const RunRequest& request, const ProcessClock& clock) { return Run(request, clock).perform(); }

}  // namespace ranvier::cli
