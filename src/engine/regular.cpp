#include "engine/regular.hpp"

#include <algorithm>

namespace ranvier::engine {

std::uint64_t Regular::Entry::first_from(std::uint64_t now) const {
  return now <= from ? from : from + (now - from + interval - 1) / interval * interval;
}

std::size_t Regular::add(std::uint64_t interval, std::uint64_t from, Callback f, std::uint64_t now) {
  entries_.push_back({interval, from, std::move(f), 0});
  entries_.back().next = entries_.back().first_from(now);
  return entries_.size() - 1;
}

void Regular::cancel(std::size_t number) {
  if (number < entries_.size()) entries_[number].f = nullptr;
}

bool Regular::call(std::uint64_t now, Simulation& sim) {
  struct Calling {
    bool& flag;
    explicit Calling(bool& f) : flag(f) { flag = true; }
    ~Calling() { flag = false; }
  };
  bool any = false;
  for (std::size_t k = 0; k < entries_.size(); ++k) {  // a callback may add others
    if (!entries_[k].f || entries_[k].next != now) continue;
    entries_[k].next += entries_[k].interval;
    any = true;
    const Calling calling(calling_);
    const Callback f = entries_[k].f;
    f(sim);
  }
  return any;
}

std::uint64_t Regular::next() const {
  std::uint64_t least = never;
  for (const auto& e : entries_) {
    if (e.f) least = std::min(least, e.next);
  }
  return least;
}

std::vector<std::uint64_t> Regular::position() const {
  std::vector<std::uint64_t> out;
  for (const auto& e : entries_) out.push_back(e.next);
  return out;
}

std::vector<std::uint64_t> Regular::phases() const {
  std::vector<std::uint64_t> out;
  for (const auto& e : entries_) out.insert(out.end(), {e.interval, e.from, e.next});
  return out;
}

std::vector<std::uint64_t> Regular::position(const std::vector<std::uint64_t>& phases, std::uint64_t now) const {
  std::vector<std::uint64_t> out;
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    const auto& e = entries_[k];
    const bool same = 3 * k + 2 < phases.size() && phases[3 * k] == e.interval && phases[3 * k + 1] == e.from && phases[3 * k + 2] >= now;
    out.push_back(same ? phases[3 * k + 2] : e.first_from(now));
  }
  return out;
}

void Regular::rewind(const std::vector<std::uint64_t>& position, std::uint64_t now) {
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    entries_[k].next = k < position.size() ? position[k] : entries_[k].first_from(now);
  }
}

}  // namespace ranvier::engine
