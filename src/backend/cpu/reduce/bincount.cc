#include "ops/reduce/bincount.h"

#include <algorithm>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Calls use(place, number) for each element. Throws: ValueError where one is negative.
template <typename Use>
void for_each_number(const Tensor& data, const Use& use) {
  visit_dtype(data.dtype, "_npi_bincount", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < data.size(); ++i) {
      const auto number = static_cast<int64_t>(data.as<T>()[i]);
      require(number >= 0, "_npi_bincount: data[", i, "]=", number,
              " is negative; expected numbers from 0 on");
      use(i, number);
    }
  });
}

std::vector<Shape> measure(const Params& params, KernelContext&, Inputs in) {
  int64_t length = std::max<int64_t>(params.as<BincountParam>().minlength, 0);
  for_each_number(in[0], [&](int64_t, int64_t number) { length = std::max(length, number + 1); });
  return {Shape{length}};
}

void bincount(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const bool has_weights = params.as<BincountParam>().has_weights;
  visit_dtype(out[0].dtype, "_npi_bincount", [&]<typename T>(TypeTag<T>) {
    // Sums of half types would stop to grow early.
    using Sum = std::conditional_t<std::is_integral_v<T>, int64_t, double>;
    Sum* sums = context.scratch->get_array<Sum>(out[0].size());
    std::fill_n(sums, out[0].size(), Sum(0));
    for_each_number(in[0], [&](int64_t i, int64_t number) {
      sums[number] += has_weights ? static_cast<Sum>(in[1].as<T>()[i]) : Sum(1);
    });
    for (int64_t i = 0; i < out[0].size(); ++i) out[0].as<T>()[i] = static_cast<T>(sums[i]);
  });
}

const KernelBuilder k1 = KernelBuilder("_npi_bincount", "native").measure(measure).run(bincount);

}  // namespace
}  // namespace mx::cpu
