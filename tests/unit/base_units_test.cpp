// links: ranvier_base
#include "ranvier/units.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace ranvier {
namespace {

using namespace ranvier::units;

template <class E, class F>
std::string message(F&& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "(nothing was thrown)";
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(Units, DecimalScalingIsExact) {
  EXPECT_EQ((300 * us).value, 0.3);
  EXPECT_EQ((300 * us).value, (0.3 * ms).value);
  EXPECT_EQ((0.1 * second).value, 100.0);
  EXPECT_EQ((6 * nS).value, 6.0);
  EXPECT_EQ((10 * Hz).value, 0.01);
  EXPECT_EQ((1 * farad).value, 1e12);
  EXPECT_EQ(scale_by_power_of_ten(1, -23), 1e-23);
  EXPECT_EQ(scale_by_power_of_ten(3, -40), 3e-40);
  EXPECT_EQ(scale_by_power_of_ten(7, 300), 7e300);
  EXPECT_EQ(scale_by_power_of_ten(-7, 400), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(scale_by_power_of_ten(5, -330), 0.0);
  EXPECT_EQ(scale_by_power_of_ten(0, 5), 0.0);
}

TEST(Units, TheBaseIsCoherent) {
  EXPECT_EQ((1 * mV * nS).value, (1 * pA).value);
  EXPECT_EQ((1 * mV * nS).dimension, pA.dimension);
  EXPECT_EQ((1 * pF * mV / ms).dimension, pA.dimension);
  EXPECT_EQ((1 * pF * mV / ms).in(pA), 1.0);
  EXPECT_EQ((1 * mV / Gohm).in(pA), 1.0);
  EXPECT_EQ((1 * pF / nS).in(ms), 1.0);
  EXPECT_EQ((10 * nS * (20 * mV)).in(pA), 200.0);
  EXPECT_EQ((1 * volt / (1 * amp)).in(ohm), 1.0);
}

TEST(Units, TextGivesTheSameBitsAsTheOperators) {
  EXPECT_EQ(parse_quantity("100us").value, (100 * us).value);
  EXPECT_EQ(parse_quantity("0.3 ms").value, parse_quantity("300us").value);
  EXPECT_EQ(parse_quantity("-3.5 mV/ms").value, -3.5);
  EXPECT_EQ(parse_quantity("12 nS").dimension, nS.dimension);
  EXPECT_EQ(parse_quantity("0.02").dimension, dimension::none);
  EXPECT_EQ(parse_quantity(" +1e-3 V ").value, 1.0);
  EXPECT_EQ(parse_quantity("5*mV").value, 5.0);
  EXPECT_EQ(parse_quantity("2/ms").dimension, dimension::frequency);
  EXPECT_EQ(parse_quantity(".5 kHz").value, 0.5);
}

struct Spelling {
  const char* text;
  Unit unit;
};

TEST(Units, SpellingsOfTheSameUnit) {
  const std::vector<Spelling> spellings = {{"mV", mV},
                                           {"mvolt", mV},
                                           {"millivolt", mV},
                                           {"millivolts", mV},
                                           {"volt", volt},
                                           {"volts", volt},
                                           {"uV", uV},
                                           {"\u00b5V", uV},
                                           {"\u03bcV", uV},
                                           {"microvolt", uV},
                                           {"s", second},
                                           {"second", second},
                                           {"seconds", second},
                                           {"ms", ms},
                                           {"msecond", ms},
                                           {"us", us},
                                           {"usecond", us},
                                           {"A", amp},
                                           {"amp", amp},
                                           {"ampere", amp},
                                           {"pA", pA},
                                           {"pamp", pA},
                                           {"picoampere", pA},
                                           {"S", siemens},
                                           {"siemens", siemens},
                                           {"nS", nS},
                                           {"nsiemens", nS},
                                           {"msiemens", mS},
                                           {"F", farad},
                                           {"farad", farad},
                                           {"uF", uF},
                                           {"ufarad", uF},
                                           {"ohm", ohm},
                                           {"Mohm", Mohm},
                                           {"megaohm", Mohm},
                                           {"M\u03a9", Mohm},
                                           {"G\u2126", Gohm},
                                           {"Hz", Hz},
                                           {"hertz", Hz},
                                           {"kHz", kHz},
                                           {"khertz", kHz},
                                           {"m", meter},
                                           {"metre", meter},
                                           {"meters", meter},
                                           {"um", um},
                                           {"umetre", um},
                                           {"cm", cm},
                                           {"K", kelvin},
                                           {"kelvin", kelvin},
                                           {"cm2", cm * cm},
                                           {"cm^2", cm * cm},
                                           {"cm**2", cm * cm},
                                           {"(cm)^2", cm * cm},
                                           {"1", unitless},
                                           {"unitless", unitless},
                                           {"1/ms", kHz},
                                           {"/ms", kHz},
                                           {"ms^-1", kHz},
                                           {"ms^(-1)", kHz},
                                           {"uF/cm^2", uF / (cm * cm)},
                                           {"uF/cm2", uF / (cm * cm)},
                                           {"uF*cm**-2", uF / (cm * cm)},
                                           {"ufarad / cmetre**2", uF / (cm * cm)},
                                           {"mV/ms", mV / ms},
                                           {"nS*mV", pA},
                                           {"mV/(ms*pA)", mV / (ms * pA)},
                                           {"mV\u00b7nS", pA},
                                           {"J", volt * amp * second},
                                           {"N*m", volt * amp * second},
                                           {"Pa*m3", volt * amp * second},
                                           {"W", volt * amp},
                                           {"C", amp * second},
                                           {"Wb", volt * second},
                                           {"T*m2", volt * second},
                                           {"H*A", volt * second},
                                           {"kg*m^2/s^2", volt * amp * second},
                                           {"mM", parse_unit("mol/m^3")},
                                           {"mmol/L", parse_unit("mM")},
                                           {"umolar", parse_unit("uM")},
                                           {"dm3", parse_unit("litre")}};
  for (const auto& [text, unit] : spellings) {
    const Unit read = parse_unit(text);
    EXPECT_EQ(read.dimension, unit.dimension) << text;
    EXPECT_EQ(read.exponent, unit.exponent) << text;
  }
}

TEST(Units, HalfPowers) {
  const Unit noise = parse_unit("mV/ms^0.5");
  EXPECT_EQ(power(noise.dimension, 4), (mV * mV / ms).dimension);
  EXPECT_EQ(parse_unit("ms^(1/2)").dimension, parse_unit("ms**.5").dimension);
  EXPECT_SAYS(message<UserError>([] { (void)parse_unit("second^0.5"); }), "not an exact power of ten");
  EXPECT_SAYS(message<UserError>([] { (void)parse_unit("ms^0.3"); }), "whole number of halves");
  EXPECT_THROW((void)power(parse_unit("ms^0.5").dimension, 1), UnitError);
  EXPECT_THROW((void)power(dimension::voltage, 200), UnitError);
}

TEST(Units, SymbolsThatCouldBeReadTwice) {
  EXPECT_EQ(parse_unit("cd").dimension, (Dimension{{0, 0, 0, 0, 0, 0, 2}}));
  EXPECT_EQ(parse_unit("Pa").dimension, (parse_unit("N") / (meter * meter)).dimension);
  EXPECT_EQ(parse_unit("PA").dimension, dimension::current);
  EXPECT_EQ(parse_unit("mm").exponent, 3);
  EXPECT_EQ(parse_unit("Mm").exponent, 12);
  EXPECT_EQ(parse_unit("mol").dimension, dimension::amount);
  EXPECT_EQ(parse_unit("dam").exponent, 7);
  EXPECT_EQ(parse_unit("mS").dimension, dimension::conductance);
  EXPECT_EQ(parse_unit("ms").dimension, dimension::time);
}

TEST(Units, UnknownNamesSuggestNearOnes) {
  const auto of = [](const char* text) { return message<UserError>([&] { (void)parse_quantity(text); }); };
  EXPECT_SAYS(of("5 mv"), "unknown unit 'mv'");
  EXPECT_SAYS(of("5 mv"), "mV");
  EXPECT_SAYS(of("5 milivolt"), "millivolt");
  EXPECT_SAYS(of("5 mvlt/ms"), "unknown unit 'mvlt' in 'mvlt/ms'");
  EXPECT_SAYS(of("5 mvlt/ms"), "mvolt");
  EXPECT_SAYS(of("5 hz"), "Hz");
  EXPECT_SAYS(of("5 furlong"), "units are written like");
  EXPECT_SAYS(of("5 kunitless"), "unknown unit");
}

TEST(Units, MalformedTextIsRefusedWithAReason) {
  const auto of = [](const char* text) { return message<UserError>([&] { (void)parse_quantity(text); }); };
  EXPECT_SAYS(of(""), "does not begin with a number");
  EXPECT_SAYS(of("mV"), "does not begin with a number");
  EXPECT_SAYS(of("nan"), "does not begin with a number");
  EXPECT_SAYS(of("-inf mV"), "does not begin with a number");
  EXPECT_SAYS(of("+-1"), "does not begin with a number");
  EXPECT_SAYS(of("1.2.3 mV"), "malformed");
  EXPECT_SAYS(of("1 2"), "malformed");
  EXPECT_SAYS(of("1e999 mV"), "out of the range");
  EXPECT_SAYS(of("5 mV/"), "a name is missing at the end");
  EXPECT_SAYS(of("5 *"), "unit is missing");
  EXPECT_SAYS(of("5 (mV"), "')' is missing");
  EXPECT_SAYS(of("5 mV)"), "unexpected ')'");
  EXPECT_SAYS(of("5 mV nS"), "unexpected 'nS'");
  EXPECT_SAYS(of("5 mV^"), "exponent is missing");
  EXPECT_SAYS(of("5 mV/2"), "a name is missing before '2'");
  EXPECT_SAYS(of("5 mV/10"), "other than 1");
  EXPECT_SAYS(of("5 mV^60*mV^60"), "too high");
  EXPECT_SAYS(of("5 m^60"), "out of the range");
  EXPECT_SAYS(message<UserError>([] { (void)parse_unit(""); }), "a unit is missing");
  const std::string deep = "1 " + std::string(100000, '(') + "mV";
  EXPECT_SAYS(message<UserError>([&] { (void)parse_quantity(deep); }), "nested too deeply");
}

TEST(Units, CustomaryNames) {
  EXPECT_EQ(unit_name(dimension::voltage), "mV");
  EXPECT_EQ(unit_name(dimension::time), "ms");
  EXPECT_EQ(unit_name(dimension::current), "pA");
  EXPECT_EQ(unit_name(dimension::conductance), "nS");
  EXPECT_EQ(unit_name(dimension::capacitance), "pF");
  EXPECT_EQ(unit_name(dimension::resistance), "Gohm");
  EXPECT_EQ(unit_name(dimension::frequency), "Hz");
  EXPECT_EQ(unit_name(dimension::length), "um");
  EXPECT_EQ(unit_name(dimension::none), "unitless");
  EXPECT_EQ(unit_name(dimension::voltage / dimension::time), "mV/ms");
  EXPECT_EQ(unit_name(dimension::voltage * dimension::voltage), "mV^2");
  EXPECT_EQ(unit_name(dimension::conductance / (dimension::length * dimension::length)), "mS/cm^2");
  EXPECT_EQ(coherent_unit_name(dimension::conductance / (dimension::length * dimension::length)), "nS/um^2");
  EXPECT_EQ(coherent_unit_name(dimension::frequency), "kHz");
  EXPECT_EQ(to_string(10 * uA / (cm * cm)), "10 uA/cm^2");
  EXPECT_EQ(unit_name(dimension::none / dimension::voltage), "1/mV");
  EXPECT_EQ(unit_name(parse_unit("mV/ms^0.5").dimension), "mV/ms^0.5");
}

TEST(Units, EveryNameReadsBackAsItsDimension) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 2000; ++trial) {
    Dimension d;
    for (auto& h : d.halves) h = random() % 3 == 0 ? static_cast<std::int8_t>(random() % 13) - 6 : 0;
    const std::string name = unit_name(d);
    EXPECT_EQ(parse_unit(name).dimension, d) << name;
  }
}

TEST(Units, TextOfAQuantity) {
  EXPECT_EQ(to_string(5 * ms), "5 ms");
  EXPECT_EQ(to_string(0.3 * ms), "0.3 ms");
  EXPECT_EQ(to_string(10 * Hz), "10 Hz");
  EXPECT_EQ(to_string(0.1 * kHz), "100 Hz");
  EXPECT_EQ(to_string(-70 * mV), "-70 mV");
  EXPECT_EQ(to_string(Quantity(0.02)), "0.02");
  EXPECT_EQ(to_string(2 * mV / ms), "2 mV/ms");
  EXPECT_EQ(to_string(Quantity(3, dimension::none / dimension::voltage)), "3/mV");
}

TEST(Units, TextReadsBackToTheSameBits) {
  std::mt19937_64 random(11);
  const std::vector<Dimension> dimensions = {dimension::voltage,
                                             dimension::frequency,
                                             dimension::concentration,
                                             dimension::none,
                                             dimension::resistance,
                                             dimension::mass,
                                             dimension::voltage / dimension::time,
                                             dimension::none / dimension::voltage,
                                             parse_unit("W").dimension,
                                             parse_unit("mV/ms^0.5").dimension};
  for (int trial = 0; trial < 20000; ++trial) {
    const double magnitude = std::exp2(static_cast<double>(random() % 60) - 30);
    const double value = magnitude * (1 + static_cast<double>(random() >> 11) * 0x1p-53) * (random() % 2 == 0 ? 1 : -1);
    const Quantity q{value, dimensions[trial % dimensions.size()]};
    const Quantity back = parse_quantity(to_string(q));
    ASSERT_EQ(back.value, q.value) << to_string(q);
    ASSERT_EQ(back.dimension, q.dimension) << to_string(q);
  }
}

TEST(Units, AnyTextIsReadOrRefused) {
  std::mt19937 random(3);
  const std::vector<std::string> pieces = {"m", "V",  "/",   "*",     "^",    "**", "(", ")",
                                           "2", "-1", "0.5", " ",     "ms",   "1",  "n", "\u00b5",
                                           "s", ".",  "e9",  "1e300", "\xff", "_",  "+", "\t"};
  int understood = 0;
  for (int trial = 0; trial < 10000; ++trial) {
    std::string text;
    for (std::size_t length = random() % 8; length > 0; --length) text += pieces[random() % pieces.size()];
    for (const bool quantity : {false, true}) {
      try {
        if (quantity) {
          const Quantity q = parse_quantity(text);
          ASSERT_TRUE(std::isfinite(q.value)) << text;
        } else {
          (void)parse_unit(text);
        }
        ++understood;
      } catch (const UserError& e) {
        ASSERT_FALSE(e.problem().empty() || e.remedy().empty()) << text;
      }
    }
  }
  EXPECT_GT(understood, 200);
}

TEST(Units, WrongDimensionsNameBothSides) {
  const std::string sum = message<UnitError>([] { (void)(5 * mV + 3 * nS); });
  EXPECT_SAYS(sum, "mV");
  EXPECT_SAYS(sum, "nS");
  EXPECT_SAYS(sum, "add");
  EXPECT_SAYS(message<UnitError>([] { (void)(5 * mV - Quantity(3)); }), "a number without unit");
  EXPECT_SAYS(message<UnitError>([] { (void)(5 * mV).in(ms); }), "cannot express 5 mV in ms");
  EXPECT_SAYS(message<UnitError>([] { require(5 * nS, dimension::time, "tau"); }), "tau must be in ms, got 5 nS");
  EXPECT_SAYS(message<UnitError>([] { require(5 * nS, dimension::none, "p"); }), "p must be without unit");
  EXPECT_EQ(require(5 * second, dimension::time, "tau"), 5000.0);
  EXPECT_EQ((5 * second).in(ms), 5000.0);
}

}  // namespace
}  // namespace ranvier
