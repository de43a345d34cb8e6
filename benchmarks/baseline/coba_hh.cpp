// See coba_hh.hpp. Built with -O3 -march=native, products and sums contracted; two native vectors at a time where the compiler
// (clang) interleaves them, one otherwise.
#include "coba_hh.hpp"

#if defined(__AVX512F__)
#define NATIVE 16
#else
#define NATIVE 8
#endif
#if defined(__clang__)
#define LANES (2 * NATIVE)
#else
#define LANES NATIVE
#endif
#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)

namespace baseline {
namespace {

template <class Real>
struct Simd;
template <>
struct Simd<float> {
  static constexpr int lanes = LANES;
  typedef float Vector __attribute__((vector_size(LANES * 4)));
  typedef std::int32_t Int __attribute__((vector_size(LANES * 4)));
};
template <>
struct Simd<double> {
  static constexpr int lanes = LANES / 2;
  typedef double Vector __attribute__((vector_size(LANES * 4)));
  typedef std::int64_t Int __attribute__((vector_size(LANES * 4)));
};

template <class Real, bool guarded>
struct Kernel {
  using V = typename Simd<Real>::Vector;
  using I = typename Simd<Real>::Int;
  static constexpr int lanes = Simd<Real>::lanes;
  static constexpr bool f32 = sizeof(Real) == 4;
  static constexpr Real reach = f32 ? Real(0.125) : Real(0.5);

  static V splat(Real x) { return x - V{}; }
  static V absolute(V x) { return (V)((I)x & (I)splat(f32 ? Real(-0.0f) : Real(-0.0)) ^ (I)x); }

  /// e^x, relative error some 2e-6 (f64: 1e-14).
  static V exponential(V x) {
    const V high = splat(f32 ? 88 : 709), low = splat(f32 ? -87 : -708);
    x = x > high ? high : x;
    x = x < low ? low : x;
    const Real magic = f32 ? Real(12582912) : Real(6755399441055744.0);
    const V t = x * Real(1.4426950408889634) + magic;
    const V n = t - magic;
    const V y = f32 ? (x - n * Real(0.693359375)) - n * Real(-2.12194440e-4)
                    : (x - n * Real(0.693147180369123816490)) - n * Real(1.90821492927058770002e-10);
    V p = splat(f32 ? Real(8.3e-3) : Real(1.0 / 39916800));
    if constexpr (f32) {
      p = p * y + Real(4.1665795894e-2);
      p = p * y + Real(1.6666665459e-1);
      p = p * y + Real(5.0000001201e-1);
    } else {
      for (const double c :
           {1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5})
        p = p * y + Real(c);
    }
    p = p * (y * y) + (y + Real(1));
    return (V)((I)p + ((I)t << (f32 ? 23 : 52)));
  }

  /// u/(e^u - 1) near 0.
  static V series(V u) {
    V p = splat(Real(1.0 / 12));
    if constexpr (!f32) {
      const V s = u * u;
      p = splat(Real(-5.284190138687493e-10));
      for (const double c :
           {2.08767569878681e-08, -8.267195767195767e-07, 3.306878306878307e-05, -1.388888888888889e-03, 1.0 / 12})
        p = p * s + Real(c);
    }
    return (p * u - Real(0.5)) * u + Real(1);
  }

  struct Rates {
    V a_m, b_m, a_h, b_h, a_n, b_n;
  };

  /// e^{-(V+50)/40} gives every exponential but that of a_h by its powers.
  static Rates rates(V v) {
    const V y = exponential((v + Real(50)) * Real(-1.0 / 40));
    const V y2 = y * y, y4 = y2 * y2, y8 = y4 * y4, y10 = y8 * y2;
    const V z = exponential((Real(-46) - v) * Real(1.0 / 18));
    const Real k1 = Real(0.004516580942612666);  // e^-5.4
    const V c1 = Real(-50) - v, d = v + Real(23), c2 = Real(-48) - v;
    V q1 = y10 - Real(1), q2 = k1 - y8, q3 = y8 + k1, q4 = y8 * Real(1.4918246976412703) - Real(1);
    const I near1 = absolute(c1) < splat(4 * reach), near2 = absolute(d) < splat(5 * reach),
            near4 = absolute(c2) < splat(5 * reach);
    if constexpr (guarded) {
      q1 = near1 ? splat(1) : q1;
      q2 = near2 ? splat(1) : q2;
      q4 = near4 ? splat(1) : q4;
    }
    const V r12 = Real(1) / (q1 * q2), r34 = Real(1) / (q3 * q4);
    Rates r;
    r.a_m = Real(0.32) * c1 * (q2 * r12);
    r.b_m = Real(0.28) * d * y8 * (q1 * r12);
    r.a_n = Real(0.032) * c2 * (q3 * r34);
    if constexpr (guarded) {
      r.a_m = near1 ? Real(1.28) * series(c1 * Real(0.25)) : r.a_m;
      r.b_m = near2 ? Real(1.4) * series(d * Real(0.2)) : r.b_m;
      r.a_n = near4 ? Real(0.16) * series(c2 * Real(0.2)) : r.a_n;
    }
    r.b_h = (4 * k1) * (q4 * r34);
    r.a_h = Real(0.128) * z;
    r.b_n = Real(0.5 * 0.9277434863285529) * y;
    return r;
  }

  static V load(const Real* p, int i) { return *reinterpret_cast<const V*>(p + i); }
  static void store(Real* p, int i, V x) { *reinterpret_cast<V*>(p + i) = x; }
  static V toward(V from, V limit, V rate) { return limit + (from - limit) * exponential(Real(-0.1) * rate); }

  static bool any(I mask) {
#if defined(__clang__)
    return __builtin_reduce_or(mask) != 0;
#else
    bool found = false;
    for (int k = 0; k < lanes; ++k) found |= mask[k] != 0;
    return found;
#endif
  }

  static int emit(V before, V after, int i, std::uint32_t* spikes, int count) {
    const I crossed = (before < splat(-20)) & (after >= splat(-20));
    if (any(crossed)) {
      for (int k = 0; k < lanes; ++k) {
        if (crossed[k]) spikes[count++] = static_cast<std::uint32_t>(i + k);
      }
    }
    return count;
  }

  static int fast(const View<Real>& s, std::uint32_t* spikes) {
    int count = 0;
    for (int i = 0; i < s.size; i += lanes) {
      const V v = load(s.V, i), m = load(s.m, i), h = load(s.h, i), n = load(s.n, i);
      const V e = load(s.g_e, i) + load(s.arrived_e, i), g = load(s.g_i, i) + load(s.arrived_i, i);
      const Rates r = rates(v);
      const V na = Real(100) * m * m * m * h, k = Real(30) * (n * n) * (n * n);
      const V G = na + k + Real(0.05) + (e + g) * Real(0.005);
      const V J = na * Real(50) - k * Real(90) - Real(3) - g * Real(0.4);
      const V sm = r.a_m + r.b_m, sh = r.a_h + r.b_h, sn = r.a_n + r.b_n;
      const V inverse_Gm = Real(1) / (G * sm), inverse_hn = Real(1) / (sh * sn);
      const V after = toward(v, J * (sm * inverse_Gm), G);
      store(s.V, i, after);
      store(s.m, i, toward(m, r.a_m * (G * inverse_Gm), sm));
      store(s.h, i, toward(h, r.a_h * (sn * inverse_hn), sh));
      store(s.n, i, toward(n, r.a_n * (sh * inverse_hn), sn));
      decay(s, i, e, g);
      count = emit(v, after, i, spikes, count);
    }
    return count;
  }

  static int staggered(const View<Real>& s, std::uint32_t* spikes) {
    int count = 0;
    for (int i = 0; i < s.size; i += lanes) {
      const V v = load(s.V, i), m = load(s.m, i), h = load(s.h, i), n = load(s.n, i);
      const V e = load(s.g_e, i) + load(s.arrived_e, i), g = load(s.g_i, i) + load(s.arrived_i, i);
      const V na = Real(100) * m * m * m * h, k = Real(30) * (n * n) * (n * n);
      // Conductances half a step on.
      const V e_mid = e * Real(0.9900498337491681), g_mid = g * Real(0.9950124791926823);
      const V G = na + k + Real(0.05) + (e_mid + g_mid) * Real(0.005);
      const V J = na * Real(50) - k * Real(90) - Real(3) - g_mid * Real(0.4);
      const V after = toward(v, J / G, G);
      const Rates r = rates(after);
      const V sm = r.a_m + r.b_m, sh = r.a_h + r.b_h, sn = r.a_n + r.b_n;
      const V inverse_hn = Real(1) / (sh * sn);
      store(s.V, i, after);
      store(s.m, i, toward(m, r.a_m / sm, sm));
      store(s.h, i, toward(h, r.a_h * (sn * inverse_hn), sh));
      store(s.n, i, toward(n, r.a_n * (sh * inverse_hn), sn));
      decay(s, i, e, g);
      count = emit(v, after, i, spikes, count);
    }
    return count;
  }

  static void decay(const View<Real>& s, int i, V e, V g) {
    store(s.g_e, i, e * Real(0.9801986733067553));
    store(s.g_i, i, g * Real(0.9900498337491681));
    store(s.arrived_e, i, V{});
    store(s.arrived_i, i, V{});
  }
};

}  // namespace

int fast_unguarded_f32(const View<float>& s, std::uint32_t* spikes) { return Kernel<float, false>::fast(s, spikes); }
int fast_guarded_f32(const View<float>& s, std::uint32_t* spikes) { return Kernel<float, true>::fast(s, spikes); }
int fast_unguarded_f64(const View<double>& s, std::uint32_t* spikes) { return Kernel<double, false>::fast(s, spikes); }
int fast_guarded_f64(const View<double>& s, std::uint32_t* spikes) { return Kernel<double, true>::fast(s, spikes); }
int staggered_unguarded_f32(const View<float>& s, std::uint32_t* spikes) {
  return Kernel<float, false>::staggered(s, spikes);
}
int staggered_guarded_f32(const View<float>& s, std::uint32_t* spikes) {
  return Kernel<float, true>::staggered(s, spikes);
}
int staggered_unguarded_f64(const View<double>& s, std::uint32_t* spikes) {
  return Kernel<double, false>::staggered(s, spikes);
}
int staggered_guarded_f64(const View<double>& s, std::uint32_t* spikes) {
  return Kernel<double, true>::staggered(s, spikes);
}

const char* built_by() {
#if defined(__clang__)
  return "clang " __clang_version__ ", " STRING(LANES) " float lanes";
#else
  return "gcc " __VERSION__ ", " STRING(LANES) " float lanes";
#endif
}

}  // namespace baseline
