#pragma once
#include <cstdint>
#include <variant>
#include <vector>

#include "io/image/image.h"
#include "io/image/warp_affine.h"
#include "io/records/color_steps.h"
#include "io/records/draws.h"

namespace mx::records {

struct Size {
  int64_t height, width;
  bool operator==(const Size&) const = default;
};

struct ResizeStep {
  int64_t height, width;
  image::Interpolation method;
};
/// Steps that leave room around a picture fill its colours there; a fourth channel is 0.
struct PadStep {
  image::Margins margins;
  uint8_t fill;
};
struct WarpStep {
  int64_t height, width;
  image::AffineMap map;
  image::Interpolation method;
  uint8_t fill;
};
struct CropStep {
  int64_t y, x, height, width;
};
struct MirrorStep {};
/// One change of a picture whose numbers are known before it is decoded.
using Step = std::variant<ResizeStep, WarpStep, PadStep, CropStep, MirrorStep, ToneStep, HslStep,
                          ContrastStep, LightStep>;

/// The interpolation that inter_method=`code` asks for; 10 draws it.
image::Interpolation choose_interpolation(int code, Size from, Size to, Draws& draws);

/// The size with a shorter side of `side` and the same aspect, rounded down.
Size with_shorter_side(Size size, int64_t side);

/// Carries the steps out.
image::Image run_steps(image::Image image, const std::vector<Step>& steps);

}  // namespace mx::records
