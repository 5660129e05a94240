#include "video/avio.h"

extern "C" {
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <cstdio>
#include <new>

namespace imgpeek {
namespace {

constexpr int kBufferSize = 16384;

// A sound file is read once or twice; one that sends the demuxer back and forth is cut off.
constexpr std::uint64_t kReadsPerByte = 4;
constexpr std::uint64_t kMinimalBudget = 4U << 20U;

// The buffer belongs to the context, which may replace it: free the context's, then the context.
struct FreeBuffer {
  void operator()(std::uint8_t* buffer) const { av_free(buffer); }
};

}  // namespace

void Avio::Free::operator()(AVIOContext* context) const {
  av_freep(&context->buffer);
  avio_context_free(&context);
}

Avio::Avio(const Bytes& bytes, const View& view)
    : bytes_(bytes), view_(view), budget_(kMinimalBudget + kReadsPerByte * view.length()) {
  std::unique_ptr<std::uint8_t, FreeBuffer> buffer(
      static_cast<std::uint8_t*>(av_malloc(kBufferSize)));
  if (!buffer) throw std::bad_alloc();
  context_.reset(
      avio_alloc_context(buffer.get(), kBufferSize, 0, this, &Avio::read, nullptr, &Avio::seek));
  if (!context_) throw std::bad_alloc();
  buffer.release();  // NOLINT(bugprone-unused-return-value): the context owns it now
}

int Avio::read(void* self, std::uint8_t* buffer, int size) noexcept {
  auto& io = *static_cast<Avio*>(self);
  if (io.budget_ == 0) return AVERROR_EXIT;
  if (size <= 0) return AVERROR(EINVAL);
  const ByteSpan data = io.view_.read(io.bytes_, io.position_, static_cast<std::uint64_t>(size));
  if (data.empty()) return AVERROR_EOF;
  std::copy(data.begin(), data.end(), buffer);
  io.position_ += data.size();
  io.budget_ -= std::min<std::uint64_t>(io.budget_, data.size());
  return static_cast<int>(data.size());
}

std::int64_t Avio::seek(void* self, std::int64_t offset, int whence) noexcept {
  auto& io = *static_cast<Avio*>(self);
  if ((whence & AVSEEK_SIZE) != 0) return static_cast<std::int64_t>(io.view_.size());
  // avio_seek() turns the other kinds into this one.
  if ((whence & ~AVSEEK_FORCE) != SEEK_SET) return AVERROR(EINVAL);
  if (offset < 0) return AVERROR(EINVAL);
  io.position_ = static_cast<std::uint64_t>(offset);
  return offset;
}

}  // namespace imgpeek
