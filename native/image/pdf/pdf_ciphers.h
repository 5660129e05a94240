// The digests and ciphers that PDF's encryption is made of, by libavutil.
#pragma once

#include <cstdint>
#include <vector>

#include "bytes.h"

namespace imgpeek {

using ByteVector = std::vector<std::uint8_t>;

ByteVector md5(ByteSpan data);
ByteVector sha256(ByteSpan data);
// `bits` is 384 or 512.
ByteVector sha512(ByteSpan data, int bits);

ByteVector rc4(ByteSpan key, ByteSpan data);

// CBC over whole blocks, no padding taken or added. The key has 16 or 32 bytes, `iv` has 16; what
// is behind the last whole block is dropped.
ByteVector aes_decrypt(ByteSpan key, ByteSpan iv, ByteSpan data);
ByteVector aes_encrypt(ByteSpan key, ByteSpan iv, ByteSpan data);

}  // namespace imgpeek
