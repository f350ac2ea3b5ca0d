// The ranks of a job: what mxnet.kvstore.world is made of.
#include <nanobind/stl/optional.h>

#include "binding.h"
#include "comm/communicator.h"
#include "comm/compression.h"
#include "comm/gpu_group.h"
#include "comm/tags.h"

namespace mx::python {
namespace {

using comm::Communicator;
using comm::Message;

/// [(rank, [arrays])] as messages.
std::vector<Message> messages_from(const nb::list& pairs) {
  std::vector<Message> messages;
  for (nb::handle pair : pairs) {
    Message message{nb::cast<int>(pair[0]), {}};
    for (nb::handle array : nb::cast<nb::list>(pair[1])) {
      if (!is_array(array.ptr())) throw nb::type_error("transfer: an NDArray is expected");
      message.arrays.push_back(given_array_in(array.ptr()));
    }
    messages.push_back(std::move(message));
  }
  return messages;
}

Communicator& open_world() {
  const ReleaseGil release;
  return Communicator::get();
}

nb::object next_post(double seconds) {
  std::optional<std::pair<int, std::string>> post;
  {
    const ReleaseGil release;
    post = Communicator::get().next_post(
        std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000)));
  }
  if (!post) return nb::none();
  return nb::make_tuple(post->first, nb::bytes(post->second.data(), post->second.size()));
}

/// (reduce, member, root, in, out) as a transfer; in and out may be None.
comm::GpuTransfer gpu_transfer_from(nb::handle words) {
  const auto array_from = [](nb::handle array) {
    return array.is_none() ? NDArray() : given_array_in(array.ptr());
  };
  const auto kind =
      nb::cast<bool>(words[0]) ? comm::GpuCall::Kind::kReduce : comm::GpuCall::Kind::kBroadcast;
  return {kind, nb::cast<int>(words[1]), nb::cast<int>(words[2]), array_from(words[3]),
          array_from(words[4])};
}

void bind_gpu_group(nb::module_& world) {
  world.def(
      "new_gpu_group_id",
      [] {
        std::string id;
        {
          const ReleaseGil release;
          id = comm::gpu_collectives().new_id();
        }
        return nb::bytes(id.data(), id.size());
      },
      "A name for a group of GPUs, for all processes that join it. Opens NCCL.");
  nb::class_<comm::GpuGroup>(world, "GpuGroup",
                             "GPUs of one process or of all ranks that exchange arrays.")
      .def(
          "__init__",
          [](comm::GpuGroup* group, nb::bytes id, std::vector<int> gpus, int first, int size) {
            const std::string text(id.c_str(), id.size());
            const ReleaseGil release;
            new (group) comm::GpuGroup(text, std::move(gpus), first, size);
          },
          nb::arg("id"), nb::arg("gpus"), nb::arg("first"), nb::arg("size"),
          "Waits until all members have joined; those of this process begin with `first`.")
      .def(
          "run",
          [](comm::GpuGroup& group, const nb::list& transfers) {
            std::vector<comm::GpuTransfer> found;
            for (nb::handle words : transfers) found.push_back(gpu_transfer_from(words));
            const ReleaseGil release;
            group.run(std::move(found));
          },
          nb::arg("transfers"),
          "Queues (reduces, member, root, in, out) of all GPUs of this process as one operation.");
}

}  // namespace

void bind_comm(nb::module_& m) {
  nb::module_ world = m.def_submodule("comm", "The ranks of a job and messages between them.");
  world.attr("FIRST_TAG") = comm::kFirstFreeTag;
  bind_gpu_group(world);
  world.def(
      "open",
      [] {
        Communicator& opened = open_world();
        return std::pair(opened.rank(), opened.size());
      },
      "Joins the job at the first call. Returns this rank and the number of ranks.");
  world.def("is_rank_of_mpi", &comm::is_rank_of_mpi,
            "Whether a launcher of MPI started this process as one of its ranks.");
  world.def(
      "transfer",
      [](const nb::list& sends, const nb::list& receives, int tag, int priority,
         const std::string& label, bool tells_who_is_slow) {
        auto outgoing = messages_from(sends), incoming = messages_from(receives);
        const ReleaseGil release;
        Communicator::get().transfer(std::move(outgoing), std::move(incoming),
                                     {tag, priority, label, tells_who_is_slow});
      },
      nb::arg("sends"), nb::arg("receives"), nb::arg("tag"), nb::arg("priority"), nb::arg("label"),
      nb::arg("tells_who_is_slow") = false,
      "Queues messages to and from other ranks: lists of (rank, [arrays]).");
  world.def(
      "note_push", [](const std::string& label) { Communicator::get().note_push(label); },
      nb::arg("label"), "Says what is pushed; other ranks name it if this rank dies.");
  world.def(
      "note_step", [](double samples) { Communicator::get().note_step(samples); },
      nb::arg("samples"), "Counts a step and the samples that it used.");
  world.def(
      "post",
      [](int peer, nb::bytes data) {
        Communicator::get().post(peer, std::string(data.c_str(), data.size()));
      },
      nb::arg("peer"), nb::arg("data"), "Sends bytes to whoever calls next_post() there.");
  world.def("next_post", &next_post, nb::arg("seconds"),
            "The next (rank, bytes) that came by post(); None after some seconds.");
  world.def(
      "begin_end", [](bool failed) { Communicator::get().begin_end(failed); }, nb::arg("failed"),
      "Says to all ranks that this one comes to its end.");
  world.def(
      "wait_for_end",
      [](double seconds) {
        const ReleaseGil release;
        return Communicator::get().wait_for_end(
            std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000)));
      },
      nb::arg("seconds"), "Whether all ranks have come to their ends; waits some seconds.");
  world.def(
      "compress_two_bit",
      [](nb::handle gradient, nb::handle residual, nb::handle packed, float threshold) {
        const NDArray from = given_array_in(gradient.ptr()), kept = given_array_in(residual.ptr()),
                      to = given_array_in(packed.ptr());
        const ReleaseGil release;
        comm::compress_two_bit(from, kept, to, threshold);
      },
      nb::arg("gradient"), nb::arg("residual"), nb::arg("packed"), nb::arg("threshold"),
      "Compresses a float32 gradient to two bits an element; the residual keeps the rest.");
  world.def(
      "expand_two_bit",
      [](nb::handle packed, nb::handle values, float threshold) {
        const NDArray from = given_array_in(packed.ptr()), to = given_array_in(values.ptr());
        const ReleaseGil release;
        comm::expand_two_bit(from, to, threshold);
      },
      nb::arg("packed"), nb::arg("values"), nb::arg("threshold"), "The way back.");
  world.def(
      "failure", [] { return Communicator::get().failure(); },
      "Why the job has failed; empty while it has not.");
}

}  // namespace mx::python
