#include "image/pdf/pdf_encryption.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "image/pdf/pdf_ciphers.h"
#include "image/pdf/pdf_syntax.h"

namespace imgpeek {
namespace {

// 7.6.4.3.2: what an empty password is padded with.
constexpr std::array<std::uint8_t, 32> kPadding = {
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A};
constexpr std::array<std::uint8_t, 4> kSalt = {'s', 'A', 'l', 'T'};
constexpr std::array<std::uint8_t, 16> kZeroIv = {};
constexpr std::size_t kBlock = 16;

constexpr std::uint64_t kFirstVersion = 1;       // RC4, 40 bits
constexpr std::uint64_t kCryptFilters = 4;       // V: crypt filters name the cipher
constexpr std::uint64_t kAes256 = 5;             // V: one key of 256 bits for all
constexpr std::uint64_t kFirstHashedAgain = 3;   // R
constexpr std::uint64_t kFirstWithMetadata = 4;  // R: EncryptMetadata counts
constexpr std::uint64_t kFirstHardened = 6;      // R
constexpr int kHashedAgain = 50;
constexpr std::size_t kMaxKey = 16;
constexpr std::size_t kDefaultKey = 5;

void append(ByteVector& out, ByteSpan data) { out.insert(out.end(), data.begin(), data.end()); }

ByteSpan as_bytes(const std::string& text, ByteVector& storage) {
  storage.assign(text.begin(), text.end());
  return storage;
}

ByteVector string_at(std::string_view dictionary, std::string_view key) {
  ByteVector bytes;
  as_bytes(decode_pdf_string(find_pdf_entry(dictionary, key).value_or("")), bytes);
  return bytes;
}

std::uint64_t count_at(std::string_view dictionary, std::string_view key, std::uint64_t otherwise) {
  const auto value = find_pdf_entry(dictionary, key);
  return value ? to_pdf_count(*value).value_or(otherwise) : otherwise;
}

// P is a signed number of 32 bits; some writers put it as an unsigned one.
std::array<std::uint8_t, 4> permissions(std::string_view dictionary) {
  const std::string_view text = find_pdf_entry(dictionary, "P").value_or("0");
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  const auto bits = static_cast<std::uint32_t>(value);
  return {static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(bits >> 8U),
          static_cast<std::uint8_t>(bits >> 16U), static_cast<std::uint8_t>(bits >> 24U)};
}

// 7.6.4.3.2, algorithm 2, for the empty password.
ByteVector key_of(std::string_view dictionary, ByteSpan id, std::size_t length,
                  std::uint64_t revision, bool encrypts_metadata) {
  ByteVector hashed(kPadding.begin(), kPadding.end());
  append(hashed, string_at(dictionary, "O"));
  append(hashed, permissions(dictionary));
  append(hashed, id);
  if (revision >= kFirstWithMetadata && !encrypts_metadata) hashed.insert(hashed.end(), 4, 0xFF);
  ByteVector key = md5(hashed);
  key.resize(length);
  if (revision >= kFirstHashedAgain) {
    for (int i = 0; i < kHashedAgain; ++i) {
      key = md5(key);
      key.resize(length);
    }
  }
  return key;
}

// 7.6.4.3.4, algorithm 2.B, for the empty password without an owner's. It ends by 64 + 32 + 255
// rounds at the latest.
ByteVector hardened_hash(ByteSpan salt) {
  ByteVector key = sha256(salt);
  for (int round = 0;; ++round) {
    ByteVector repeated;
    for (int i = 0; i < 64; ++i) append(repeated, key);
    const ByteVector encrypted =
        aes_encrypt(ByteSpan(key).first(kBlock), ByteSpan(key).subspan(kBlock, kBlock), repeated);
    // The first 16 bytes as a number modulo 3: as 256 is 1 modulo 3, so is their sum.
    unsigned sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i) sum += encrypted[i];
    if (sum % 3 == 0) {
      key = sha256(encrypted);
    } else {
      key = sha512(encrypted, sum % 3 == 1 ? 384 : 512);
    }
    if (round >= 63 && encrypted.back() <= round - 31) break;
  }
  key.resize(32);
  return key;
}

// 7.6.4.3.3, algorithm 2.A, for the empty password.
ByteVector key_of_256(std::string_view dictionary, std::uint64_t revision) {
  constexpr std::size_t kKeySalt = 40;  // of U: a hash of 32 bytes and two salts of 8
  const ByteVector user = string_at(dictionary, "U");
  const ByteSpan salt = slice(user, kKeySalt, 8);
  const ByteVector between = revision >= kFirstHardened ? hardened_hash(salt) : sha256(salt);
  const ByteVector encrypted = string_at(dictionary, "UE");
  return aes_decrypt(between, kZeroIv, slice(encrypted, 0, 32));
}

}  // namespace

PdfEncryption::PdfEncryption(std::string_view dictionary, std::string_view id) {
  const std::uint64_t version = count_at(dictionary, "V", 0);
  const std::uint64_t revision = count_at(dictionary, "R", 0);
  if (!is_pdf_name(find_pdf_entry(dictionary, "Filter").value_or(""), "Standard") ||
      version < kFirstVersion || version > kAes256) {
    throw Malformed("pdf: unknown encryption");
  }
  encrypts_metadata_ = find_pdf_entry(dictionary, "EncryptMetadata").value_or("true") != "false";
  std::size_t length =
      version == kFirstVersion ? kDefaultKey : count_at(dictionary, "Length", kDefaultKey * 8) / 8;
  if (version >= kCryptFilters) {
    // 7.6.6: StmF names one of the filters in CF.
    const std::string_view name = find_pdf_entry(dictionary, "StmF").value_or("/Identity");
    const std::string_view filters = find_pdf_entry(dictionary, "CF").value_or("");
    const std::string_view filter = find_pdf_entry(filters, name.substr(1)).value_or("");
    const std::string_view method = find_pdf_entry(filter, "CFM").value_or("/None");
    length = kMaxKey;
    cipher_ = Cipher::kNone;
    if (is_pdf_name(method, "V2")) cipher_ = Cipher::kRc4;
    if (is_pdf_name(method, "AESV2") || is_pdf_name(method, "AESV3")) cipher_ = Cipher::kAes;
  }
  if (version == kAes256) {
    key_per_object_ = false;
    key_ = key_of_256(dictionary, revision);
    return;
  }
  if (length < kDefaultKey || length > kMaxKey) throw Malformed("pdf: unknown encryption");
  ByteVector first;
  key_ = key_of(dictionary, as_bytes(decode_pdf_string(id), first), length, revision,
                encrypts_metadata_);
}

std::vector<std::uint8_t> PdfEncryption::decrypt(ByteSpan data, std::uint32_t number,
                                                 std::uint32_t generation) const {
  if (cipher_ == Cipher::kNone) return {data.begin(), data.end()};
  ByteVector key = key_;
  if (key_per_object_) {
    // 7.6.3.2, algorithm 1.
    for (const unsigned shift : {0U, 8U, 16U}) {
      key.push_back(static_cast<std::uint8_t>(number >> shift));
    }
    for (const unsigned shift : {0U, 8U}) {
      key.push_back(static_cast<std::uint8_t>(generation >> shift));
    }
    if (cipher_ == Cipher::kAes) append(key, kSalt);
    const std::size_t length = std::min(key_.size() + 5, kMaxKey);
    key = md5(key);
    key.resize(length);
  }
  if (cipher_ == Cipher::kRc4) return rc4(key, data);
  if (data.size() < kBlock) return {};
  ByteVector plain = aes_decrypt(key, data.first(kBlock), data.subspan(kBlock));
  if (!plain.empty() && plain.back() <= kBlock) plain.resize(plain.size() - plain.back());
  return plain;
}

}  // namespace imgpeek
