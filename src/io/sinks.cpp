#include "ranvier/sinks.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace ranvier::io {

// --------------------------------------------------------------------------------------------------------------------
// spikes

SpikeFileSink::SpikeFileSink(std::filesystem::path path, Attributes attributes, FileOptions options)
    : path_(std::move(path)), attributes_(std::move(attributes)), options_(options) {}

void SpikeFileSink::open() {
  writer_.reset();  // before the same path is opened again
  writer_ = open_spikes(path_, populations_, dt_ms_, attributes_, options_);
}

void SpikeFileSink::begin(const std::vector<PopulationInfo>& populations, double dt_ms) {
  if (writer_) throw UserError(path_.string(), "two simulations write to it", "give each a sink and a file of its own");
  for (const auto& p : populations) populations_.push_back({p.name, p.size});
  dt_ms_ = dt_ms;
  open();
}

void SpikeFileSink::spikes(std::size_t population, std::span<const std::uint64_t> stamps,
                           std::span<const std::uint32_t> ids) {
  if (!writer_) return;
  // The two integer types differ in the sign alone, which no stamp uses.
  const auto* steps = reinterpret_cast<const std::int64_t*>(stamps.data());
  writer_->append(population, std::span<const std::int64_t>(steps, stamps.size()), ids);
}

// Between two of these the writer may flush a full buffer, and promises what was complete before.
void SpikeFileSink::complete(std::uint64_t step) {
  if (writer_) writer_->advance(static_cast<std::int64_t>(step));
}

void SpikeFileSink::flush(double time_ms) {
  if (!writer_) return;
  writer_->advance(std::llround(time_ms / dt_ms_));
  writer_->flush();
}

void SpikeFileSink::restart() {
  options_.resume_ms.reset();
  if (writer_) open();
}

void SpikeFileSink::close() {
  if (writer_) writer_->close();
}

double SpikeFileSink::written_until() const {
  return writer_ ? writer_->written_until() : -std::numeric_limits<double>::infinity();
}

// -------------------------------------------------------------------------------------------------------------------
// reports

class ReportOutput::Sink final : public StateSink {
 public:
  Sink(std::shared_ptr<ReportOutput> owner, std::size_t number) : owner_(std::move(owner)), number_(number) {}
  void begin(const StateRecord& description) override { owner_->begin(number_, description); }
  void frame(std::uint64_t step, std::span<const double> values) override { owner_->frame(number_, step, values); }
  void flush(double) override {
    // The first sink flushes for all: they share the file.
    if (owner_->writer_ && number_ == 0) owner_->writer_->flush();
  }
  void restart() override {
    if (!owner_->writer_ || number_ != 0) return;
    owner_->timing_.first_step = 0;
    owner_->options_.file.resume_ms.reset();
    owner_->open();
  }

 private:
  std::shared_ptr<ReportOutput> owner_;
  std::size_t number_;
};

ReportOutput::ReportOutput(std::filesystem::path path, std::size_t count, Options options)
    : path_(std::move(path)), count_(count), options_(std::move(options)), populations_(count) {}

std::shared_ptr<ReportOutput> ReportOutput::make(std::filesystem::path path, std::size_t count, Options options) {
  return std::shared_ptr<ReportOutput>(new ReportOutput(std::move(path), count, std::move(options)));
}

std::vector<std::shared_ptr<StateSink>> ReportOutput::sinks() {
  std::vector<std::shared_ptr<StateSink>> all;
  for (std::size_t i = 0; i < count_; ++i) all.push_back(std::make_shared<Sink>(shared_from_this(), i));
  return all;
}

void ReportOutput::begin(std::size_t number, const StateRecord& d) {
  if (d.every() == 0) {
    throw UserError(path_.string(), "the frames of a report are evenly spaced, and steps are listed", "record with every, or in memory");
  }
  if (d.reduce() != Reduce::none) {
    throw UserError(path_.string(), "a report holds one value a neuron, and they are reduced to one", "record in memory");
  }
  if (begun_ > 0 && (d.variable() != variable_.name || d.unit() != variable_.unit || d.every() != timing_.every)) {
    throw UserError(path_.string(),
                    "'" + d.population() + "." + d.variable() + "' does not fit the report of '" + variable_.name + "'",
                    "a report holds one variable, in one unit, recorded at the same steps");
  }
  variable_ = {d.variable(), d.unit(), options_.single_precision};
  timing_ = {.dt_ms = d.dt_ms(), .first_step = 0, .every = d.every()};
  if (const auto resumed = std::llround(options_.file.resume_ms.value_or(0) / d.dt_ms()); resumed > 0) {
    timing_.first_step = (resumed / d.every() + 1) * d.every();  // frames up to that time are behind
  }
  populations_[number] = {d.population(), {d.neurons().begin(), d.neurons().end()}, d.pre(), d.post()};
  if (++begun_ == count_) open();
}

void ReportOutput::frame(std::size_t number, std::uint64_t step, std::span<const double> values) {
  if (!writer_) return;
  const auto first = static_cast<std::int64_t>(step);
  if (empty_ && first != timing_.first_step) {
    // The simulation had already run when the sink was attached; the file does not hold anything yet.
    timing_.first_step = first;
    open();
  }
  empty_ = false;
  writer_->append(number, values);
}

void ReportOutput::open() {
  empty_ = true;
  writer_.reset();
  writer_ = open_report(path_, variable_, populations_, timing_, options_.attributes, options_.file);
}

void ReportOutput::close() {
  if (writer_) writer_->close();
}

double ReportOutput::written_until() const {
  return writer_ ? writer_->written_until() : -std::numeric_limits<double>::infinity();
}

}  // namespace ranvier::io
