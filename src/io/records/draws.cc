#include "io/records/draws.h"

#include <cmath>

namespace mx::records {

int64_t Draws::below(int64_t bound) {
  // Division, and draws that would favour small numbers are dropped. A bound of 2^32 takes all.
  constexpr int64_t kMost = 0xffffffff;
  if (bound > kMost) return engine_();
  const int64_t scale = kMost / bound;
  int64_t drawn = engine_();
  while (drawn >= bound * scale) drawn = engine_();
  return drawn / scale;
}

float Draws::uniform() {
  const float value = static_cast<float>(engine_()) / 4294967296.0f;
  return value < 1.0f ? value : std::nextafter(1.0f, 0.0f);
}

bool Draws::coin() {
  const double low = engine_(), high = engine_();
  return (low + high * 4294967296.0) / (4294967296.0 * 4294967296.0) < 0.5;
}

std::pair<float, float> Draws::normal_pair() {
  float x = 0, y = 0, square = 0;
  do {
    x = 2.0f * uniform() - 1.0f;
    y = 2.0f * uniform() - 1.0f;
    square = x * x + y * y;
  } while (square > 1.0f || square == 0.0f);
  const float factor = std::sqrt(-2 * std::log(square) / square);
  return {y * factor, x * factor};
}

}  // namespace mx::records
