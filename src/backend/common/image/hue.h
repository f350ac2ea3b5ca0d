#pragma once
#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>

namespace mx::image {

/// Red, green and blue from 0 to 1 with the hue turned by `degrees`, at the same lightness and
/// saturation. The order of operations counts: the numbers are those of MXNet 1.9.1.
inline std::array<float, 3> turn_hue(float red, float green, float blue, float degrees) {
  const float most = std::max({red, green, blue}), least = std::min({red, green, blue});
  const float spread = most - least, lightness = (most + least) * 0.5f;
  if (!(spread > FLT_EPSILON)) return {lightness, lightness, lightness};
  const float saturation = lightness < 0.5f ? spread / (most + least) : spread / (2 - most - least);
  const float sixth = 60 / spread;
  float hue;
  if (most == red)
    hue = (green - blue) * sixth;
  else if (most == green)
    hue = (blue - red) * sixth + 120;
  else
    hue = (red - green) * sixth + 240;
  if (hue < 0) hue += 360;
  hue = (hue + degrees) * (1 / 60.0f);  // in sixths of the circle
  while (hue < 0) hue += 6;
  while (hue >= 6) hue -= 6;
  const float high = lightness <= 0.5f ? lightness * (1 + saturation)
                                       : lightness + saturation - lightness * saturation;
  const float low = 2 * lightness - high;
  const int sector = static_cast<int>(hue);
  const float part = hue - static_cast<float>(sector);
  const float falling = low + (high - low) * (1 - part), rising = low + (high - low) * part;
  switch (sector) {
    case 0:
      return {high, rising, low};
    case 1:
      return {falling, high, low};
    case 2:
      return {low, high, rising};
    case 3:
      return {low, falling, high};
    case 4:
      return {rising, low, high};
    default:
      return {high, low, falling};
  }
}

}  // namespace mx::image
