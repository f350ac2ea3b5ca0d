#include "io/records/detect_plan.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mx::records {
namespace {

// A narrower border is left out, as in MXNet 1.9.1.
constexpr float kLeastPadScale = 1.05f;

// A smaller change is left out.
constexpr float kLeastContrast = 1e-3f;

int64_t whole(float value) { return static_cast<int64_t>(value); }

bool is_between(float value, double low, double high) {
  return value >= static_cast<float>(low) && value <= static_cast<float>(high);
}

/// True when the centre of `box` is in `crop`.
bool has_center(const Box& crop, const Box& box) {
  const float x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
  return x >= crop.left && x <= crop.right && y >= crop.top && y <= crop.bottom;
}

/// `box` as seen from `frame`.
Box relative_to(const Box& frame, const Box& box) {
  const float width = frame.right - frame.left, height = frame.bottom - frame.top;
  return {(box.left - frame.left) / width, (box.top - frame.top) / height,
          (box.right - frame.left) / width, (box.bottom - frame.top) / height};
}

class DetectPlanner {
 public:
  DetectPlanner(Size size, const Shape& data_shape, const DetectParam& detect, ObjectLabel& label,
                Draws& draws)
      : size_(size),
        target_{data_shape[1], data_shape[2]},
        detect_(detect),
        label_(label),
        draws_(draws) {}

  Plan run() {
    Plan plan;
    plan.height = size_.height;
    plan.width = size_.width;
    const size_t times = augmenter_names(detect_.aug_seq).size();
    for (size_t i = 0; i < times; ++i) augment();
    plan.made = size_;
    plan.steps = std::move(steps_);
    return plan;
  }

 private:
  void augment() {
    if (detect_.resize > 0) resize(with_shorter_side(size_, detect_.resize));
    if (detect_.changes_colors()) change_colors();
    if (happens(detect_.rand_mirror_prob)) mirror();
    if (detect_.max_pad_scale > 1 && happens(detect_.rand_pad_prob)) pad();
    if (detect_.num_crop_sampler > 0 && happens(detect_.rand_crop_prob)) crop();
    fit_target();
  }

  /// Draws only where there is a chance, as MXNet 1.9.1 does.
  bool happens(float probability) { return probability > 0 && draws_.uniform() < probability; }

  void resize(Size to) {
    const image::Interpolation method =
        choose_interpolation(detect_.inter_method, size_, to, draws_);
    if (to != size_) steps_.push_back(ResizeStep{to.height, to.width, method});
    size_ = to;
  }

  /// All numbers are drawn first, and then which of them are used.
  void change_colors() {
    const auto number = [&](float most) { return draws_.uniform() * most * 2 - most; };
    const auto whole_number = [&](int32_t most) {
      return static_cast<int>(number(static_cast<float>(most)));
    };
    const int hue = whole_number(detect_.max_random_hue);
    const int saturation = whole_number(detect_.max_random_saturation);
    const int lightness = whole_number(detect_.max_random_illumination);
    const float contrast = number(detect_.max_random_contrast);
    const auto used = [&](float probability) { return draws_.uniform() < probability; };
    HslStep step{};
    if (used(detect_.random_hue_prob)) step.hue = hue;
    if (used(detect_.random_saturation_prob)) step.saturation = saturation;
    if (used(detect_.random_illumination_prob)) step.lightness = lightness;
    if (step.hue != 0 || step.saturation != 0 || step.lightness != 0) steps_.push_back(step);
    if (used(detect_.random_contrast_prob) && std::fabs(contrast) > kLeastContrast) {
      steps_.push_back(ContrastStep{1 + contrast});
    }
  }

  void mirror() {
    steps_.push_back(MirrorStep{});
    for (size_t i = 0; i < label_.num_objects(); ++i) {
      Box& box = label_.box(i);
      box = {1 - box.right, box.top, 1 - box.left, box.bottom};
    }
  }

  void pad() {
    const float scale = draws_.uniform(1, detect_.max_pad_scale);
    if (scale < kLeastPadScale) return;
    const float x = draws_.uniform(0, scale - 1), y = draws_.uniform(0, scale - 1);
    const auto height = static_cast<float>(size_.height), width = static_cast<float>(size_.width);
    const int64_t left = whole(x * width), top = whole(y * height);
    const int64_t bottom = whole((scale - y - 1) * height), right = whole((scale - x - 1) * width);
    const auto fill = static_cast<uint8_t>(detect_.fill_value);
    steps_.push_back(PadStep{{top, bottom, left, right}, fill});
    size_ = {size_.height + top + bottom, size_.width + left + right};
    const Box frame{-x, -y, scale - x, scale - y};
    for (size_t i = 0; i < label_.num_objects(); ++i) {
      label_.box(i) = relative_to(frame, label_.box(i));
    }
  }

  void crop() {
    std::vector<size_t> samplers(static_cast<size_t>(detect_.num_crop_sampler));
    for (size_t i = 0; i < samplers.size(); ++i) samplers[i] = i;
    draws_.shuffle(samplers);
    for (const size_t sampler : samplers) {
      const Shape& all = detect_.max_crop_trials;
      const int64_t trials = all[all.ndim() == 1 ? 0 : static_cast<int>(sampler)];
      for (int64_t i = 0; i < trials; ++i) {
        if (try_crop(sampler, draw_crop(sampler))) return;
      }
    }
  }

  Box draw_crop(size_t sampler) {
    const auto bound = [&](const std::vector<double>& values) {
      return static_cast<float>(of_sampler(values, sampler));
    };
    const float scale =
        draws_.uniform(bound(detect_.min_crop_scales), bound(detect_.max_crop_scales));
    const float aspect = static_cast<float>(size_.width) / static_cast<float>(size_.height);
    // Aspects for which the crop fits. Where none does the larger bound comes first, as in
    // MXNet 1.9.1, and the crop is cut off.
    const float low = std::max(bound(detect_.min_crop_aspect_ratios) / aspect, scale * scale);
    const float high =
        std::min(bound(detect_.max_crop_aspect_ratios) / aspect, 1 / (scale * scale));
    const float root = std::sqrt(draws_.uniform(low, high));
    const float width = std::min(1.0f, scale * root), height = std::min(1.0f, scale / root);
    const float x = draws_.uniform(0, 1 - width), y = draws_.uniform(0, 1 - height);
    return {x, y, x + width, y + height};
  }

  /// True when one object at least is as the sampler wants it.
  bool fits(size_t sampler, const Box& crop) const {
    const auto within = [&](float value, const std::vector<double>& low,
                            const std::vector<double>& high) {
      return is_between(value, of_sampler(low, sampler), of_sampler(high, sampler));
    };
    for (size_t i = 0; i < label_.num_objects(); ++i) {
      const Box& box = label_.box(i);
      const Box common = intersect(crop, box);
      const float both = common.is_empty() ? 0 : common.area();
      if (within(both / (crop.area() + box.area() - both), detect_.min_crop_overlaps,
                 detect_.max_crop_overlaps) &&
          within(both / crop.area(), detect_.min_crop_sample_coverages,
                 detect_.max_crop_sample_coverages) &&
          within(both / box.area(), detect_.min_crop_object_coverages,
                 detect_.max_crop_object_coverages)) {
        return true;
      }
    }
    return label_.num_objects() == 0;
  }

  bool stays(const Box& crop, const Box& box) const {
    if (detect_.crop_emit_mode == EmitMode::kCenter) return has_center(crop, box);
    const Box common = intersect(crop, box);
    return !common.is_empty() && common.area() / box.area() > detect_.emit_overlap_thresh;
  }

  bool try_crop(size_t sampler, const Box& crop) {
    if (!fits(sampler, crop)) return false;
    std::vector<size_t> kept;
    for (size_t i = 0; i < label_.num_objects(); ++i) {
      if (stays(crop, label_.box(i))) kept.push_back(i);
    }
    const auto height = static_cast<float>(size_.height), width = static_cast<float>(size_.width);
    const Size to{whole((crop.bottom - crop.top) * height),
                  whole((crop.right - crop.left) * width)};
    if ((kept.empty() && label_.num_objects() > 0) || to.height < 1 || to.width < 1) return false;
    label_.keep(kept);
    for (size_t i = 0; i < label_.num_objects(); ++i) {
      label_.box(i) = intersect(relative_to(crop, label_.box(i)), {0, 0, 1, 1});
    }
    steps_.push_back(
        CropStep{whole(crop.top * height), whole(crop.left * width), to.height, to.width});
    size_ = to;
    return true;
  }

  void fit_target() {
    if (detect_.resize_mode == ResizeMode::kForce) return resize(target_);
    const auto ratio = [](int64_t to, int64_t from) {
      return static_cast<float>(to) / static_cast<float>(from);
    };
    const float scale =
        std::min(ratio(target_.height, size_.height), ratio(target_.width, size_.width));
    if (detect_.resize_mode == ResizeMode::kShrink && scale >= 1) return;
    resize({std::max<int64_t>(whole(scale * static_cast<float>(size_.height)), 1),
            std::max<int64_t>(whole(scale * static_cast<float>(size_.width)), 1)});
  }

  Size size_, target_;
  const DetectParam& detect_;
  ObjectLabel& label_;
  Draws& draws_;
  std::vector<Step> steps_;
};

}  // namespace

Plan make_detect_plan(Size size, const Shape& data_shape, const DetectParam& detect,
                      const NormalizeParam& normalize, ObjectLabel& label, Draws& draws) {
  Plan plan = DetectPlanner(size, data_shape, detect, label, draws).run();
  plan.contrast = normalize.scale;
  return plan;
}

}  // namespace mx::records
