#include "io/records/augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/error.h"

namespace mx::records {
namespace {

constexpr int kAttempts = 10;
// Of a side after scaling.
constexpr float kLongest = 1 << 15;

class Planner {
 public:
  Planner(Size size, const Shape& data_shape, const AugmentParam& augment, Draws& draws)
      : size_(size), target_{data_shape[1], data_shape[2]}, augment_(augment), draws_(draws) {}

  std::vector<Step> run() {
    const size_t times = augmenter_names(augment_.aug_seq).size();
    for (size_t i = 0; i < times; ++i) {
      change_size();
      if (augment_.changes_tone()) change_tone();
      if (augment_.changes_hsl()) change_hsl();
      if (augment_.pca_noise > 0) change_light();
    }
    require(size_ == target_, "aug_seq='", augment_.aug_seq, "' leaves a picture of ", size_.height,
            "x", size_.width, "; ", target_.height, "x", target_.width, " is expected");
    return std::move(steps_);
  }

 private:
  void change_size() {
    if (augment_.resize > 0) resize_short();
    if (augment_.warps()) warp();
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

  float within_sizes(float side) const {
    return std::max(augment_.min_img_size, std::min(augment_.max_img_size, side));
  }

  int64_t draw_angle() {
    const int64_t most = augment_.max_rotate_angle;
    const int64_t drawn = draws_.between(-most, most);
    const std::vector<double>& list = augment_.rotate_list;
    if (!list.empty()) {
      const int64_t which = draws_.below(static_cast<int64_t>(list.size()));
      return static_cast<int64_t>(list[static_cast<size_t>(which)]);
    }
    return augment_.rotate > 0 ? augment_.rotate : drawn;
  }

  /// Turns, shears, scales and changes the aspect around the centre, with the float arithmetic of
  /// MXNet 1.9.1.
  void warp() {
    const float shear = draws_.uniform() * augment_.max_shear_ratio * 2 - augment_.max_shear_ratio;
    const double turn = static_cast<double>(draw_angle()) / 180.0 * std::numbers::pi;
    const auto cosine = static_cast<float>(std::cos(turn));
    const auto sine = static_cast<float>(std::sin(turn));
    float scale = 1, aspect = 1;
    if (!augment_.random_resized_crop) {
      const auto [low, high] = augment_.aspects();
      scale = draws_.uniform(augment_.min_random_scale, augment_.max_random_scale);
      aspect = draws_.uniform(low, high);
    }
    const float down = 2 * scale / (1 + aspect), across = aspect * down;
    const auto from_height = static_cast<float>(size_.height);
    const auto from_width = static_cast<float>(size_.width);
    const float height = within_sizes(scale * from_height),
                width = within_sizes(scale * from_width);
    require(height >= 1 && width >= 1 && height <= kLongest && width <= kLongest,
            "scaling makes a picture of ", height, "x", width, "; sides of 1 to ", kLongest,
            " are expected");
    const float xx = down * cosine - shear * sine * across;
    const float xy = down * sine + shear * cosine * across;
    const float yx = -sine * across, yy = cosine * across;
    const float x = (width - (xx * from_width + xy * from_height)) / 2;
    const float y = (height - (yx * from_width + yy * from_height)) / 2;
    const Size to{static_cast<int64_t>(height), static_cast<int64_t>(width)};
    steps_.push_back(WarpStep{to.height,
                              to.width,
                              {xx, xy, x, yx, yy, y},
                              method(to),
                              static_cast<uint8_t>(augment_.fill_value)});
    size_ = to;
  }

  void pad() {
    const int64_t m = augment_.pad;
    steps_.push_back(PadStep{{m, m, m, m}, static_cast<uint8_t>(augment_.fill_value)});
    size_ = {size_.height + 2 * m, size_.width + 2 * m};
  }

  /// False when no area drawn fits into the picture.
  bool random_resized_crop() {
    const auto [low, high] = augment_.aspects();
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
