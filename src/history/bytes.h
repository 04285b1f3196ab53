/// Bytes and bits of the stored formats (docs/formats/). Writers append to a string; readers never read
/// outside their input: the first read that would makes the reader `bad()` and every later read gives zeros.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mineward::history {

inline std::uint64_t zigzag(std::int64_t n) {
  return (static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63);
}
inline std::int64_t unzigzag(std::uint64_t z) {
  return static_cast<std::int64_t>(z >> 1) ^ -static_cast<std::int64_t>(z & 1);
}
inline unsigned bits_of(std::uint64_t n) { return static_cast<unsigned>(std::bit_width(n)); }

template <class T>
void put_fixed(std::string& out, T value) {
  static_assert(std::endian::native == std::endian::little, "stored formats are little-endian");
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  out.append(raw, sizeof(T));
}
inline void put_varint(std::string& out, std::uint64_t n) {
  char raw[10];
  std::size_t size = 0;
  for (; n >= 0x80; n >>= 7) raw[size++] = static_cast<char>(n | 0x80);
  raw[size++] = static_cast<char>(n);
  out.append(raw, size);
}
inline void put_zigzag(std::string& out, std::int64_t n) { put_varint(out, zigzag(n)); }
inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}
inline std::size_t varint_size(std::uint64_t n) { return n == 0 ? 1 : (bits_of(n) + 6) / 7; }

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  template <class T>
  T fixed() {
    T value{};
    if (left() < sizeof(T)) {
      fail();
      return value;
    }
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t n = 0;
    for (unsigned shift = 0; at_ != end_; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(*at_++);
      if (shift == 63 && byte > 1) break;
      n |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return n;
    }
    fail();
    return 0;
  }
  std::int64_t zigzag() { return unzigzag(varint()); }
  std::string_view take(std::uint64_t count) {
    if (count > left()) {
      fail();
      return {};
    }
    const std::string_view out(at_, static_cast<std::size_t>(count));
    at_ += count;
    return out;
  }
  std::string_view text() { return take(varint()); }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  bool bad() const { return bad_; }
  void fail() {
    bad_ = true;
    at_ = end_;
  }

 private:
  const char* at_;
  const char* end_;
  bool bad_ = false;
};

/// Fills bytes from the lowest bit. finish() pads to a whole byte.
class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_(out) {}
  void put(std::uint64_t bits, unsigned width) {
    if (width == 0) return;
    if (width > 56) {
      put(bits & 0xffffffff, 32);
      put(bits >> 32, width - 32);
      return;
    }
    buffer_ |= (bits & mask(width)) << used_;
    used_ += width;
    while (used_ >= 8) {
      out_ += static_cast<char>(buffer_);
      buffer_ >>= 8;
      used_ -= 8;
    }
  }
  void finish() {
    if (used_ > 0) out_ += static_cast<char>(buffer_);
    buffer_ = 0;
    used_ = 0;
  }
  static std::uint64_t mask(unsigned width) {
    return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  }

 private:
  std::string& out_;
  std::uint64_t buffer_ = 0;
  unsigned used_ = 0;  // < 8 between calls, so that 56 more fit
};

/// Reads bits from a ByteReader; finish() drops the rest of the last byte.
class BitReader {
 public:
  explicit BitReader(ByteReader& in) : in_(in) {}
  std::uint64_t get(unsigned width) {
    if (width > 56) {
      const std::uint64_t low = get(32);
      return low | get(width - 32) << 32;
    }
    while (have_ < width) {
      buffer_ |= static_cast<std::uint64_t>(in_.fixed<std::uint8_t>()) << have_;
      have_ += 8;
      if (in_.bad()) return 0;
    }
    const std::uint64_t out = buffer_ & BitWriter::mask(width);
    buffer_ >>= width;
    have_ -= width;
    return out;
  }
  void finish() {
    buffer_ = 0;
    have_ = 0;
  }

 private:
  ByteReader& in_;
  std::uint64_t buffer_ = 0;
  unsigned have_ = 0;
};

}  // namespace mineward::history
