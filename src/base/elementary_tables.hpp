// Constants of the elementary functions for f32 and f64, printed by validation/elementary/remez.py. Lowest order first.
// Decimal literals identify the float or double exactly (9 and 17 digits); ops.lit() rounds them once.
//
//   using Tables = ranvier::base::elementary::Tables<true>;   // f64
#pragma once

#include <cstdint>

namespace ranvier::base::elementary {

template <bool is_f64>
struct Tables;

template <>
struct Tables<false> {
  static constexpr int mantissa_bits = 23, sign_shift = 30;
  static constexpr std::int64_t one_bits = 0x3f800000, sqrt_half_bits = 0x3f3504f3, mantissa_mask = 0x7fffff;
  static constexpr std::int64_t sign_bit = 0x80000000, integer_magic_bits = 0x4b000000;
  static constexpr double integer_magic = 8388608.0, bias = 127.0, subnormal_bias = 127.0 + 25.0, subnormal_scale = 33554432.0;
  static constexpr double min_normal = 0x1p-126;
  // exp: 1.5*2^23 + 126; the highest argument gives infinity, the lowest zero (-126 ln2)
  static constexpr double exp_magic = 12582912.0 + 126.0, exp_high = 89.0, exp_low = -87.33654;
  static constexpr double log2_e = 1.44269502, ln2_high = 0.693147182, ln2_low = -1.90465421e-09;
  static constexpr double two_exp[] = {2, 2, 1, 0.333330691, 0.0833344758, 0.0167349838, 0.00277275196};
  static constexpr double expm1_p[] = {0.5, 0.16666548, 0.0416668542, 0.0083660502, 0.0013898192};
  static constexpr double log_ln2_high = 0.693145752, log_ln2_low = 1.42860677e-06;
  static constexpr double log_r[] = {0.666667759, 0.399775416, 0.29871729};
  static constexpr double two_thirds_high = 0.666666687, two_thirds_low = -1.98682155e-08;
  static constexpr double pow_q[] = {0.400001526, 0.28547135, 0.234185725};
  static constexpr double trig_magic = 12582912.0, trig_limit = 1048576.0, two_over_pi = 0.636619747;
  static constexpr double half_pi_1 = 1.57079637, half_pi_2 = -4.37113883e-08, half_pi_3 = -1.71512451e-15;
  static constexpr double sin_s[] = {-0.166666552, 0.00833215658, -0.00019514648};
  static constexpr double cos_c[] = {0.0416666456, -0.00138873095, 2.4432431e-05};
};

template <>
struct Tables<true> {
  static constexpr int mantissa_bits = 52, sign_shift = 62;
  static constexpr std::int64_t one_bits = 0x3ff0000000000000, sqrt_half_bits = 0x3fe6a09e667f3bcd, mantissa_mask = 0xfffffffffffff;
  static constexpr std::int64_t sign_bit = INT64_MIN, integer_magic_bits = 0x4330000000000000;
  static constexpr double integer_magic = 4503599627370496.0, bias = 1023.0, subnormal_bias = 1023.0 + 54.0, subnormal_scale = 0x1p54;
  static constexpr double min_normal = 0x1p-1022;
  // exp: 1.5*2^52 + 1022; the highest argument gives infinity, the lowest zero (-1022 ln2)
  static constexpr double exp_magic = 6755399441055744.0 + 1022.0, exp_high = 709.9, exp_low = -708.3964185322641;
  static constexpr double log2_e = 1.4426950408889634, ln2_high = 0.69314718055994529, ln2_low = 2.3190468138462996e-17;
  static constexpr double two_exp[] = {2, 2, 1.0000000000000022, 0.33333333333332826, 0.083333333333060533, 0.016666666666988683,
      0.0027777777887196789, 0.00039682539013542663, 4.9602986270886213e-05, 5.5115172535437302e-06, 5.5260468347451099e-07,
      5.0000145776997538e-08};
  static constexpr double expm1_p[] = {0.5, 0.16666666666666677, 0.041666666666666512, 0.0083333333333217019, 0.0013888888888962309,
      0.00019841269885938599, 2.4801587172629469e-05, 2.7557244404605482e-06, 2.7557402597215969e-07, 2.5108967335162347e-08,
      2.0875333644897008e-09};
  static constexpr double log_ln2_high = 0.69314718048553914, log_ln2_low = 7.4406171100123968e-11;
  static constexpr double log_r[] = {0.6666666666666734, 0.39999999999414676, 0.28571428742387378, 0.2222219857323994,
      0.18183564322375381, 0.15314050659318712, 0.14795948574143222};
  static constexpr double two_thirds_high = 0.66666666666666663, two_thirds_low = 3.7007434154171883e-17;
  static constexpr double pow_q[] = {0.3999999999999998, 0.28571428571445101, 0.22222222217539447, 0.18181818869949359,
      0.15384556895923951, 0.13336316459277786, 0.11674838009129243, 0.11988850576907699};
  static constexpr double trig_magic = 6755399441055744.0, trig_limit = 0x1p48, two_over_pi = 0.63661977236758138;
  static constexpr double half_pi_1 = 1.5707963267948966, half_pi_2 = 6.123233995736766e-17, half_pi_3 = -1.4973849048591815e-33;
  static constexpr double sin_s[] = {-0.1666666666666663, 0.0083333333333220072, -0.00019841269829497615, 2.7557313588393349e-06,
      -2.5050742434194992e-08, 1.5895912324489678e-10};
  static constexpr double cos_c[] = {0.041666666666666595, -0.00138888888888729, 2.4801587288750754e-05, -2.7557314149379277e-07,
      2.0875696677241176e-09, -1.1358316007628725e-11};
};

}  // namespace ranvier::base::elementary
