#pragma once
#include <array>

#include "io/image/image.h"

namespace mx::records {

/// Factors of brightness, contrast and saturation of a picture, applied in `order` (0, 1, 2 stand
/// for them). Contrast and saturation are distances from grey.
struct ToneStep {
  std::array<float, 3> factors;
  std::array<int, 3> order;
};

/// Numbers added to hue (of 180), lightness and saturation (of 255).
struct HslStep {
  int hue, lightness, saturation;
};

/// Factor of every value; what leaves the range of bytes is cut.
struct ContrastStep {
  float factor;
};

/// Numbers along the principal axes of the colours of ImageNet.
struct LightStep {
  std::array<float, 3> alpha;
};

/// Change the colours of a picture of 3 channels, red first, with the numbers of MXNet 1.9.1.
/// Thread safety: any number of threads.
void change_tone(image::Image& image, const ToneStep& step);
void change_hsl(image::Image& image, const HslStep& step);
void change_contrast(image::Image& image, const ContrastStep& step);
void change_light(image::Image& image, const LightStep& step);

}  // namespace mx::records
