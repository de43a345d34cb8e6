#include "cli/outputs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>

#include "io/store.hpp"
#include "model/model_data.hpp"
#include "ranvier/plot.hpp"

namespace ranvier::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::uint32_t most_traces = 8;

std::uint32_t size_of(const Network& net, const std::string& population) { return net.population(population).size(); }

/// The same number as io::EdgesView wants it: one if all are equal.
std::span<const double> compact(const std::vector<double>& values) {
  const bool constant =
      !values.empty() && std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
  return {values.data(), constant ? 1 : values.size()};
}

const detail::ProjectionData& projection_of(const Network& net, const std::string& name) {
  const auto& all = net.data().projections;
  return *std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.name == name; });
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  return fs::weakly_canonical(fs::absolute(a, ignored), ignored) ==
         fs::weakly_canonical(fs::absolute(b, ignored), ignored);
}

}  // namespace

void check_writable(const std::string& path) {
  std::error_code ignored;
  const bool existed = fs::exists(path, ignored);
  // Opening a pipe or a device may have effects of its own.
  if (existed && !fs::is_regular_file(path, ignored) && !fs::is_directory(path, ignored)) return;
  ::close(io::open_output(path, O_WRONLY));
  if (!existed) ::unlink(path.c_str());
}

/// A file that is replaced as a whole is not made before that: a kill in this moment would leave an empty one.
void check_replaceable(const std::string& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) return check_writable(path);
  try {
    check_writable(path + ".part");
  } catch (const UserError&) {
    check_writable(path);  // the same fault, under the name that was given
    throw;
  }
}

Outputs::Outputs(const RunRequest& request, const Network& net, std::string title)
    : request_(request), net_(net), title_(std::move(title)) {
  for (const auto& [population, variable] : request.record) (void)net.population(population)[variable];
  plan_reports();
  check_paths();
  std::vector<std::string> figures;
  for (const auto& path : {request.raster, request.traces}) {
    if (!path.empty()) figures.push_back(path);
  }
  for (const auto& path : figures) (void)plot::format_of(path);
  if (figures.empty()) return;
  figures_checked_ = std::async(std::launch::async, [figures] {
    for (const auto& path : figures) plot::check_writable(path);
  });
}

void Outputs::plan_reports() {
  if (request_.states.empty()) return;
  for (const auto& [population, variable] : request_.record) {
    auto report =
        std::find_if(reports_.begin(), reports_.end(), [&v = variable](const auto& r) { return r.variable == v; });
    if (report == reports_.end()) report = reports_.insert(reports_.end(), Report{variable, {}, {}, nullptr});
    report->populations.push_back(population);
  }
  for (auto& r : reports_) r.path = io::report_path(request_.states, r.variable, reports_.size() > 1).string();
}

std::vector<std::pair<std::string, std::string>> Outputs::files() const {
  std::vector<std::pair<std::string, std::string>> all;
  const auto add = [&](const char* what, const std::string& path) {
    if (!path.empty() && path != "-") all.emplace_back(what, path);
  };
  add("spikes", request_.spikes);
  add("raster", request_.raster);
  for (const auto& r : reports_) add("states", r.path);
  add("traces", request_.traces);
  add("connections", request_.connections);
  add("json", request_.json);
  add("checkpoint", request_.checkpoint);
  return all;
}

void Outputs::check_paths() const {
  const auto all = files();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (same_file(all[i].second, all[j].second)) {
        throw UserError(all[i].second,
                        fmt::format("both {} and {} are to be written to it", all[j].first, all[i].first),
                        "name two files");
      }
    }
    if (all[i].first == "checkpoint") {
      check_replaceable(all[i].second);
    } else if (all[i].first != "raster" && all[i].first != "traces") {
      check_writable(all[i].second);
    }
    if (!request_.resume.empty() && all[i].first != "checkpoint" && same_file(all[i].second, request_.resume)) {
      throw UserError(all[i].second, fmt::format("{} are to be written to the checkpoint from which the run goes on", all[i].first), "name two files");
    }
  }
  const auto extension = fs::path(request_.connections).extension();
  if (!request_.connections.empty() && extension != ".h5" && extension != ".hdf5" && extension != ".sonata") {
    throw UserError(request_.connections, "connections are written in the SONATA format", "end the name in .h5");
  }
}

io::FileOptions Outputs::file_options() const {
  io::FileOptions options;
  if (!request_.resume.empty()) options.resume_ms = from_ms_;
  return options;
}

void Outputs::attach(Simulation& sim, const io::Attributes& attributes) {
  from_ms_ = sim.time_ms();
  if (figures_checked_.valid()) figures_checked_.get();
  if (!request_.connections.empty()) write_connections(sim, attributes);
  if (!request_.spikes.empty()) {
    spikes_ = std::make_shared<io::SpikeFileSink>(request_.spikes, attributes, file_options());
    sim.stream(spikes_);
  }
  if (!request_.raster.empty()) {
    for (const auto& name : net_.populations()) raster_.push_back(sim.record(SpikesRef{name}));
  }
  attach_reports(sim, attributes);
  if (!request_.traces.empty()) attach_traces(sim);
}

void Outputs::attach_reports(Simulation& sim, const io::Attributes& attributes) {
  const bool single = sim.info().precision == "f32";
  for (auto& r : reports_) {
    r.output =
        io::ReportOutput::make(r.path, r.populations.size(), {.single_precision = single, .attributes = attributes, .file = file_options()});
    const auto sinks = r.output->sinks();
    for (std::size_t i = 0; i < sinks.size(); ++i) {
      sim.stream(net_.population(r.populations[i])[r.variable],
                 {.every = request_.record_every, .neurons = request_.record_neurons}, sinks[i]);
    }
  }
}

void Outputs::attach_traces(Simulation& sim) {
  for (const auto& [population, variable] : request_.record) {
    auto ids = request_.record_neurons;
    if (ids.empty()) {
      for (std::uint32_t i = 0; i < std::min(most_traces, size_of(net_, population)); ++i) ids.push_back(i);
    }
    if (ids.size() > most_traces) ids.resize(most_traces);
    traces_.push_back(
        {population, variable,
         sim.record(net_.population(population)[variable], {.every = request_.record_every, .neurons = ids})});
  }
}

void Outputs::draw_too(const std::vector<Recorded>& records) {
  for (const auto& r : records) {
    if (r.values && !request_.traces.empty()) traces_.push_back({r.values->population(), r.values->variable(), r.values});
  }
}

void Outputs::write_connections(const Simulation& sim, const io::Attributes& attributes) const {
  std::vector<Edges> edges;
  std::vector<std::string> units;
  const auto names = net_.projections();
  for (const auto& name : names) {
    edges.push_back(sim.connectivity(name));
    units.push_back(coherent_unit_name(projection_of(net_, name).weight.dimension));
  }
  std::vector<io::EdgesView> views;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& p = projection_of(net_, names[i]);
    views.push_back({.name = names[i],
                     .source = p.pre.population,
                     .target = p.post.population,
                     .source_size = size_of(net_, p.pre.population),
                     .target_size = size_of(net_, p.post.population),
                     .pre = edges[i].pre,
                     .post = edges[i].post,
                     .weight = compact(edges[i].weight),
                     .delay = compact(edges[i].delay),
                     .weight_unit = units[i]});
  }
  io::write_edges(request_.connections, views, attributes);
}

void Outputs::draw_raster(double reached_ms) const {
  plot::Raster figure;
  for (const auto& r : raster_) figure.add(r->population(), r->size(), r->times_ms(), r->ids());
  figure.window_ms(from_ms_, reached_ms).title(title_).save(request_.raster);
}

void Outputs::draw_traces(double reached_ms) const {
  plot::Traces figure;
  std::map<std::string, std::string> variables;  // by unit; nothing where several share a panel
  for (const auto& t : traces_) {
    const auto [known, added] = variables.emplace(t.record->unit(), t.variable);
    if (!added && known->second != t.variable) known->second.clear();
    const auto times = t.record->times_ms();
    const bool each = t.record->reduce() == Reduce::none;
    for (std::size_t column = 0; column < std::min<std::size_t>(most_traces, t.record->columns()); ++column) {
      std::vector<double> values;
      for (std::size_t frame = 0; frame < t.record->frames(); ++frame) values.push_back(t.record->value(frame, column));
      const auto neuron = each ? fmt::format(" {}", t.record->neurons()[column]) : std::string();
      figure.add(fmt::format("{}.{}{}", t.population, t.variable, neuron), t.record->unit(), times, std::move(values));
    }
  }
  for (const auto& [unit, variable] : variables) {
    if (!variable.empty()) figure.label(unit, variable);
  }
  figure.window_ms(from_ms_, reached_ms).title(title_).save(request_.traces);
}

void Outputs::close_files() {
  if (spikes_) spikes_->close();
  for (const auto& r : reports_) {
    if (r.output) r.output->close();
  }
}

std::vector<std::string> Outputs::finish(double reached_ms) {
  std::vector<std::future<void>> drawing;
  const auto draw = [&](const std::string& path, auto method) {
    // There is nothing to be seen of a run that ended before it began.
    if (!path.empty() && reached_ms > from_ms_)
      drawing.push_back(std::async(std::launch::async, [this, method, reached_ms] { (this->*method)(reached_ms); }));
  };
  draw(request_.raster, &Outputs::draw_raster);
  draw(request_.traces, &Outputs::draw_traces);
  std::vector<std::string> errors;
  const auto collect = [&](const std::function<void()>& part) {
    try {
      part();
    } catch (const UserError& e) {
      errors.emplace_back(e.what());
    }
  };
  collect([&] { close_files(); });
  for (auto& d : drawing) collect([&] { d.get(); });
  return errors;
}

}  // namespace ranvier::cli
