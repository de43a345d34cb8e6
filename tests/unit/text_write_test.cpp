// links: ranvier_text ranvier_integrate ranvier_models
// Models and networks as text: what is written reads back to the same step program.
#include <gtest/gtest.h>

#include "integrate/build.hpp"
#include "model/model_data.hpp"
#include "ranvier/distributions.hpp"
#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"
#include "ranvier/sources.hpp"
#include "text/write.hpp"

namespace ranvier {
namespace {

using namespace units;

std::uint64_t hash_of(const Network& net) { return model::hash(integrate::build_step_program(net.data(), {})); }

NetworkFile file_of(Network net) {
  NetworkFile f;
  f.network = std::move(net);
  return f;
}

Network alone(const Model& model) {
  Network net;
  net.add("N", model, 3);
  return net;
}

/// The reason for which it cannot be written; empty if it can, and reads back to the same.
std::string refused(const Network& net) {
  std::string text;
  try {
    text = to_toml(file_of(net));
  } catch (const UnsupportedError& e) {
    return e.what();
  }
  try {
    const auto back = network_from_toml(text);
    EXPECT_EQ(hash_of(back.network), hash_of(net)) << text;
    // Parameters that were read are in the order of the alphabet; from then on the text is the same to the letter.
    const auto second = to_toml(file_of(back.network));
    const auto again = network_from_toml(second);
    EXPECT_EQ(hash_of(again.network), hash_of(net)) << second;
    EXPECT_EQ(to_toml(file_of(again.network)), second);
  } catch (const Error& e) {
    ADD_FAILURE() << e.what() << "\n" << text;
  }
  return {};
}

TEST(AsToml, EveryNeuronOfTheLibrary) {
  for (const auto* part : models::parts("neurons")) {
    SCOPED_TRACE(part->name);
    EXPECT_EQ(refused(alone(std::any_cast<Model>(part->make()))), "");
  }
}

TEST(AsToml, EverySourceOfTheLibraryBut) {
  const std::map<std::string, std::string> without_words = {{"pulse_packets", "spikes from a list"}, {"spike_train", "spikes from a list"}};
  for (const auto* part : models::parts("sources")) {
    SCOPED_TRACE(part->name);
    const auto reason = refused(alone(std::any_cast<Model>(part->make())));
    const auto expected = without_words.find(part->name);
    if (expected == without_words.end()) {
      EXPECT_EQ(reason, "");
    } else {
      EXPECT_NE(reason.find(expected->second), std::string::npos) << reason;
    }
  }
}

TEST(AsToml, EveryNetworkOfTheLibrary) {
  for (const auto& entry : models::all()) {
    SCOPED_TRACE(entry.name);
    EXPECT_EQ(refused(entry.build({})), "");
  }
}

}  // namespace
}  // namespace ranvier
