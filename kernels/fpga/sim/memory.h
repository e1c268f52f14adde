// Buffers that the simulated device and the host share.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

namespace assay_sim {

constexpr uint64_t buffer_alignment = 64;

struct Buffer {
  std::unique_ptr<uint8_t, decltype(&std::free)> bytes;
  uint64_t size;
};

class Memory {
 public:
  /// Zeroed; a null pointer when there is no memory.
  std::shared_ptr<Buffer> allocate(uint64_t size, uint64_t *handle);
  /// Null for an unknown handle. Whoever holds the pointer keeps the buffer in flight.
  std::shared_ptr<Buffer> find(uint64_t handle);
  enum class Freed { yes, unknown, in_flight };
  Freed free(uint64_t handle);

 private:
  std::mutex mutex_;
  std::map<uint64_t, std::shared_ptr<Buffer>> buffers_;
  uint64_t next_handle_ = 1;
};

}  // namespace assay_sim
