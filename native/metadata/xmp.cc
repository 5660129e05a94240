#include "metadata/xmp.h"

#include <algorithm>
#include <cstddef>
#include <pugixml.hpp>

#include "metadata/xmp_rdf.h"

namespace imgpeek {
namespace {

// The longest packet that is read, in bytes.
constexpr std::size_t kMaxPacket = 16 << 20;

// Elements and attributes that are taken from a packet: the tree takes about 64 bytes for each.
constexpr std::size_t kMaxNodes = 300'000;

// Character references and the five entities of XML; no document type, and so no other entities.
constexpr unsigned kParseOptions =
    pugi::parse_minimal | pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol;

// `packet` up to where it would make more nodes than are taken. What is cut off is read as damaged.
ByteSpan bounded(ByteSpan packet) {
  // A node takes a byte at the least, and most packets are short.
  if (packet.size() <= kMaxNodes) return packet;
  packet = packet.first(std::min(packet.size(), kMaxPacket));
  std::size_t nodes = 0;
  const auto past = std::ranges::find_if(packet, [&nodes](std::uint8_t byte) {
    return (byte == '<' || byte == '=') && ++nodes > kMaxNodes;
  });
  return packet.first(static_cast<std::size_t>(past - packet.begin()));
}

}  // namespace

Object read_xmp(const std::vector<ByteSpan>& packets) {
  Object xmp;
  for (const ByteSpan packet : packets) {
    const ByteSpan text = bounded(packet);
    pugi::xml_document document;
    // The result does not matter: after a damage the tree holds what stood before it.
    document.load_buffer(text.data(), text.size(), kParseOptions, pugi::encoding_auto);
    read_rdf(document, xmp);
  }
  return xmp;
}

}  // namespace imgpeek
