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
// Over a whole file, of which a header, an index and a group of pictures are read.
constexpr std::uint64_t kWholeBudget = std::uint64_t{512} << 20U;

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
    : Avio(bytes, &view, kMinimalBudget + kReadsPerByte * view.length()) {}

Avio::Avio(const Bytes& bytes) : Avio(bytes, nullptr, kWholeBudget) {}

Avio::Avio(const Bytes& bytes, const View* view, std::uint64_t budget)
    : bytes_(bytes), view_(view), budget_(budget) {
  std::unique_ptr<std::uint8_t, FreeBuffer> buffer(
      static_cast<std::uint8_t*>(av_malloc(kBufferSize)));
  if (!buffer) throw std::bad_alloc();
  context_.reset(
      avio_alloc_context(buffer.get(), kBufferSize, 0, this, &Avio::read, nullptr, &Avio::seek));
  if (!context_) throw std::bad_alloc();
  buffer.release();  // NOLINT(bugprone-unused-return-value): the context owns it now
}

ByteSpan Avio::take(std::uint64_t length) {
  if (view_ != nullptr) return view_->read(bytes_, position_, length);
  const ByteSpan data = bytes_.held(position_, length);
  const bool is_past_end = bytes_.size() && position_ >= *bytes_.size();
  if (data.empty() && !is_past_end && !bytes_.last_round() && !starved_at_) {
    starved_at_ = position_;
  }
  return data;
}

int Avio::read(void* self, std::uint8_t* buffer, int size) noexcept {
  auto& io = *static_cast<Avio*>(self);
  if (io.budget_ == 0) return AVERROR_EXIT;
  if (size <= 0) return AVERROR(EINVAL);
  if (io.limit_ == 0) return AVERROR_EOF;
  const std::uint64_t wanted =
      std::min(static_cast<std::uint64_t>(size), io.limit_.value_or(UINT64_MAX));
  const ByteSpan data = io.take(wanted);
  if (data.empty()) return AVERROR_EOF;
  std::copy(data.begin(), data.end(), buffer);
  io.position_ += data.size();
  if (io.limit_) *io.limit_ -= data.size();
  io.budget_ -= std::min<std::uint64_t>(io.budget_, data.size());
  return static_cast<int>(data.size());
}

std::int64_t Avio::seek(void* self, std::int64_t offset, int whence) noexcept {
  auto& io = *static_cast<Avio*>(self);
  if ((whence & AVSEEK_SIZE) != 0) {
    if (io.view_ != nullptr) return static_cast<std::int64_t>(io.view_->size());
    return io.bytes_.size() ? static_cast<std::int64_t>(*io.bytes_.size()) : AVERROR(ENOSYS);
  }
  // avio_seek() turns the other kinds into this one.
  if ((whence & ~AVSEEK_FORCE) != SEEK_SET) return AVERROR(EINVAL);
  if (offset < 0) return AVERROR(EINVAL);
  io.position_ = static_cast<std::uint64_t>(offset);
  return offset;
}

}  // namespace imgpeek
