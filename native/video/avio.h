// libavformat's reads and seeks, answered from a View.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "bytes.h"
#include "video/view.h"

struct AVIOContext;

namespace imgpeek {

// An AVIOContext over a view. Neither owns `bytes` nor `view`; both must outlive it.
class Avio {
 public:
  Avio(const Bytes& bytes, const View& view);
  // Over the whole file, of which parts may not be held yet.
  explicit Avio(const Bytes& bytes);
  Avio(const Avio&) = delete;
  Avio& operator=(const Avio&) = delete;

  AVIOContext* context() { return context_.get(); }

  // Where over the whole file the first byte was read that is not held, if any was.
  std::optional<std::uint64_t> starved_at() const { return starved_at_; }

  // From now on the file ends where this many bytes more were read; all of it is read again where
  // it is not set.
  void set_limit(std::optional<std::uint64_t> bytes) { limit_ = bytes; }

  // True once more was read than any sound file takes: the demuxer runs in circles.
  bool exhausted() const { return budget_ == 0; }

 private:
  static int read(void* self, std::uint8_t* buffer, int size) noexcept;
  static std::int64_t seek(void* self, std::int64_t offset, int whence) noexcept;

  struct Free {
    void operator()(AVIOContext* context) const;
  };

  Avio(const Bytes& bytes, const View* view, std::uint64_t budget);
  ByteSpan take(std::uint64_t length);

  const Bytes& bytes_;
  const View* view_;
  std::optional<std::uint64_t> starved_at_;
  std::optional<std::uint64_t> limit_;
  std::uint64_t position_ = 0;
  std::uint64_t budget_;  // bytes that may still be read
  std::unique_ptr<AVIOContext, Free> context_;
};

}  // namespace imgpeek
