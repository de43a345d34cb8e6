#include "connect/subset.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "connect/words.hpp"

namespace ranvier::connect {
namespace {

constexpr std::uint64_t block_size = 4096;
constexpr std::size_t block_words = block_size / 64;
/// A node with so few members is drawn whole instead of being split further. Part of the definition of the subsets.
constexpr std::uint32_t few_members = 32;

/// Uniform indices below `size`, as many from each word as fit: its low bits first; values of `size` and more are passed over.
class Indices {
 public:
  Indices(base::Key key, std::uint64_t node, std::uint64_t size, std::uint64_t expected)
      : bits_(static_cast<std::uint32_t>(std::bit_width(size - 1))),
        per_word_(bits_ == 0 ? 32 : 32 / bits_),
        mask_(static_cast<std::uint32_t>((std::uint64_t{1} << bits_) - 1)),
        last_(static_cast<std::uint32_t>(size - 1)),
        words_(key, node, static_cast<std::uint32_t>(expected / per_word_ + 1)) {}

  std::uint32_t next() {
    for (;;) {
      if (left_ == 0) {
        word_ = words_.next();
        left_ = per_word_;
      }
      const std::uint32_t value = static_cast<std::uint32_t>(word_) & mask_;
      word_ >>= bits_;
      --left_;
      if (value <= last_) return value;
    }
  }

 private:
  std::uint32_t bits_, per_word_, mask_, last_, left_ = 0;
  std::uint64_t word_ = 0;
  Words words_;
};

/// Sorts count <= few_members distinct values by counting for each how many are smaller: no branches, and vectors of any width
/// do it. False, and nothing useful in `out`, if two are equal.
bool rank_sort(const std::uint32_t* values, std::uint32_t count, std::uint32_t* out) {
  // Padded to whole groups of four with the largest value, which is smaller than nothing.
  constexpr std::uint32_t room = (few_members + 3) / 4 * 4;
  std::array<std::int32_t, room> biased;
  for (std::uint32_t i = 0; i < room; ++i) {
    biased[i] = i < count ? static_cast<std::int32_t>(values[i] ^ 0x80000000u) : 0x7fffffff;
  }
  const std::uint32_t padded = (count + 3) / 4 * 4;
  std::uint32_t sum = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::int32_t rank = 0;
    for (std::uint32_t j = 0; j < padded; j += 4) {
      for (std::uint32_t lane = 0; lane < 4; ++lane) rank += biased[j + lane] < biased[i];
    }
    out[rank] = values[i];
    sum += static_cast<std::uint32_t>(rank);
  }
  return 2 * sum == count * (count - 1);  // equal values share the lower rank
}

void first_distinct(Indices& indices, std::uint32_t* values, std::uint32_t drawn, std::uint32_t count) {
  std::uint32_t kept = 0;
  const auto take = [&](std::uint32_t value) {
    if (std::find(values, values + kept, value) == values + kept) values[kept++] = value;
  };
  for (std::uint32_t i = 0; i < drawn; ++i) take(values[i]);
  while (kept < count) take(indices.next());
  std::sort(values, values + count);
}

/// Bits at or above `from` and below `to` of the word whose first bit is `word_begin`.
std::uint64_t bits_between(std::uint64_t word_begin, std::uint64_t from, std::uint64_t to) {
  if (to <= word_begin || from >= word_begin + 64) return 0;
  std::uint64_t mask = ~std::uint64_t{0};
  if (from > word_begin) mask &= ~std::uint64_t{0} << (from - word_begin);
  if (to < word_begin + 64) mask &= ~std::uint64_t{0} >> (word_begin + 64 - to);
  return mask;
}

/// The positions of the set bits, as first + position. Writes up to two elements beyond the end.
template <class T>
T* emit(const std::uint64_t* words, std::size_t count, T first, T* out) {
  constexpr std::uint64_t top = std::uint64_t{1} << 63;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t word = words[i];
    // Words mostly have up to three bits: written without asking, so that there is nothing to predict.
    for (int unrolled = 0; unrolled < 3; ++unrolled) {
      *out = static_cast<T>(first + static_cast<T>(std::countr_zero(word | top)));
      out += word != 0;
      word &= word - 1;
    }
    while (word != 0) {
      *out++ = static_cast<T>(first + static_cast<T>(std::countr_zero(word)));
      word &= word - 1;
    }
    first = static_cast<T>(first + 64);
  }
  return out;
}

}  // namespace

Subsets::Node Subsets::node(std::uint64_t first_block, std::uint64_t end_block) const {
  const std::uint64_t begin = first_block * block_size;
  return {first_block, end_block, begin, std::min(end_block * block_size, n_) - begin};
}

template <class T>
T* Subsets::draw(std::uint64_t element, std::uint64_t count, std::uint64_t lo, std::uint64_t hi, T* out) {
  if (count == 0 || lo >= hi) return out;
  Job<T> job{element, lo, hi, out};
  descend(job, node(0, (n_ + block_size - 1) / block_size), count);
  return job.out;
}

template <class T>
void Subsets::descend(Job<T>& job, const Node& here, std::uint64_t count) {
  const std::uint64_t begin = std::max(here.begin, job.lo), end = std::min(here.begin + here.size, job.hi);
  if (count == 0 || begin >= end) return;
  if (!replacement_ && count == here.size) {
    for (std::uint64_t i = begin; i < end; ++i) *job.out++ = static_cast<T>(i - job.lo);
    return;
  }
  if (count <= few_members) return few(job, here, static_cast<std::uint32_t>(count));
  const std::uint64_t blocks = here.end_block - here.first_block;
  if (blocks == 1) {
    if (replacement_) return block_with_replacement(job, here, count);
    return block(job, here, static_cast<std::uint32_t>(count));
  }
  // The left child takes the largest power of two, so that subtrees are alike and share their tables.
  const std::uint64_t middle = here.first_block + std::bit_floor(blocks - 1);
  const Node left = node(here.first_block, middle), right = node(middle, here.end_block);
  const std::uint64_t on_left = tables_.split(here.size, left.size, count, counter(job.element, Draw::split, middle));
  descend(job, left, on_left);
  descend(job, right, count - on_left);
}

template <class T>
void Subsets::few(Job<T>& job, const Node& here, std::uint32_t count) {
  Indices indices(key_, counter(job.element, Draw::members, here.first_block), here.size, count);
  std::array<std::uint32_t, few_members> values, sorted;
  for (std::uint32_t i = 0; i < count; ++i) values[i] = indices.next();
  const std::uint32_t* ascending = sorted.data();
  if (!rank_sort(values.data(), count, sorted.data())) {
    if (replacement_) {
      std::sort(values.begin(), values.begin() + count);
    } else {
      first_distinct(indices, values.data(), count, count);
    }
    ascending = values.data();
  }
  T* out = job.out;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t index = here.begin + ascending[i];
    *out = static_cast<T>(index - job.lo);
    out += index >= job.lo && index < job.hi;
  }
  job.out = out;
}

template <class T>
void Subsets::block(Job<T>& job, const Node& here, std::uint32_t count) {
  const auto size = static_cast<std::uint32_t>(here.size);
  const bool complement = count > size / 2;  // draw those that are left out
  const std::uint32_t wanted = complement ? size - count : count;
  Indices indices(key_, counter(job.element, Draw::members, here.first_block), size, wanted);
  std::array<std::uint64_t, block_words> bits{};
  for (std::uint32_t got = 0; got < wanted;) {
    const std::uint32_t index = indices.next();
    std::uint64_t& word = bits[index / 64];
    const std::uint64_t bit = std::uint64_t{1} << (index % 64);
    got += (word & bit) == 0;
    word |= bit;
  }
  const std::size_t words = (size + 63) / 64;
  if (complement) {
    for (std::size_t i = 0; i < words; ++i) bits[i] = ~bits[i];
  }
  if (complement || here.begin < job.lo || here.begin + size > job.hi) {
    const std::uint64_t from = std::max(job.lo, here.begin), to = std::min(job.hi, here.begin + size);
    for (std::size_t i = 0; i < words; ++i) bits[i] &= bits_between(here.begin + 64 * i, from, to);
  }
  job.out = emit(bits.data(), words, static_cast<T>(here.begin - job.lo), job.out);
}

template <class T>
void Subsets::block_with_replacement(Job<T>& job, const Node& here, std::uint64_t count) {
  Indices indices(key_, counter(job.element, Draw::members, here.first_block), here.size, count);
  std::array<std::uint32_t, block_size> times{};
  std::array<std::uint64_t, block_words> bits{};
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint32_t index = indices.next();
    ++times[index];
    bits[index / 64] |= std::uint64_t{1} << (index % 64);
  }
  T* out = job.out;
  for (std::size_t i = 0; 64 * i < here.size; ++i) {
    const std::uint64_t begin = here.begin + 64 * i;
    for (std::uint64_t word = bits[i] & bits_between(begin, job.lo, job.hi); word != 0; word &= word - 1) {
      const auto position = static_cast<std::uint64_t>(std::countr_zero(word));
      std::uint32_t left = times[64 * i + position];
      do {
        *out++ = static_cast<T>(begin + position - job.lo);
      } while (--left > 0);
    }
  }
  job.out = out;
}

template std::uint16_t* Subsets::draw(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint16_t*);
template std::uint32_t* Subsets::draw(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint32_t*);

}  // namespace ranvier::connect
