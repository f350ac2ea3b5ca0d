// hawkesll: passes over the events of some sequences at a time. How long each kind waited for its
// events is known before how much excitement was left then, so that exponentials, and behind them
// logarithms, are computed in vectors. The gradient goes forwards too: excitement depends on beta
// alone, and its slope is carried along.
#include <algorithm>
#include <vector>

#include "backend/common/fast_math.h"
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

/// Gradients of the likelihood of one sequence, one for each kind; not wanted where nullptr.
struct Gradients {
  double *lda = nullptr, *alpha = nullptr, *beta = nullptr;
};

/// Some neighbouring sequences as waits: that of a kind for each event, then those of all kinds for
/// the end. Exponentials and logarithms are as exact as elements T, all sums are in double.
template <typename T>
class Sequences {
 public:
  explicit Sequences(const Process<T>& p) : p_(p) {
    const int64_t longest = std::max<int64_t>(1, p.events + p.kinds);
    most_ = std::max<int64_t>(1, kWaits / longest);
    first_wait_.resize(most_ + 1), expected_.resize(most_);
    time_.resize(most_ * longest), decay_.resize(most_ * longest), rate_.resize(most_ * longest);
    last_.resize(p.kinds), level_.resize(p.kinds), slope_.resize(p.kinds);
  }

  /// Calls work(first, last) for some sequences of [begin, end) at a time, which can be followed.
  template <typename Work>
  void for_some(int64_t begin, int64_t end, const Work& work) {
    for (; begin < end; begin += most_) {
      const int64_t stop = std::min(end, begin + most_);
      start(begin, stop);
      work(begin, stop);
    }
  }

  /// Goes through the waits of sequence i.
  void follow(int64_t i, const Gradients& g) {
    const T *lda = p_.lda + i * p_.kinds, *state = p_.state + i * p_.kinds;
    std::copy_n(state, p_.kinds, level_.data());
    std::fill(slope_.begin(), slope_.end(), 0.0);
    double expected = 0;
    int64_t wait = first_wait_[i - first_];
    for (int64_t j = 0, end = p_.length(i); j < end; ++j, ++wait) {
      const int64_t k = p_.marks[i * p_.events + j];
      expected += pass_time(wait, lda[k], k, g);
      rate_[wait] = static_cast<T>(meet_event(lda[k], k, g));
    }
    for (int64_t k = 0; k < p_.kinds; ++k, ++wait) {
      expected += pass_time(wait, lda[k], k, g);
      rate_[wait] = 1;  // no event
    }
    expected_[i - first_] = expected;
  }
  /// Excitement at the end of the sequence that was followed last, one number for each kind.
  const double* levels() const { return level_.data(); }

  /// Once all of them were followed, before their likelihoods are asked for.
  void take_logarithms() {
    for (int64_t n = first_wait_[count_], i = 0; i < n; ++i) rate_[i] = math::log(rate_[i]);
  }
  double likelihood(int64_t i) const {
    double sum = -expected_[i - first_];
    for (int64_t w = first_wait_[i - first_]; w < first_wait_[i - first_ + 1]; ++w) sum += rate_[w];
    return sum;
  }

 private:
  static constexpr int64_t kWaits = 512;  // enough for vectors, few enough for the first cache

  /// Measures the waits of sequences [begin, end).
  void start(int64_t begin, int64_t end) {
    first_ = begin, count_ = end - begin;
    int64_t n = 0;
    for (int64_t i = begin; i < end; ++i) {
      first_wait_[i - begin] = n;
      std::fill(last_.begin(), last_.end(), 0.0);
      double now = 0;
      for (int64_t j = 0, events = p_.length(i); j < events; ++j) {
        now += p_.lags[i * p_.events + j];
        wait(n++, now, p_.marks[i * p_.events + j]);
      }
      for (int64_t k = 0; k < p_.kinds; ++k) wait(n++, p_.max_time[i], k);
    }
    first_wait_[count_] = n;
    for (int64_t w = 0; w < n; ++w) decay_[w] = math::exp(decay_[w]);
  }
  void wait(int64_t w, double now, int64_t k) {
    time_[w] = now - last_[k];
    decay_[w] = static_cast<T>(-static_cast<double>(p_.beta[k]) * time_[w]);
    last_[k] = now;
  }

  /// Events of kind k that are expected while it waits.
  double pass_time(int64_t wait, double lda, int64_t k, const Gradients& g) {
    const double d = time_[wait], e = decay_[wait], alpha = p_.alpha[k];
    double &level = level_[k], &slope = slope_[k];
    if (g.lda) {
      g.lda[k] -= d;
      g.alpha[k] -= level * (1 - e);
      g.beta[k] -= alpha * (slope * (1 - e) + level * d * e);
    }
    const double expected = lda * d + alpha * level * (1 - e);
    slope = slope * e - level * d * e;
    level *= e;
    return expected;
  }

  /// The rate at which the event of kind k comes that excites its kind.
  double meet_event(double lda, int64_t k, const Gradients& g) {
    const double alpha = p_.alpha[k], beta = p_.beta[k], level = level_[k];
    const double rate = lda + alpha * beta * level;
    if (g.lda) {
      g.lda[k] += 1 / rate;
      g.alpha[k] += beta * level / rate;
      g.beta[k] += alpha * (level + beta * slope_[k]) / rate;
    }
    level_[k] = level + 1;
    return rate;
  }

  const Process<T>& p_;
  int64_t most_, first_ = 0, count_ = 0;
  std::vector<int64_t> first_wait_;           // of each sequence, and the number of all
  std::vector<double> expected_;              // events of each sequence
  std::vector<double> time_;                  // that passes in a wait
  std::vector<T> decay_, rate_;               // e^(-beta time); of the event that ends the wait
  std::vector<double> last_, level_, slope_;  // of each kind: its last event, and excitement
};

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
      Sequences<T> sequences(p);
      sequences.for_some(begin, end, [&](int64_t first, int64_t last) {
        T *total = out[0].as<T>(), *level = out[1].as<T>();
        for (int64_t i = first; i < last; ++i) {
          sequences.follow(i, {});
          for (int64_t k = 0; k < p.kinds; ++k)
            level[i * p.kinds + k] = static_cast<T>(sequences.levels()[k]);
        }
        sequences.take_logarithms();
        for (int64_t i = first; i < last; ++i) total[i] = static_cast<T>(sequences.likelihood(i));
      });
    });
  });
}

/// alpha and beta belong to all sequences: their gradients are summed in order.
void hawkes_backward(const Params&, KernelContext&, Inputs in, Outputs out) {
  visit_wide(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    const Process<T> p(in, 1);
    const auto kinds = static_cast<size_t>(p.kinds);
    Sequences<T> sequences(p);
    std::vector<double> lda(kinds), alpha(kinds), beta(kinds), d_alpha(kinds), d_beta(kinds);
    const auto add_gradients = [&](int64_t i) {
      for (auto* sums : {&lda, &alpha, &beta}) std::fill(sums->begin(), sums->end(), 0.0);
      sequences.follow(i, {lda.data(), alpha.data(), beta.data()});
      const double d = in[0].as<T>()[i];
      for (size_t k = 0; k < kinds; ++k) {
        out[0].as<T>()[static_cast<size_t>(i) * kinds + k] = static_cast<T>(d * lda[k]);
        d_alpha[k] += d * alpha[k];
        d_beta[k] += d * beta[k];
      }
    };
    sequences.for_some(0, p.sequences, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) add_gradients(i);
    });
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
