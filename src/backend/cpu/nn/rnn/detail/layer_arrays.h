#pragma once
// What forward and backward pass of recurrent layers share: sizes, and numbers in the type in which
// they are computed.
#include <algorithm>
#include <cstring>
#include <type_traits>
#include <vector>

#include "backend/common/bounded_index.h"
#include "backend/cpu/convert.h"
#include "dispatch/kernel.h"
#include "ops/nn/rnn/rnn.h"

namespace mx::cpu {

/// Sizes, and how many steps each sequence has.
struct Sizes {
  int64_t steps, sequences, hidden, gates;
  int64_t size;  ///< of a state: hidden, or what it is projected to
  const RnnLayerParam& p;
  std::vector<int64_t> lengths;  ///< empty: all steps

  Sizes(const RnnLayerParam& params, const Tensor& gate_array, const Tensor* sequence_length)
      : steps(gate_array.shape[0]),
        sequences(gate_array.shape[1]),
        hidden(gate_array.shape[2] / num_gates(params.mode)),
        gates(num_gates(params.mode)),
        size(params.output_size(hidden)),
        p(params) {
    if (!sequence_length) return;
    std::vector<double> wide(static_cast<size_t>(sequences));
    convert_elements(sequence_length->dtype, sequence_length->data, DType::kFloat64, wide.data(),
                     sequences);
    for (const double length : wide) lengths.push_back(bounded_length(length, steps));
  }
  int64_t rows() const { return gates * hidden; }
  int64_t kept() const { return p.kept(hidden); }
  bool has_step(int64_t sequence, int64_t step) const {
    return lengths.empty() || step < lengths[static_cast<size_t>(sequence)];
  }
  /// The step that is taken as number i.
  int64_t step_at(int64_t i) const { return p.reverse ? steps - 1 - i : i; }
  int64_t grain() const { return std::max<int64_t>(1, 8192 / std::max<int64_t>(hidden, 1)); }
};

/// Numbers in the type in which they are computed: those of the array, or copies of half precision.
template <typename T>
class Wide {
 public:
  using C = ComputeType<T>;
  Wide(const Tensor& tensor, Workspace& scratch) {
    if constexpr (std::is_same_v<T, C>) {
      data_ = tensor.as<C>();
    } else {
      data_ = scratch.get_array<C>(tensor.size());
      for (int64_t i = 0; i < tensor.size(); ++i) data_[i] = static_cast<C>(tensor.as<T>()[i]);
    }
  }
  C* data() const { return data_; }

 private:
  C* data_;
};

/// A result that is computed in another type than the array's and stored at the end.
template <typename T>
class WideResult {
 public:
  using C = ComputeType<T>;
  WideResult(const Tensor& tensor, bool wanted, Workspace& scratch) : tensor_(tensor) {
    is_direct_ = wanted && std::is_same_v<T, C>;
    data_ = is_direct_ ? static_cast<C*>(tensor.data) : scratch.get_array<C>(tensor.size());
    is_stored_ = wanted && !is_direct_;
  }
  C* data() const { return data_; }
  void store() const {
    if (!is_stored_) return;
    for (int64_t i = 0; i < tensor_.size(); ++i) tensor_.as<T>()[i] = static_cast<T>(data_[i]);
  }

 private:
  const Tensor& tensor_;
  bool is_direct_, is_stored_;
  C* data_;
};

template <typename C>
void copy_numbers(const C* from, C* to, int64_t n) {
  std::memcpy(to, from, static_cast<size_t>(n) * sizeof(C));
}

/// Stores result `i` where it is wanted.
template <typename T, typename C>
void store_numbers(const KernelContext& context, Outputs out, size_t i, const C* from) {
  if (!context.wants(i)) return;
  for (int64_t j = 0; j < out[i].size(); ++j) out[i].as<T>()[j] = static_cast<T>(from[j]);
}

}  // namespace mx::cpu
