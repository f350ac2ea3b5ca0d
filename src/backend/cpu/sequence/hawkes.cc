// hawkesll: one pass over the events of each sequence. The gradient goes forwards too: excitement
// depends on beta alone, and its slope is carried along.
#include <cmath>
#include <vector>

#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Pointers to the inputs, which begin at `first`.
template <typename T>
struct Process {
  int64_t sequences, kinds, events;
  const T *lda, *alpha, *beta, *state, *lags, *valid_length, *max_time;
  const int32_t* marks;

  Process(Inputs in, size_t first) {
    in = in.subspan(first);
    sequences = in[0].shape[0], kinds = in[0].shape[1], events = in[4].shape[1];
    lda = in[0].as<T>(), alpha = in[1].as<T>(), beta = in[2].as<T>(), state = in[3].as<T>();
    lags = in[4].as<T>(), marks = in[5].as<int32_t>();
    valid_length = in[6].as<T>(), max_time = in[7].as<T>();
    for (int64_t i = 0; i < sequences; ++i)
      for (int64_t j = 0, end = length(i); j < end; ++j)
        if (const int32_t mark = marks[i * events + j]; mark < 0 || mark >= kinds)
          fail(ErrorKind::kIndex, "_contrib_hawkesll: marks[", i, ", ", j, "]=", mark,
               " is no kind of event; expected 0 to ", kinds - 1);
  }
  int64_t length(int64_t i) const { return bounded_length(valid_length[i], events); }
};

/// Of one kind of event: when the last one was, the excitement then, and its slope with beta.
struct Excitement {
  double last = 0, level = 0, slope = 0;
};

/// Gradients of the likelihood of one sequence, one for each kind; not wanted where nullptr.
struct Gradients {
  double *lda = nullptr, *alpha = nullptr, *beta = nullptr;
};

/// Takes the time from the last event to `now` into account; the likelihood of no event between.
/// Exponentials and logarithms are as exact as elements T, all sums are in double.
template <typename T>
double pass_time(double now, double lda, double alpha, double beta, Excitement& x, int64_t k,
                 const Gradients& g) {
  const double d = now - x.last, e = std::exp(static_cast<T>(-beta * d));
  if (g.lda) {
    g.lda[k] -= d;
    g.alpha[k] -= x.level * (1 - e);
    g.beta[k] -= alpha * (x.slope * (1 - e) + x.level * d * e);
  }
  const double expected = lda * d + alpha * x.level * (1 - e);
  x.slope = x.slope * e - x.level * d * e;
  x.level *= e;
  x.last = now;
  return -expected;
}

template <typename T>
double likelihood(const Process<T>& p, int64_t i, std::vector<Excitement>& all,
                  const Gradients& g) {
  const T* lda = p.lda + i * p.kinds;
  for (int64_t k = 0; k < p.kinds; ++k)
    all[static_cast<size_t>(k)] = {0, static_cast<double>(p.state[i * p.kinds + k]), 0};
  double time = 0, total = 0;
  for (int64_t j = 0, end = p.length(i); j < end; ++j) {
    const int64_t k = p.marks[i * p.events + j];
    const double alpha = p.alpha[k], beta = p.beta[k];
    Excitement& x = all[static_cast<size_t>(k)];
    time += p.lags[i * p.events + j];
    total += pass_time<T>(time, lda[k], alpha, beta, x, k, g);
    const double rate = lda[k] + alpha * beta * x.level;
    total += std::log(static_cast<T>(rate));
    if (g.lda) {
      g.lda[k] += 1 / rate;
      g.alpha[k] += beta * x.level / rate;
      g.beta[k] += alpha * (x.level + beta * x.slope) / rate;
    }
    x.level += 1;
  }
  for (int64_t k = 0; k < p.kinds; ++k)
    total += pass_time<T>(p.max_time[i], lda[k], p.alpha[k], p.beta[k], all[static_cast<size_t>(k)],
                          k, g);
  return total;
}

template <typename F>
void visit_wide(DType dtype, const F& f) {
  if (dtype == DType::kFloat32) return f(TypeTag<float>{});
  if (dtype == DType::kFloat64) return f(TypeTag<double>{});
  fail(ErrorKind::kType, "_contrib_hawkesll: dtype=", dtype_name(dtype),
       " is not supported; expected float32 or float64");
}

void hawkes(const Params&, KernelContext&, Inputs in, Outputs out) {
  visit_wide(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    const Process<T> p(in, 0);
    const double cost = 40.0 * static_cast<double>(p.events + p.kinds + 1);
    parallel_for(p.sequences, grain_for(cost), [&](int64_t begin, int64_t end) {
      std::vector<Excitement> all(static_cast<size_t>(p.kinds));
      for (int64_t i = begin; i < end; ++i) {
        out[0].as<T>()[i] = static_cast<T>(likelihood(p, i, all, {}));
        for (int64_t k = 0; k < p.kinds; ++k)
          out[1].as<T>()[i * p.kinds + k] = static_cast<T>(all[static_cast<size_t>(k)].level);
      }
    });
  });
}

/// alpha and beta belong to all sequences: their gradients are summed in order.
void hawkes_backward(const Params&, KernelContext&, Inputs in, Outputs out) {
  visit_wide(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    const Process<T> p(in, 1);
    const auto kinds = static_cast<size_t>(p.kinds);
    std::vector<Excitement> all(kinds);
    std::vector<double> d_alpha(kinds), d_beta(kinds);
    for (int64_t i = 0; i < p.sequences; ++i) {
      std::vector<double> lda(kinds), alpha(kinds), beta(kinds);
      likelihood(p, i, all, {lda.data(), alpha.data(), beta.data()});
      const double d = in[0].as<T>()[i];
      for (size_t k = 0; k < kinds; ++k) {
        out[0].as<T>()[static_cast<size_t>(i) * kinds + k] = static_cast<T>(d * lda[k]);
        d_alpha[k] += d * alpha[k];
        d_beta[k] += d * beta[k];
      }
    }
    for (size_t k = 0; k < kinds; ++k) {
      out[1].as<T>()[k] = static_cast<T>(d_alpha[k]);
      out[2].as<T>()[k] = static_cast<T>(d_beta[k]);
    }
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_hawkesll", "native").run(hawkes);
const KernelBuilder k2 = KernelBuilder("_backward_hawkesll", "native").run(hawkes_backward);

}  // namespace
}  // namespace mx::cpu
