// LayerNorm and its gradient. Rows are independent; the gradients of gamma and beta are summed for
// each range of rows and then over the ranges.
#include "ops/nn/norm/layer_norm.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

#include "backend/cpu/moments.h"
#include "backend/cpu/rows.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

template <typename C>
struct LayerNormRows {
  const C *gamma, *beta;
  double eps;
  C *mean, *deviation;  ///< one for each row

  void row(std::array<const C*, 1> in, C* y, int64_t length, int64_t row) const {
    const C* x = in[0];
    const Moments m = row_moments(x, length);
    const C centre = static_cast<C>(m.mean), root = static_cast<C>(std::sqrt(m.variance + eps));
    const C inverse = static_cast<C>(1 / std::sqrt(m.variance + eps));
    mean[row] = centre;
    deviation[row] = root;
#pragma GCC ivdep
    for (int64_t i = 0; i < length; ++i) y[i] = (x[i] - centre) * inverse * gamma[i] + beta[i];
  }

  void columns(std::array<const C*, 1> in, C* y, const Columns& c) const {
    const C* x = in[0];
    C centre[Columns::kMaxWidth], inverse[Columns::kMaxWidth];
    double variance[Columns::kMaxWidth];
    column_moments(x, c, centre, variance);
    for (int64_t j = 0; j < c.width; ++j) {
      const double root = std::sqrt(variance[j] + eps);
      inverse[j] = static_cast<C>(1 / root);
      mean[c.first + j] = centre[j];
      deviation[c.first + j] = static_cast<C>(root);
    }
    for_columns(c, [&](int64_t i, int64_t j) {
      const C normal = (x[i * c.step + j] - centre[j]) * inverse[j];
      y[i * c.step + j] = normal * gamma[i] + beta[i];
    });
  }
};

void layer_norm(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<LayerNormParam>();
  const RowView rows(in[0].shape, p.axis, "LayerNorm");
  visit_floating(in[0].dtype, "LayerNorm", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const int64_t count = rows.count();
    C* mean = context.scratch->get_array<C>(std::max<int64_t>(2 * count, 1));
    const LayerNormRows<C> work{all_elements<C>(in[1], context), all_elements<C>(in[2], context),
                                p.eps, mean, mean + count};
    if (rows.length == 0) {
      std::fill_n(work.mean, count, C(0));
      std::fill_n(work.deviation, count, static_cast<C>(std::sqrt(p.eps)));
    }
    map_rows<C, 1>(rows, {&in[0]}, out[0], 0.5, work);
    for (size_t i = 1; i < 3; ++i)
      if (context.wants(i))
        convert_elements(DTypeOf<C>::value, i == 1 ? work.mean : work.deviation, out[i].dtype,
                         out[i].data, count);
  });
}

/// Gradients of gamma and beta: in C for a few rows, these in double, and the threads' at the end.
template <typename C>
class FeatureSums {
 public:
  FeatureSums(int64_t length, double* d_gamma, double* d_beta, std::mutex* mutex)
      : d_gamma_(d_gamma), d_beta_(d_beta), mutex_(mutex), part_(2 * length), sum_(2 * length) {}

  C* gamma() { return part_.data(); }
  C* beta() { return part_.data() + length(); }
  /// `rows` more have been added to gamma() and beta().
  void count(int64_t rows) {
    added_ += rows;
    if (added_ >= kRun) flush();
  }
  void finish() {
    flush();
    std::lock_guard lock(*mutex_);
    for (size_t i = 0; i < length(); ++i) {
      d_gamma_[i] += sum_[i];
      d_beta_[i] += sum_[length() + i];
    }
  }

 private:
  static constexpr int64_t kRun = 32;
  size_t length() const { return part_.size() / 2; }
  void flush() {
    for (size_t i = 0; i < part_.size(); ++i) sum_[i] += static_cast<double>(part_[i]);
    std::fill(part_.begin(), part_.end(), C(0));
    added_ = 0;
  }

  double *d_gamma_, *d_beta_;
  std::mutex* mutex_;
  std::vector<C> part_;
  std::vector<double> sum_;
  int64_t added_ = 0;
};

/// d_data = inverse * (d - mean(d) - normal * mean(d * normal)) with d = d_out * gamma
template <typename C>
struct LayerNormBackwardRows {
  const C* gamma;
  double eps;
  FeatureSums<C> features;

  void finish() { features.finish(); }

  void row(std::array<const C*, 2> in, C* d_data, int64_t length, int64_t) {
    const auto [d_out, x] = in;
    const Moments m = row_moments(x, length);
    const C centre = static_cast<C>(m.mean);
    const C inverse = static_cast<C>(1 / std::sqrt(m.variance + eps));
    const auto normal = [&](int64_t i) { return (x[i] - centre) * inverse; };
    const auto share = [&](int64_t i) { return d_out[i] * gamma[i]; };
    C *d_gamma = features.gamma(), *d_beta = features.beta();
#pragma GCC ivdep
    for (int64_t i = 0; i < length; ++i) {
      d_gamma[i] += d_out[i] * normal(i);
      d_beta[i] += d_out[i];
    }
    features.count(1);
    const double n = static_cast<double>(length);
    const C offset = static_cast<C>(sum_lanes<C>(length, share) / n);
    const C slope =
        static_cast<C>(sum_lanes<C>(length, [&](int64_t i) { return share(i) * normal(i); }) / n);
#pragma GCC ivdep
    for (int64_t i = 0; i < length; ++i)
      d_data[i] = inverse * (share(i) - offset - normal(i) * slope);
  }

  void columns(std::array<const C*, 2> in, C* d_data, const Columns& c) {
    const auto [d_out, x] = in;
    C centre[Columns::kMaxWidth], inverse[Columns::kMaxWidth];
    double variance[Columns::kMaxWidth], offset[Columns::kMaxWidth], slope[Columns::kMaxWidth];
    column_moments(x, c, centre, variance);
    for (int64_t j = 0; j < c.width; ++j)
      inverse[j] = static_cast<C>(1 / std::sqrt(variance[j] + eps));
    const auto normal = [&, x = x](int64_t i, int64_t j) {
      return (x[i * c.step + j] - centre[j]) * inverse[j];
    };
    const auto share = [&, d_out = d_out](int64_t i, int64_t j) {
      return d_out[i * c.step + j] * gamma[i];
    };
    for (int64_t i = 0; i < c.length; ++i) {
      const C* d = d_out + i * c.step;
      features.gamma()[i] +=
          static_cast<C>(sum_lanes<C>(c.width, [&](int64_t j) { return d[j] * normal(i, j); }));
      features.beta()[i] += static_cast<C>(sum_lanes<C>(c.width, [&](int64_t j) { return d[j]; }));
    }
    features.count(c.width);
    const double n = static_cast<double>(c.length);
    sum_columns<C>(c, share, offset);
    sum_columns<C>(
        c, [&](int64_t i, int64_t j) { return share(i, j) * normal(i, j); }, slope);
    C mean_share[Columns::kMaxWidth], mean_slope[Columns::kMaxWidth];
    for (int64_t j = 0; j < c.width; ++j) {
      mean_share[j] = static_cast<C>(offset[j] / n);
      mean_slope[j] = static_cast<C>(slope[j] / n);
    }
    for_columns(c, [&](int64_t i, int64_t j) {
      const C d = share(i, j) - mean_share[j] - normal(i, j) * mean_slope[j];
      d_data[i * c.step + j] = inverse[j] * d;
    });
  }
};

void layer_norm_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<LayerNormParam>();
  const RowView rows(in[1].shape, p.axis, "LayerNorm");
  const auto length = static_cast<size_t>(rows.length);
  std::vector<double> d_gamma(length), d_beta(length);
  std::mutex mutex;
  visit_floating(in[1].dtype, "LayerNorm", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const LayerNormBackwardRows<C> work{
        all_elements<C>(in[2], context), p.eps,
        FeatureSums<C>(rows.length, d_gamma.data(), d_beta.data(), &mutex)};
    map_rows<C, 2>(rows, {&in[0], &in[1]}, out[0], 1.0, work);
  });
  const auto write = [&](size_t i, const std::vector<double>& sums) {
    if (context.wants(i))
      convert_elements(DType::kFloat64, sums.data(), out[i].dtype, out[i].data, rows.length);
  };
  write(1, d_gamma);
  write(2, d_beta);
}

const KernelBuilder k1 = KernelBuilder("LayerNorm", "native").run(layer_norm);
const KernelBuilder k2 = KernelBuilder("_backward_LayerNorm", "native").run(layer_norm_backward);

}  // namespace
}  // namespace mx::cpu
