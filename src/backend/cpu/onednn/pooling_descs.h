#pragma once
// Pooling in oneDNN's terms; shared by the operators on real and on whole numbers.
#include "backend/cpu/onednn/convolution_descs.h"
#include "ops/nn/pool/pooling.h"

namespace mx::onednn {

/// A pooling in oneDNN's terms.
struct PoolingDescs {
  dnnl::algorithm algorithm;
  dnnl::memory::desc data, out;
  dnnl::memory::dims kernel, stride, dilate, pad, pad_end;

  PoolingDescs(const PoolingParam& p, const TensorDesc& data_tensor, const TensorDesc& out_tensor)
      : algorithm(algorithm_of(p)),
        data(activation_desc(data_tensor, is_channels_last(p.layout))),
        out(activation_desc(out_tensor, is_channels_last(p.layout))) {
    const PoolingSizes s = pooling_sizes(p, data_tensor.shape);
    kernel = dims(s.kernel);
    stride = dims(s.stride);
    pad = dims(s.pad);
    dilate.assign(kernel.size(), 0);
    for (int i = 0; i < s.rank; ++i)
      pad_end.push_back((s.out[i] - 1) * s.stride[i] + s.kernel[i] - s.in[i] - s.pad[i]);
  }
  static dnnl::algorithm algorithm_of(const PoolingParam& p) {
    if (p.pool_type == PoolKind::kMax) return dnnl::algorithm::pooling_max;
    return p.count_include_pad.value_or(true) ? dnnl::algorithm::pooling_avg_include_padding
                                              : dnnl::algorithm::pooling_avg_exclude_padding;
  }
};

/// nullptr when oneDNN's windows are those of the operator, else the reason for refusing.
inline const char* refuse_windows(const PoolingParam& p, const PoolingSizes& s) {
  const bool counts_pad = p.pool_type == PoolKind::kAvg && p.count_include_pad.value_or(true);
  for (int i = 0; i < s.rank; ++i) {
    const int64_t last = (s.out[i] - 1) * s.stride[i] - s.pad[i];
    if (last >= s.in[i]) return "needs data in every window";
    if (counts_pad && last + s.kernel[i] > s.in[i] + s.pad_end[i])
      return "divides averages by whole windows";
  }
  return nullptr;
}

}  // namespace mx::onednn
