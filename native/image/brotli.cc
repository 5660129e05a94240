#include "image/brotli.h"

#include <brotli/decode.h>

#include <array>
#include <memory>
#include <new>

namespace imgpeek {
namespace {

constexpr std::size_t kChunkLength = 16384;

struct DestroyDecoder {
  void operator()(BrotliDecoderState* decoder) const { BrotliDecoderDestroyInstance(decoder); }
};

}  // namespace

std::vector<std::uint8_t> inflate_brotli(ByteSpan stream, std::size_t limit) {
  const std::unique_ptr<BrotliDecoderState, DestroyDecoder> decoder(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!decoder) throw std::bad_alloc();
  std::vector<std::uint8_t> inflated;
  std::array<std::uint8_t, kChunkLength> chunk{};
  std::size_t available_in = stream.size();
  const std::uint8_t* next_in = stream.data();
  BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
  while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
    std::size_t available_out = chunk.size();
    std::uint8_t* next_out = chunk.data();
    result = BrotliDecoderDecompressStream(decoder.get(), &available_in, &next_in, &available_out,
                                           &next_out, nullptr);
    inflated.insert(inflated.end(), chunk.data(), next_out);
    if (inflated.size() > limit) throw Malformed("a Brotli stream inflates to too much");
  }
  return inflated;
}

}  // namespace imgpeek
