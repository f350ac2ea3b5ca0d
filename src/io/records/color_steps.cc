#include "io/records/color_steps.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mx::records {
namespace {

constexpr int kBrightness = 0, kContrast = 1;

uint8_t to_byte(float value) {
  return static_cast<uint8_t>(std::clamp(std::nearbyint(value), 0.0f, 255.0f));
}

/// MXNet 1.9.1 takes red for blue here, and so must who wants its pixels.
std::vector<uint8_t> gray_of(const image::Image& image) {
  std::vector<uint8_t> swapped(image.pixels.get(), image.pixels.get() + image.size());
  const int64_t count = image.height * image.width;
  image::swap_red_blue(swapped.data(), count, image.channels);
  std::vector<uint8_t> gray(static_cast<size_t>(count));
  image::rgb_to_gray(swapped.data(), gray.data(), count);
  return gray;
}

void scale_all(image::Image& image, float factor, float offset) {
  for (size_t i = 0; i < image.size(); ++i) {
    image.pixels[i] = to_byte(static_cast<float>(image.pixels[i]) * factor + offset);
  }
}

void stretch_from_mean(image::Image& image, float factor) {
  double sum = 0;
  const std::vector<uint8_t> gray = gray_of(image);
  for (const uint8_t value : gray) sum += value;
  const double mean = sum / static_cast<double>(gray.size());
  scale_all(image, factor, static_cast<float>((1 - factor) * mean));
}

void change_saturation(image::Image& image, float factor) {
  const std::vector<uint8_t> gray = gray_of(image);
  for (size_t i = 0; i < image.size(); ++i) {
    const auto own = static_cast<float>(image.pixels[i]), base = static_cast<float>(gray[i / 3]);
    image.pixels[i] = to_byte(own * factor + base * (1 - factor));
  }
}

constexpr int64_t kTogether = 4;

/// Hue of 180, lightness and saturation of 255.
struct Hls {
  uint8_t hue, lightness, saturation;
};

/// OpenCV converts four pixels of a row at once, and what remains of it one by one with another
/// order of subtractions.
Hls hls_of(const uint8_t* pixel, bool is_alone) {
  const float r = static_cast<float>(pixel[0]) * (1 / 255.0f);
  const float g = static_cast<float>(pixel[1]) * (1 / 255.0f);
  const float b = static_cast<float>(pixel[2]) * (1 / 255.0f);
  const float high = std::max({r, g, b}), low = std::min({r, g, b});
  const float range = high - low, sum = high + low, lightness = sum * 0.5f;
  if (pixel[0] == pixel[1] && pixel[1] == pixel[2]) return {0, to_byte(lightness * 255), 0};
  const float rest = is_alone ? 2 - high - low : 2 - sum;
  const float saturation = range / (lightness < 0.5f ? sum : rest);
  const float unit = 60 / range;
  float degrees = high == r   ? (g - b) * unit
                  : high == g ? (b - r) * unit + 120
                              : (r - g) * unit + 240;
  if (degrees < 0) degrees += 360;
  return {to_byte(degrees * 0.5f), to_byte(lightness * 255), to_byte(saturation * 255)};
}

// For each sixth of the circle of hues, which of the numbers below red, green and blue are.
constexpr int kHigh = 0, kLow = 1, kFalling = 2, kRising = 3;
constexpr std::array<std::array<int, 3>, 6> kSixths = {{{kHigh, kRising, kLow},
                                                        {kFalling, kHigh, kLow},
                                                        {kLow, kHigh, kRising},
                                                        {kLow, kFalling, kHigh},
                                                        {kRising, kLow, kHigh},
                                                        {kHigh, kLow, kFalling}}};

void write_hls(const Hls& from, uint8_t* pixel) {
  const float lightness = static_cast<float>(from.lightness) * (1 / 255.0f);
  const float saturation = static_cast<float>(from.saturation) * (1 / 255.0f);
  const float high = lightness <= 0.5f ? lightness * (1 + saturation)
                                       : lightness + saturation - lightness * saturation;
  const float low = 2 * lightness - high;
  float place = static_cast<float>(from.hue) * (6 / 180.0f);
  if (place >= 6) place -= 6;
  const auto sixth = static_cast<size_t>(place);
  place -= static_cast<float>(sixth);
  const std::array<float, 4> numbers = {high, low, low + (high - low) * (1 - place),
                                        low + (high - low) * place};
  for (size_t c = 0; c < 3; ++c) {
    pixel[c] = to_byte(numbers[static_cast<size_t>(kSixths[sixth][c])] * 255);
  }
}

// Deviations of the colours of ImageNet along their principal axes, and the axes as columns.
constexpr std::array<float, 3> kDeviations = {55.46f, 4.794f, 1.148f};
constexpr std::array<std::array<float, 3>, 3> kAxes = {
    {{-0.5675f, 0.7192f, 0.4009f}, {-0.5808f, -0.0045f, -0.8140f}, {-0.5836f, -0.6948f, 0.4203f}}};

uint8_t moved(uint8_t value, int by, int most) {
  return static_cast<uint8_t>(std::clamp(value + by, 0, most));
}

}  // namespace

void change_tone(image::Image& image, const ToneStep& step) {
  for (const int which : step.order) {
    const float factor = step.factors[static_cast<size_t>(which)];
    if (factor == 1) continue;
    if (which == kBrightness) {
      scale_all(image, factor, 0);
    } else if (which == kContrast) {
      stretch_from_mean(image, factor);
    } else {
      change_saturation(image, factor);
    }
  }
}

void change_hsl(image::Image& image, const HslStep& step) {
  uint8_t* pixel = image.pixels.get();
  for (int64_t i = 0; i < image.height * image.width; ++i, pixel += 3) {
    Hls hls = hls_of(pixel, i % image.width >= image.width / kTogether * kTogether);
    hls.hue = moved(hls.hue, step.hue, 180);
    hls.lightness = moved(hls.lightness, step.lightness, 255);
    hls.saturation = moved(hls.saturation, step.saturation, 255);
    write_hls(hls, pixel);
  }
}

void change_contrast(image::Image& image, const ContrastStep& step) {
  scale_all(image, step.factor, 0);
}

void change_light(image::Image& image, const LightStep& step) {
  std::array<float, 3> added{};
  for (size_t c = 0; c < 3; ++c) {
    for (size_t k = 0; k < 3; ++k) added[c] += kAxes[c][k] * step.alpha[k] * kDeviations[k];
  }
  for (size_t i = 0; i < image.size(); ++i) {
    // Cut off, not rounded, as in MXNet 1.9.1.
    const float value = static_cast<float>(image.pixels[i]) + added[i % 3];
    image.pixels[i] = static_cast<uint8_t>(std::clamp(value, 0.0f, 255.0f));
  }
}

}  // namespace mx::records
