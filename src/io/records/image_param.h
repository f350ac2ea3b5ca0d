#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/param.h"
#include "io/records/record_source.h"

namespace mx::records {

/// The names in `aug_seq`, which are separated by `,`.
std::vector<std::string> augmenter_names(const std::string& aug_seq);
/// Throws: ValueError when another augmenter than `known` is among them.
void check_augmenters(const std::string& aug_seq, std::string_view known, std::string_view op);

/// Which records are read, and how batches are made of them.
struct ReadParam {
  std::string path_imgrec, path_imgidx, path_imglist;
  int32_t label_width = 1;
  Shape data_shape;
  int32_t preprocess_threads = 4;
  int32_t num_parts = 1, part_index = 0;
  PartHandle part_handle = PartHandle::kPad;
  int64_t shuffle_chunk_size = 0;
  int32_t shuffle_chunk_seed = 0;
  std::optional<int32_t> seed_aug;
  bool shuffle = false;
  int32_t seed = 0;
  int64_t batch_size = 0;
  bool round_batch = true;
  int64_t prefetch_buffer = 4;

  static void describe(ParamBuilder<ReadParam>& fields);
  void validate(std::string_view op) const;
};

/// How a decoded picture is brought to the shape of the batch.
struct AugmentParam {
  static constexpr float kAnySize = 1e10f;

  std::string aug_seq = "aug_default";
  int32_t resize = -1;
  bool rand_crop = false, random_resized_crop = false;
  float max_aspect_ratio = 0;
  std::optional<float> min_aspect_ratio;
  int32_t max_crop_size = -1, min_crop_size = -1;
  float max_random_area = 1, min_random_area = 1;
  int32_t rotate = -1, max_rotate_angle = 0;
  std::vector<double> rotate_list;
  float max_shear_ratio = 0;
  float max_random_scale = 1, min_random_scale = 1;
  float max_img_size = kAnySize, min_img_size = 0;
  int32_t inter_method = 1, pad = 0, fill_value = 255;
  float brightness = 0, contrast = 0, saturation = 0, pca_noise = 0;
  int32_t random_h = 0, random_s = 0, random_l = 0;

  struct Range {
    float low, high;
  };
  /// The aspects that are drawn from.
  Range aspects() const;
  bool warps() const;
  bool changes_tone() const { return brightness > 0 || contrast > 0 || saturation > 0; }
  bool changes_hsl() const { return random_h != 0 || random_s != 0 || random_l != 0; }

  static void describe(ParamBuilder<AugmentParam>& fields);
  void validate(std::string_view op) const;
};

/// How bytes become numbers of the batch.
struct NormalizeParam {
  bool mirror = false, rand_mirror = false;
  float mean_r = 0, mean_g = 0, mean_b = 0, mean_a = 0;
  float std_r = 1, std_g = 1, std_b = 1, std_a = 1;
  float scale = 1, max_random_contrast = 0, max_random_illumination = 0;

  static void describe(ParamBuilder<NormalizeParam>& fields);
};

}  // namespace mx::records
