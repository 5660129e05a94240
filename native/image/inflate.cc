#include "image/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

namespace imgpeek {
namespace {

constexpr std::size_t kStep = 65536;

struct EndInflate {
  void operator()(z_stream* stream) const noexcept { inflateEnd(stream); }
};

// zlib's codes for what stands around the data.
int window_bits(DeflateWrapper wrapper) {
  switch (wrapper) {
    case DeflateWrapper::kGzip:
      return MAX_WBITS + 16;
    case DeflateWrapper::kNone:
      return -MAX_WBITS;
    default:
      return MAX_WBITS;
  }
}

}  // namespace

Inflated inflate_prefix(ByteSpan deflated, DeflateWrapper wrapper, std::size_t limit) {
  Inflated out;
  z_stream stream{};
  if (inflateInit2(&stream, window_bits(wrapper)) != Z_OK) return out;
  const std::unique_ptr<z_stream, EndInflate> guard(&stream);
  // zlib only reads its input.
  stream.next_in =
      const_cast<Bytef*>(deflated.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(deflated.size(), UINT32_MAX));
  while (out.data.size() < limit) {
    const std::size_t before = out.data.size();
    const std::size_t step = std::min(kStep, limit - before);
    out.data.resize(before + step);
    stream.next_out = out.data.data() + before;
    stream.avail_out = static_cast<uInt>(step);
    const int status = inflate(&stream, Z_NO_FLUSH);
    out.data.resize(before + step - stream.avail_out);
    if (status == Z_STREAM_END) {
      out.ended = true;
      return out;
    }
    if (status != Z_OK && status != Z_BUF_ERROR) return out;
    if (stream.avail_in == 0 && stream.avail_out != 0) {
      out.starved = true;
      return out;
    }
  }
  return out;
}

}  // namespace imgpeek
