// CTCLoss: the sums over all alignments of a label, step by step in log space. The states of a
// sequence are its labels with blanks between and around them; one step of all states is a loop
// that the compiler vectorises, and sequences are shared among threads.
#include "ops/nn/loss/ctc_loss.h"

#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include "backend/cpu/common/indices.h"
#include "backend/cpu/convert.h"
#include "backend/cpu/rows.h"
#include "backend/cpu/softmax_rows.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// What all sequences share: sizes, labels and lengths as int64.
struct Batch {
  int64_t time, count, classes, width;  ///< width: labels at most
  int64_t blank, padding;
  const Tensor* data;
  const int64_t *label, *data_lengths, *label_lengths;

  Batch(const CtcLossParam& p, Inputs in, KernelContext& context) : data(&in[0]) {
    time = in[0].shape[0], count = in[0].shape[1], classes = in[0].shape[2];
    width = in[1].shape[1];
    blank = p.blank_label == BlankLabel::kFirst ? 0 : classes - 1;
    padding = p.blank_label == BlankLabel::kFirst ? 0 : -1;
    const CtcInputs at(p);
    const auto lengths = [&](int i) {
      return i < 0 ? nullptr : widen_indices(in[static_cast<size_t>(i)], context);
    };
    label = widen_indices(in[1], context);
    data_lengths = lengths(at.data_lengths);
    label_lengths = lengths(at.label_lengths);
    for (int64_t n = 0; n < count; ++n) check(n);
  }

  int64_t steps(int64_t n) const { return data_lengths ? data_lengths[n] : time; }
  int64_t labels(int64_t n) const {
    if (label_lengths) return label_lengths[n];
    const int64_t* row = label + n * width;
    return std::find(row, row + width, padding) - row;
  }

 private:
  static void check_length(const char* what, int64_t n, int64_t length, int64_t most) {
    if (length < 0 || length > most)
      fail(ErrorKind::kValue, "CTCLoss: ", what, "[", n, "]=", length,
           " is out of range; expected 0 to ", most);
  }
  void check(int64_t n) const {
    if (data_lengths) check_length("data_lengths", n, data_lengths[n], time);
    if (label_lengths) check_length("label_lengths", n, label_lengths[n], width);
    for (int64_t i = 0; i < labels(n); ++i) {
      const int64_t c = label[n * width + i];
      if (c < 0 || c >= classes)
        fail(ErrorKind::kIndex, "CTCLoss: label[", n, ", ", i, "]=", c,
             " is no class; expected 0 to ", classes - 1);
    }
  }
};

/// The states of one sequence and the log probabilities that go with them, for one thread, which
/// uses it for sequence after sequence.
template <typename C>
class Alignment {
 public:
  explicit Alignment(const Batch& batch) : batch_(batch) {
    const auto states = static_cast<size_t>(2 * batch.width + 1);
    state_class_.resize(states);
    skip_.resize(states + kPad);
    scores_.resize(static_cast<size_t>(batch.classes));
    back_.resize(2 * (states + kPad));
  }

  /// Reads the label of sequence n. False when it does not fit into the steps.
  bool begin(int64_t n) {
    n_ = n;
    steps_ = batch_.steps(n);
    const int64_t labels = batch_.labels(n);
    const int64_t* label = batch_.label + n * batch_.width;
    states_ = 2 * labels + 1;
    int64_t needed = labels;
    for (int64_t s = 0; s < states_; ++s)
      state_class_[static_cast<size_t>(s)] = s % 2 == 0 ? batch_.blank : label[s / 2];
    for (int64_t i = 1; i < labels; ++i) needed += label[i] == label[i - 1];
    // A blank between two labels may be passed over unless they are equal.
    std::fill(skip_.begin(), skip_.end(), kNever);
    for (int64_t s = 3; s < states_; s += 2)
      if (label[s / 2] != label[s / 2 - 1] && label[s / 2] != batch_.blank)
        skip_[static_cast<size_t>(s)] = 0;
    return needed <= steps_ && steps_ > 0;
  }

  int64_t steps() const { return steps_; }

  /// Log probability of the label. With `keep`, all rows of the recursion stay for `gradient`.
  C forward(bool keep) {
    const size_t row = static_cast<size_t>(states_) + kPad;
    const size_t rows = keep ? static_cast<size_t>(steps_) : 2;
    forward_.assign(rows * row, kNever);
    emissions_.resize((keep ? rows : 1) * row);
    log_sums_.resize(static_cast<size_t>(steps_));
    for (int64_t t = 0; t < steps_; ++t) {
      C* emission = emissions_.data() + (keep ? static_cast<size_t>(t) * row : 0);
      read_step(t, emission);
      C* now = forward_.data() + row_of(t, keep) * row + kPad;
      if (t == 0)
        std::copy_n(emission, std::min<int64_t>(2, states_), now);
      else
        step(forward_.data() + row_of(t - 1, keep) * row + kPad, emission, now);
    }
    const C* last = forward_.data() + row_of(steps_ - 1, keep) * row + kPad;
    return states_ > 1 ? log_add(last[states_ - 1], last[states_ - 2]) : last[0];
  }

  /// Writes factor * (softmax - share of each class in the alignments) after forward(true).
  void gradient(C total, C factor, const Tensor& out) {
    const size_t row = static_cast<size_t>(states_) + kPad;
    const bool direct = out.dtype == DTypeOf<C>::value;
    C *now = back_.data(), *next = now + row;
    for (int64_t t = steps_ - 1; t >= 0; --t) {
      const C* emission = emissions_.data() + static_cast<size_t>(t) * row;
      if (t == steps_ - 1) {
        std::fill_n(now, row, kNever);
        for (int64_t s = std::max<int64_t>(states_ - 2, 0); s < states_; ++s) now[s] = 0;
      } else {
        step_back(next, emission + row, now);
      }
      const C *x = read_scores(t), log_sum = log_sums_[static_cast<size_t>(t)];
      C* d = direct ? static_cast<C*>(at(out, t)) : scores_.data();
#pragma GCC ivdep
      for (int64_t k = 0; k < batch_.classes; ++k) d[k] = math::exp(x[k] - log_sum) * factor;
      const C* ahead = forward_.data() + static_cast<size_t>(t) * row + kPad;
      for (int64_t s = 0; s < states_; ++s)
        d[state_class_[static_cast<size_t>(s)]] -= math::exp(ahead[s] + now[s] - total) * factor;
      if (!direct) convert_elements(DTypeOf<C>::value, d, out.dtype, at(out, t), batch_.classes);
      std::swap(now, next);
    }
  }

  /// Zeroes the gradient of the steps from `first` on.
  void zero(int64_t first, const Tensor& out) const {
    const auto bytes = static_cast<size_t>(batch_.classes * dtype_size(out.dtype));
    for (int64_t t = first; t < batch_.time; ++t) std::memset(at(out, t), 0, bytes);
  }

 private:
  static constexpr C kNever = -std::numeric_limits<C>::infinity();
  /// States before the first one (forward) and behind the last one (backward), never entered.
  static constexpr size_t kPad = 2;

  static size_t row_of(int64_t t, bool keep) { return static_cast<size_t>(keep ? t : t % 2); }
  void* at(const Tensor& tensor, int64_t t) const {
    return tensor.as<char>() + (t * batch_.count + n_) * batch_.classes * dtype_size(tensor.dtype);
  }

  static C log_add(C a, C b, C c = kNever) {
    C top = a > b ? a : b;
    top = top > c ? top : c;
    top = top == kNever ? C(0) : top;
    return top + math::log(math::exp(a - top) + math::exp(b - top) + math::exp(c - top));
  }

  const C* read_scores(int64_t t) {
    return read_elements(*batch_.data, (t * batch_.count + n_) * batch_.classes, batch_.classes,
                         scores_.data());
  }

  /// Log probabilities of the states' classes at step t.
  void read_step(int64_t t, C* emission) {
    const C* x = read_scores(t);
    const C top = max_lanes(batch_.classes, kNever, [&](int64_t k) { return x[k]; });
    const double sum =
        sum_lanes<C>(batch_.classes, [&](int64_t k) { return math::exp(x[k] - top); });
    const C log_sum = top + math::log(static_cast<C>(sum));
    log_sums_[static_cast<size_t>(t)] = log_sum;
    for (int64_t s = 0; s < states_; ++s)
      emission[s] = x[state_class_[static_cast<size_t>(s)]] - log_sum;
    std::fill_n(emission + states_, kPad, C(0));
  }

  void step(const C* before, const C* emission, C* now) const {
    const C* skip = skip_.data();
#pragma GCC ivdep
    for (int64_t s = 0; s < states_; ++s)
      now[s] = emission[s] + log_add(before[s], before[s - 1], before[s - 2] + skip[s]);
  }

  void step_back(const C* after, const C* emission, C* now) const {
    const C* skip = skip_.data();
#pragma GCC ivdep
    for (int64_t s = 0; s < states_; ++s)
      now[s] = log_add(after[s] + emission[s], after[s + 1] + emission[s + 1],
                       after[s + 2] + emission[s + 2] + skip[s + 2]);
    std::fill_n(now + states_, kPad, kNever);
  }

  const Batch& batch_;
  int64_t n_ = 0, steps_ = 0, states_ = 0;
  std::vector<int64_t> state_class_;
  std::vector<C> skip_, scores_, forward_, back_, emissions_, log_sums_;
};

/// Calls work(alignment, n) for each sequence.
template <typename C, typename Work>
void for_sequences(const Batch& batch, const Work& work) {
  const double cost = static_cast<double>(batch.time) * (static_cast<double>(batch.classes) +
                                                         10.0 * static_cast<double>(batch.width));
  parallel_for(batch.count, grain_for(cost + 1), [&](int64_t begin, int64_t end) {
    Alignment<C> alignment(batch);
    for (int64_t n = begin; n < end; ++n) work(alignment, n);
  });
}

void ctc_loss(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Batch batch(params.as<CtcLossParam>(), in, context);
  visit_floating(out[0].dtype, "CTCLoss", [&]<typename T>(TypeTag<T>) {
    using C = SoftmaxType<T>;
    for_sequences<C>(batch, [&](Alignment<C>& alignment, int64_t n) {
      out[0].as<T>()[n] =
          alignment.begin(n) ? static_cast<T>(-alignment.forward(false)) : static_cast<T>(C(0));
    });
  });
}

void ctc_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Batch batch(params.as<CtcLossParam>(), in, context);
  visit_floating(out[0].dtype, "CTCLoss", [&]<typename T>(TypeTag<T>) {
    using C = SoftmaxType<T>;
    const T* d_out = in.back().as<T>();
    for_sequences<C>(batch, [&](Alignment<C>& alignment, int64_t n) {
      const bool fits = alignment.begin(n);
      alignment.zero(fits ? alignment.steps() : 0, out[0]);
      if (fits) alignment.gradient(alignment.forward(true), static_cast<C>(d_out[n]), out[0]);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("CTCLoss", "native").run(ctc_loss);
const KernelBuilder k2 = KernelBuilder("_backward_CTCLoss", "native").run(ctc_backward);

}  // namespace
}  // namespace mx::cpu
