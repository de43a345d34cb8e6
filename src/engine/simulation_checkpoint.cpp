// Simulation::save() and load(): the core's state, what callbacks are due, and the windows of recorded rates.
#include <algorithm>

#include "engine/simulation_impl.hpp"
#include "ranvier/checkpoint.hpp"

namespace ranvier {
namespace {

void put(CheckpointWriter& out, const std::string& name, const std::vector<std::uint64_t>& words) {
  out.put(name, NumberType::u64, words.data(), words.size());
}
std::vector<std::uint64_t> words(const CheckpointReader& in, const std::string& name) {
  std::vector<std::uint64_t> out(in.size(name));
  in.get(name, NumberType::u64, out.data(), out.size());
  return out;
}

}  // namespace

void Simulation::save(CheckpointWriter& out) {
  impl_->require_good_state();
  impl_->recorders.flush(time_ms());
  impl_->core->save(out);
  put(out, "program", {impl_->hash});
  put(out, "callbacks", impl_->regular.phases());
  const auto rates = impl_->recorders.windows();
  std::string names;
  for (const auto& name : rates.of) names += name + "\n";
  out.put("rates", NumberType::u8, names.data(), names.size());
  put(out, "rate windows", rates.windows);
}

void Simulation::load(const CheckpointReader& in) {
  impl_->require_outside("load");
  auto state = impl_->core->loaded(in);
  if (words(in, "program") != std::vector{impl_->hash}) {
    throw UserError(
        in.where(), "it was saved from another simulation (initial values or equations: not the same)",
        "load it into the network and with the options that it was saved with; set() parameters afterwards");
  }
  const auto now = steps(), then = state.state.step;
  engine::Recorders::Windows rates{{}, words(in, "rate windows")};
  std::string names(in.size("rates"), '\0');
  in.get("rates", NumberType::u8, names.data(), names.size());
  for (std::size_t at = 0, end = 0; at < names.size(); at = end + 1) {
    end = std::min(names.find('\n', at), names.size());
    rates.of.push_back(names.substr(at, end - at));
  }
  const auto phases = words(in, "callbacks");
  if (rates.windows.size() != 2 * rates.of.size() || phases.size() % 3 != 0) {
    throw UserError(in.where(), "it contradicts itself: its rates or callbacks",
                    "it was not written by this program; use another");
  }
  const auto callbacks = impl_->regular.position(phases, then);
  const auto position = impl_->recorders.position_after(then, rates);
  impl_->recorders.require_rewindable(position, now);
  impl_->core->restore(std::move(state));
  impl_->regular.rewind(callbacks, then);
  impl_->recorders.rewind(position, now);
}

}  // namespace ranvier
