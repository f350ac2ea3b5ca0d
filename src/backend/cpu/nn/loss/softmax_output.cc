// SoftmaxOutput: softmax forward; backward in one pass over the probabilities.
#include "ops/nn/loss/softmax_output.h"

#include <algorithm>

#include "backend/common/bounded_index.h"
#include "backend/cpu/softmax_rows.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void softmax_output(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto s = softmax_output_sizes(params.as<SoftmaxOutputParam>(), in[0].shape);
  softmax_rows<false>({s.outer, s.classes, s.inner}, in[0], out[0], 1, nullptr);
}

/// Number of labels that count.
template <typename T>
int64_t count_valid(const T* label, int64_t count, float ignored) {
  int64_t valid = 0;
  for (int64_t i = 0; i < count; ++i) valid += to_index(label[i]) != to_index(ignored);
  return std::max<int64_t>(valid, 1);
}

/// Factor of the whole gradient. With multi_output and no normalisation it is divided by the number
/// of places of an image, as in 1.9.1.
template <typename T>
double gradient_scale(const SoftmaxOutputParam& p, const SoftmaxOutputSizes& s, const T* label) {
  double count = 1;
  if (p.normalization == LossNormalization::kValid)
    count = static_cast<double>(count_valid(label, s.outer * s.inner, p.ignore_label));
  else if (p.normalization == LossNormalization::kBatch)
    count = static_cast<double>(s.outer);
  if (p.multi_output && p.normalization != LossNormalization::kValid)
    count *= static_cast<double>(s.inner);
  return p.grad_scale / count;
}

/// (out - target) * factor, where the target of a row is `on` at its label and `off` elsewhere.
template <typename T>
struct ClassGradient {
  using C = SoftmaxType<T>;
  const SoftmaxOutputParam& p;
  const SoftmaxOutputSizes& s;
  C on = 1, off = 0, factor;

  ClassGradient(const SoftmaxOutputParam& params, const SoftmaxOutputSizes& sizes, double scale)
      : p(params), s(sizes), factor(static_cast<C>(scale)) {
    if (!(p.smooth_alpha > 0) || p.multi_output || s.classes < 2) return;
    on = static_cast<C>(1 - p.smooth_alpha);
    off = static_cast<C>(p.smooth_alpha / static_cast<C>(s.classes - 1));
  }
  bool ignores(int64_t label) const { return p.use_ignore && label == to_index(p.ignore_label); }
  T of(T out, C target) const { return static_cast<T>((static_cast<C>(out) - target) * factor); }

  /// The classes of a place lie one behind the other; d may be out.
  void row(const T* out, int64_t label, T* d) const {
    if (ignores(label)) {
      std::fill_n(d, s.classes, static_cast<T>(C(0)));
      return;
    }
    const bool inside = label >= 0 && label < s.classes;
    const T wanted = inside ? of(out[label], on) : T{};
#pragma GCC ivdep
    for (int64_t i = 0; i < s.classes; ++i) d[i] = of(out[i], off);
    if (inside) d[label] = wanted;
  }
  /// They lie `inner` apart.
  void column(const T* out, int64_t label, T* d) const {
    const bool ignored = ignores(label);
    for (int64_t i = 0; i < s.classes; ++i)
      d[i * s.inner] = ignored ? static_cast<T>(C(0)) : of(out[i * s.inner], i == label ? on : off);
  }
};

template <typename T>
void class_gradient(const SoftmaxOutputParam& p, const SoftmaxOutputSizes& s, const T* out,
                    const T* label, double scale, T* d_data) {
  const ClassGradient<T> gradient(p, s, scale);
  parallel_for(s.outer * s.inner, grain_for(static_cast<double>(s.classes)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t r = begin; r < end; ++r) {
                   const int64_t at = r / s.inner * s.classes * s.inner + r % s.inner;
                   if (s.inner == 1)
                     gradient.row(out + at, to_index(label[r]), d_data + at);
                   else
                     gradient.column(out + at, to_index(label[r]), d_data + at);
                 }
               });
}

void softmax_output_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<SoftmaxOutputParam>();
  const auto s = softmax_output_sizes(p, in[0].shape);
  const int64_t size = out[0].size();
  visit_dtype(in[0].dtype, "SoftmaxOutput", [&](auto tag) {
    using T = typename decltype(tag)::type;
    using C = SoftmaxType<T>;
    const T *y = in[0].as<T>(), *label = in[1].as<T>();
    T* d_data = out[0].as<T>();
    if (in[1].shape == in[0].shape) {  // probabilities as labels
      const C factor = static_cast<C>(p.grad_scale);
      for (int64_t i = 0; i < size; ++i)
        d_data[i] = static_cast<T>((static_cast<C>(y[i]) - static_cast<C>(label[i])) * factor);
    } else {
      class_gradient(p, s, y, label, gradient_scale(p, s, label), d_data);
    }
    if (!p.out_grad) return;
    const T* d_out = in[2].as<T>();
    for (int64_t i = 0; i < size; ++i)
      d_data[i] = static_cast<T>(static_cast<C>(d_data[i]) * static_cast<C>(d_out[i]));
  });
}

const KernelBuilder k1 = KernelBuilder("SoftmaxOutput", "native").run(softmax_output);
const KernelBuilder k2 =
    KernelBuilder("_backward_SoftmaxOutput", "native").run(softmax_output_backward);

}  // namespace
}  // namespace mx::cpu
