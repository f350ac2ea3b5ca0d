#include "comm/compression.h"

namespace mx::comm {
namespace {

constexpr int64_t kSmall = 1 << 14;
constexpr unsigned kPositive = 3, kNegative = 2;

void check(const NDArray& values, const NDArray& packed, float threshold) {
  require(values.is_dense() && packed.is_dense() && values.dtype() == DType::kFloat32 &&
              packed.dtype() == DType::kUint8 && packed.size() == (values.size() + 3) / 4,
          "compression: values of ", values.shape(), " and ", packed.shape(),
          " bytes do not fit; expected float32 and a byte for four of them");
  require(threshold > 0, "compression: threshold=", threshold, " is not above 0");
}

unsigned code_of(float gradient, float& residual, float threshold) {
  residual += gradient;
  if (residual >= threshold) {
    residual -= threshold;
    return kPositive;
  }
  if (residual <= -threshold) {
    residual += threshold;
    return kNegative;
  }
  return 0;
}

}  // namespace

void compress_two_bit(const NDArray& gradient, const NDArray& residual, const NDArray& packed,
                      float threshold) {
  check(gradient, packed, threshold);
  check(residual, packed, threshold);
  // The residual is updated, and may be a part of its chunk.
  Var* reads[] = {&gradient.var(), &residual.var()};
  Var* writes[] = {&residual.var(), &packed.var()};
  Engine::get().push(
      [=] {
        residual.chunk()->make_unique(true);
        packed.chunk()->make_unique(!packed.is_whole_chunk());
        const float* from = gradient.as<float>();
        float* kept = residual.as<float>();
        auto* to = packed.as<uint8_t>();
        for (int64_t i = 0; i < gradient.size(); ++i) {
          if (i % 4 == 0) to[i / 4] = 0;
          to[i / 4] = static_cast<uint8_t>(to[i / 4] | code_of(from[i], kept[i], threshold)
                                                           << (2 * (i % 4)));
        }
      },
      reads, writes, gradient.size() <= kSmall, {"compress_two_bit"});
}

void expand_two_bit(const NDArray& packed, const NDArray& values, float threshold) {
  check(values, packed, threshold);
  Var* reads[] = {&packed.var(), &values.var()};
  Var* writes[] = {&values.var()};
  Engine::get().push(
      [=] {
        values.chunk()->make_unique(!values.is_whole_chunk());
        const float meanings[] = {0, 0, -threshold, threshold};
        const auto* from = packed.as<uint8_t>();
        float* to = values.as<float>();
        for (int64_t i = 0; i < values.size(); ++i)
          to[i] = meanings[(from[i / 4] >> (2 * (i % 4))) & 3];
      },
      reads, writes, values.size() <= kSmall, {"expand_two_bit"});
}

}  // namespace mx::comm
