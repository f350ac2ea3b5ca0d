#include "io/records/augment.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"

namespace mx::records {
namespace {

constexpr int kAttempts = 10;

class Planner {
 public:
  Planner(Size size, const Shape& data_shape, const AugmentParam& augment, Draws& draws)
      : size_(size), target_{data_shape[1], data_shape[2]}, augment_(augment), draws_(draws) {}

  std::vector<Step> run() {
    change_size();
    if (augment_.changes_tone()) change_tone();
    if (augment_.changes_hsl()) change_hsl();
    if (augment_.pca_noise > 0) change_light();
    return std::move(steps_);
  }

 private:
  void change_size() {
    if (augment_.resize > 0) resize_short();
    if (augment_.pad > 0) pad();
    if (augment_.random_resized_crop && random_resized_crop()) return;
    if (augment_.max_crop_size > 0) {
      crop_square();
    } else {
      crop_to_target();
    }
  }

  void change_tone() {
    const auto factor = [&](float most) { return 1 + draws_.uniform(-most, most); };
    ToneStep step{};
    step.factors = {factor(augment_.brightness), factor(augment_.contrast),
                    factor(augment_.saturation)};
    std::vector<int> order = {0, 1, 2};
    draws_.shuffle(order);
    std::copy(order.begin(), order.end(), step.order.begin());
    steps_.push_back(step);
  }

  void change_light() {
    const auto [first, second] = draws_.normal_pair();
    const float third = draws_.normal_pair().first;
    const float deviation = augment_.pca_noise;
    steps_.push_back(LightStep{{first * deviation, second * deviation, third * deviation}});
  }

  void change_hsl() {
    // Of two draws, as in MXNet 1.9.1.
    const auto number = [&](int32_t most) {
      const float first = draws_.uniform(-1, 1), second = draws_.uniform(-1, 1);
      return static_cast<int>(static_cast<float>(most) * (second * 0.8f + first * 0.2f));
    };
    HslStep step{};
    step.hue = number(augment_.random_h);
    step.saturation = number(augment_.random_s);
    step.lightness = number(augment_.random_l);
    steps_.push_back(step);
  }

  image::Interpolation method(Size to) {
    return choose_interpolation(augment_.inter_method, size_, to, draws_);
  }

  void resize(Size to) { resize(to, method(to)); }
  void resize(Size to, image::Interpolation found) {
    if (to.height != size_.height || to.width != size_.width) {
      steps_.push_back(ResizeStep{to.height, to.width, found});
    }
    size_ = to;
  }

  void crop(int64_t y, int64_t x, Size to) {
    steps_.push_back(CropStep{y, x, to.height, to.width});
    size_ = to;
  }

  void resize_short() { resize(with_shorter_side(size_, augment_.resize)); }

  void pad() {
    const int64_t m = augment_.pad;
    steps_.push_back(PadStep{{m, m, m, m}, static_cast<uint8_t>(augment_.fill_value)});
    size_ = {size_.height + 2 * m, size_.width + 2 * m};
  }

  /// False when no area drawn fits into the picture.
  bool random_resized_crop() {
    float high = 1 + augment_.max_aspect_ratio, low = 1 - augment_.max_aspect_ratio;
    if (augment_.min_aspect_ratio) {
      high = augment_.max_aspect_ratio;
      low = *augment_.min_aspect_ratio;
    }
    if (low == 1 && high == 1 && augment_.min_random_area == 1) return false;
    const float area = static_cast<float>(size_.height * size_.width);
    for (int i = 0; i < kAttempts; ++i) {
      const float wanted =
          area * draws_.uniform(augment_.min_random_area, augment_.max_random_area);
      const float aspect = draws_.uniform(low, high);
      int64_t width = std::llround(std::sqrt(wanted * aspect));
      int64_t height = std::llround(std::sqrt(wanted / aspect));
      if (draws_.uniform() > 0.5f) std::swap(width, height);
      if (width < 1 || height < 1 || width > size_.width || height > size_.height) continue;
      const int64_t y = draws_.between(0, size_.height - height);
      const int64_t x = draws_.between(0, size_.width - width);
      crop(y, x, {height, width});
      resize(target_);
      return true;
    }
    return false;
  }

  void crop_square() {
    require(std::min(size_.height, size_.width) >= augment_.max_crop_size,
            "max_crop_size=", augment_.max_crop_size, " does not fit into a picture of ",
            size_.height, "x", size_.width, "; at most its shorter side is expected");
    const int64_t side = draws_.between(augment_.min_crop_size, augment_.max_crop_size);
    crop_at({side, side});
    resize(target_);
  }

  void crop_at(Size to) {
    int64_t y = size_.height - to.height, x = size_.width - to.width;
    if (augment_.rand_crop) {
      y = draws_.between(0, y);
      x = draws_.between(0, x);
    } else {
      y /= 2;
      x /= 2;
    }
    crop(y, x, to);
  }

  /// A picture that is too small is enlarged first, with its aspect kept.
  void crop_to_target() {
    const auto other = [](int64_t to, int64_t from, int64_t side) {
      return static_cast<int64_t>(static_cast<float>(to) / static_cast<float>(from) *
                                  static_cast<float>(side));
    };
    // Drawn whether needed or not, as MXNet 1.9.1 does.
    const image::Interpolation found = method(target_);
    if (size_.height < target_.height) {
      resize(
          {target_.height, std::max<int64_t>(other(target_.height, size_.height, size_.width), 1)},
          found);
    }
    if (size_.width < target_.width) {
      resize({std::max(other(target_.width, size_.width, size_.height), target_.height),
              target_.width},
             found);
    }
    crop_at(target_);
  }

  Size size_, target_;
  const AugmentParam& augment_;
  Draws& draws_;
  std::vector<Step> steps_;
};

}  // namespace

Plan make_plan(int64_t height, int64_t width, const Shape& data_shape, const AugmentParam& augment,
               const NormalizeParam& normalize, bool bytes, Draws& draws) {
  Plan plan;
  plan.height = height;
  plan.width = width;
  plan.made = {data_shape[1], data_shape[2]};
  plan.steps = Planner({height, width}, data_shape, augment, draws).run();
  plan.mirror = (normalize.rand_mirror && draws.coin()) || normalize.mirror;
  if (!bytes) {
    const float contrast = normalize.max_random_contrast, light = normalize.max_random_illumination;
    plan.contrast = (draws.uniform() * contrast * 2 - contrast + 1) * normalize.scale;
    plan.illumination = (draws.uniform() * light * 2 - light) * normalize.scale;
  }
  return plan;
}

}  // namespace mx::records
