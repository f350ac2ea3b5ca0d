#include "base/mersenne_twister.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace mx {
namespace {

TEST(MersenneTwister, GivesTheWordsOfTheStandardLibrary) {
  for (const uint32_t seed : {0u, 1u, 4294967295u}) {
    std::mt19937 expected(seed);
    MersenneTwister words(seed);
    // One at a time, then in runs that end before, at and after the end of the state.
    for (int i = 0; i < 100; ++i) ASSERT_EQ(words(), expected());
    for (const int64_t n : {0, 1, 523, 624, 625, 2000}) {
      std::vector<uint32_t> many(static_cast<size_t>(n));
      words.fill(many.data(), n);
      for (const uint32_t word : many) ASSERT_EQ(word, expected()) << "in a run of " << n;
    }
    ASSERT_EQ(words(), expected());
  }
}

}  // namespace
}  // namespace mx
