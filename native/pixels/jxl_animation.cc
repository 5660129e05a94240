#include "pixels/jxl_animation.h"

#include <jxl/decode.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>

#include "front/imports.h"
#include "pixels/undecodable.h"

namespace imgpeek {
namespace {

struct FreeDecoder {
  void operator()(JxlDecoder* decoder) const { JxlDecoderDestroy(decoder); }
};
using Decoder = std::unique_ptr<JxlDecoder, FreeDecoder>;

Decoder open_decoder(ByteSpan file, int events) {
  Decoder decoder(JxlDecoderCreate(nullptr));
  if (!decoder) throw std::bad_alloc();
  if (JxlDecoderSubscribeEvents(decoder.get(), events) != JXL_DEC_SUCCESS ||
      JxlDecoderSetInput(decoder.get(), file.data(), file.size()) != JXL_DEC_SUCCESS) {
    throw Undecodable("jxl: the decoder does not start");
  }
  JxlDecoderCloseInput(decoder.get());
  return decoder;
}

std::optional<JxlDataType> sample_type(const VipsPtr& image) {
  switch (vips_image_get_format(image.get())) {
    case VIPS_FORMAT_UCHAR:
      return JXL_TYPE_UINT8;
    case VIPS_FORMAT_USHORT:
      return JXL_TYPE_UINT16;
    case VIPS_FORMAT_FLOAT:
      return JXL_TYPE_FLOAT;
    default:
      return std::nullopt;
  }
}

// An image in memory that is like `header`, with room for so many frames.
VipsPtr make_room(const VipsPtr& header, int frames) {
  VipsPtr image(vips_image_new_memory());
  if (vips_image_pipelinev(image.get(), VIPS_DEMAND_STYLE_ANY, header.get(), nullptr) != 0) {
    fail("jxl");
  }
  image->Ysize = header->Ysize * frames;
  if (vips_image_write_prepare(image.get()) != 0) fail("jxl");
  return image;
}

void* row_of(const VipsPtr& image, int y) { return VIPS_IMAGE_ADDR(image.get(), 0, y); }

// Stands in for __vfprintf_chk() and vfprintf().
extern "C" int say_nothing() { return 0; }

}  // namespace

int count_jxl_frames(ByteSpan file) {
  const Decoder decoder = open_decoder(file, JXL_DEC_BASIC_INFO | JXL_DEC_FRAME);
  unsigned frames = 0;
  while (frames < kMaxPages) {
    const JxlDecoderStatus status = JxlDecoderProcessInput(decoder.get());
    if (status == JXL_DEC_FRAME) {
      ++frames;
      continue;
    }
    JxlBasicInfo info{};
    const bool animated = status == JXL_DEC_BASIC_INFO &&
                          JxlDecoderGetBasicInfo(decoder.get(), &info) == JXL_DEC_SUCCESS &&
                          info.have_animation == JXL_TRUE;
    if (!animated) break;
  }
  return static_cast<int>(std::max(frames, 1U));
}

VipsPtr decode_jxl_frames(ByteSpan file, const Loading& loading, const VipsPtr& header) {
  const std::optional<JxlDataType> type = sample_type(header);
  if (!type) throw Undecodable("jxl: samples that are not read");
  const JxlPixelFormat format{.num_channels = static_cast<std::uint32_t>(header->Bands),
                              .data_type = *type,
                              .endianness = JXL_NATIVE_ENDIAN,
                              .align = 0};
  VipsPtr image = make_room(header, loading.frames);
  const std::size_t size = VIPS_IMAGE_SIZEOF_LINE(image.get()) * std::size_t(header->Ysize);
  const Decoder decoder = open_decoder(file, JXL_DEC_FULL_IMAGE);
  JxlDecoderSkipFrames(decoder.get(), static_cast<std::size_t>(loading.page));
  for (int done = 0; done < loading.frames;) {
    const JxlDecoderStatus status = JxlDecoderProcessInput(decoder.get());
    if (status == JXL_DEC_FULL_IMAGE) {
      ++done;
      continue;
    }
    std::size_t wanted = 0;
    if (status != JXL_DEC_NEED_IMAGE_OUT_BUFFER ||
        JxlDecoderImageOutBufferSize(decoder.get(), &format, &wanted) != JXL_DEC_SUCCESS ||
        wanted != size ||
        JxlDecoderSetImageOutBuffer(decoder.get(), &format, row_of(image, done * header->Ysize),
                                    size) != JXL_DEC_SUCCESS) {
      throw Undecodable("jxl: no such frame, or a broken one");
    }
  }
  return image;
}

void quieten_jxl() {
  // By either name, as it was built.
  for (const char* name : {"__vfprintf_chk", "vfprintf"}) {
    const std::array replacements = {
        Replacement{.name = name, .function = std::bit_cast<void (*)()>(&say_nothing)}};
    replace_imports("libjxl.so", replacements);
  }
}

}  // namespace imgpeek
