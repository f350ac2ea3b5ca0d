// Draws from tables of running sums by bisection, all from the single stream.
#include "ops/random/multinomial.h"

#include <cmath>

#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

/// Running sums of one row, kept in double and stored as float, or float16 for float16 data.
template <typename T, typename Sum>
void running_sums(const T* row, std::vector<Sum>& sums) {
  double sum = 0;
  for (size_t k = 0; k < sums.size(); ++k) {
    sum += static_cast<double>(static_cast<ComputeType<T>>(row[k]));
    sums[k] = static_cast<Sum>(static_cast<float>(sum));
  }
}

void write_class(const Tensor& out, int64_t i, int64_t number) {
  visit_dtype(out.dtype, "_sample_multinomial", [&]<typename T>(TypeTag<T>) {
    out.as<T>()[i] = static_cast<T>(static_cast<ComputeType<T>>(number));
  });
}

void multinomial(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const int64_t classes = in[0].shape.back();
  if (out[0].size() == 0) return;
  const int64_t rows = in[0].size() / classes, draws = out[0].size() / rows;
  visit_floating(in[0].dtype, "_sample_multinomial", [&]<typename T>(TypeTag<T>) {
    using Sum = std::conditional_t<std::is_same_v<T, float16>, float16, float>;
    std::vector<Sum> sums(static_cast<size_t>(classes));
    context.random->with_single_stream([&](RandomStream& stream) {
      for (int64_t i = 0; i < rows * draws; ++i) {
        const T* row = in[0].as<T>() + i / draws * classes;
        if (i % draws == 0) running_sums(row, sums);
        const auto draw = static_cast<float>(static_cast<Sum>(stream.uniform<float>()));
        const int64_t number =
            std::partition_point(sums.begin(), sums.end() - 1,
                                 [&](Sum sum) { return static_cast<float>(sum) < draw; }) -
            sums.begin();  // the last class where the sum stays below the draw
        write_class(out[0], i, number);
        if (out.size() == 1) continue;
        const auto probability = static_cast<ComputeType<T>>(row[number]);
        out[1].as<T>()[i] = static_cast<T>(std::log(probability));
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_sample_multinomial", "native").run(multinomial);

}  // namespace
}  // namespace mx
