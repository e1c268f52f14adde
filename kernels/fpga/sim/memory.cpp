#include "memory.h"

#include <cstring>

namespace assay_sim {

std::shared_ptr<Buffer> Memory::allocate(uint64_t size, uint64_t *handle) {
  constexpr uint64_t limit = uint64_t{1} << 40;
  if (size == 0 || size > limit) return nullptr;
  size = (size + buffer_alignment - 1) / buffer_alignment * buffer_alignment;
  auto *bytes = static_cast<uint8_t *>(std::aligned_alloc(buffer_alignment, size));
  if (!bytes) return nullptr;
  std::memset(bytes, 0, size);
  auto buffer = std::make_shared<Buffer>(Buffer{{bytes, &std::free}, size});
  std::lock_guard lock(mutex_);
  *handle = next_handle_++;
  buffers_[*handle] = buffer;
  return buffer;
}

std::shared_ptr<Buffer> Memory::find(uint64_t handle) {
  std::lock_guard lock(mutex_);
  const auto found = buffers_.find(handle);
  return found == buffers_.end() ? nullptr : found->second;
}

Memory::Freed Memory::free(uint64_t handle) {
  std::lock_guard lock(mutex_);
  const auto found = buffers_.find(handle);
  if (found == buffers_.end()) return Freed::unknown;
  if (found->second.use_count() > 1) return Freed::in_flight;
  buffers_.erase(found);
  return Freed::yes;
}

}  // namespace assay_sim
