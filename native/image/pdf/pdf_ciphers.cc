#include "image/pdf/pdf_ciphers.h"

#include <memory>
#include <new>

extern "C" {
#include <libavutil/aes.h>
#include <libavutil/md5.h>
#include <libavutil/mem.h>
#include <libavutil/rc4.h>
#include <libavutil/sha.h>
#include <libavutil/sha512.h>
}

namespace imgpeek {
namespace {

constexpr std::size_t kBlock = 16;

struct Free {
  void operator()(void* context) const noexcept { av_free(context); }
};

template <typename Context>
std::unique_ptr<Context, Free> own(Context* context) {
  if (context == nullptr) throw std::bad_alloc();
  return std::unique_ptr<Context, Free>(context);
}

ByteVector aes(ByteSpan key, ByteSpan iv, ByteSpan data, bool decrypt) {
  const auto context = own(av_aes_alloc());
  if (av_aes_init(context.get(), key.data(), static_cast<int>(key.size() * 8), decrypt ? 1 : 0) !=
      0) {
    throw Malformed("pdf: bad length of a key");
  }
  const std::size_t blocks = data.size() / kBlock;
  ByteVector out(blocks * kBlock);
  ByteVector state(iv.begin(), iv.end());
  state.resize(kBlock);
  av_aes_crypt(context.get(), out.data(), data.data(), static_cast<int>(blocks), state.data(),
               decrypt ? 1 : 0);
  return out;
}

}  // namespace

ByteVector md5(ByteSpan data) {
  ByteVector digest(16);
  av_md5_sum(digest.data(), data.data(), data.size());
  return digest;
}

ByteVector sha256(ByteSpan data) {
  const auto context = own(av_sha_alloc());
  ByteVector digest(32);
  av_sha_init(context.get(), 256);
  av_sha_update(context.get(), data.data(), data.size());
  av_sha_final(context.get(), digest.data());
  return digest;
}

ByteVector sha512(ByteSpan data, int bits) {
  const auto context = own(av_sha512_alloc());
  ByteVector digest(static_cast<std::size_t>(bits) / 8);
  av_sha512_init(context.get(), bits);
  av_sha512_update(context.get(), data.data(), data.size());
  av_sha512_final(context.get(), digest.data());
  return digest;
}

ByteVector rc4(ByteSpan key, ByteSpan data) {
  const auto context = own(av_rc4_alloc());
  if (av_rc4_init(context.get(), key.data(), static_cast<int>(key.size() * 8), 1) != 0) {
    throw Malformed("pdf: bad length of a key");
  }
  ByteVector out(data.size());
  av_rc4_crypt(context.get(), out.data(), data.data(), static_cast<int>(data.size()), nullptr, 1);
  return out;
}

ByteVector aes_decrypt(ByteSpan key, ByteSpan iv, ByteSpan data) {
  return aes(key, iv, data, true);
}

ByteVector aes_encrypt(ByteSpan key, ByteSpan iv, ByteSpan data) {
  return aes(key, iv, data, false);
}

}  // namespace imgpeek
