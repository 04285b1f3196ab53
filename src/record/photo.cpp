#include "record/photo.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <zlib.h>

namespace mineward::record {
namespace {

using namespace std::string_view_literals;

Error no_picture() {
  return bad_input(
      "这个文件不是照片，请选择 JPEG、PNG 或 WebP 图片 / this file is no photo: JPEG, PNG or WebP expected");
}
/// What an iPhone takes unless it is told otherwise (ISO/IEC 23008-12).
bool is_heic(std::string_view bytes) {
  constexpr std::array kBrands = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv,
                                  "hevx"sv, "heif"sv, "mif1"sv, "msf1"sv};
  return bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp"sv &&
         std::find(kBrands.begin(), kBrands.end(), bytes.substr(8, 4)) != kBrands.end();
}
Error heic() {
  return bad_input(
      "这是 iPhone 的 HEIC 照片，打不开：请在 iPhone“设置→相机→格式”中选“兼容性最佳”后重拍，或改传截屏 / "
      "this is an "
      "HEIC photo of an iPhone: choose Settings > Camera > Formats > Most Compatible and take it again, or "
      "send "
      "a screenshot of it");
}
Error damaged() {
  return bad_input("照片不完整或已损坏，请重新拍摄或选择 / the photo is cut off or damaged: choose it again");
}

std::uint32_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }
std::uint32_t big(std::string_view bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | byte_at(bytes, at + static_cast<std::size_t>(i));
  return value;
}
std::uint32_t little(std::string_view bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = count; i-- > 0;) value = value << 8 | byte_at(bytes, at + static_cast<std::size_t>(i));
  return value;
}

// ---- JPEG

/// Which side is up (1 to 8), from the TIFF block of an EXIF segment.
std::optional<std::uint32_t> orientation_of(std::string_view tiff) {
  constexpr std::uint32_t kOrientation = 0x0112, kShort = 3;
  if (tiff.size() < 8) return std::nullopt;
  const bool is_big = tiff.starts_with("MM");
  if (!is_big && !tiff.starts_with("II")) return std::nullopt;
  const auto number = [&](std::size_t at, int count) {
    return is_big ? big(tiff, at, count) : little(tiff, at, count);
  };
  const std::size_t directory = number(4, 4);
  if (directory > tiff.size() - 2) return std::nullopt;
  const std::size_t entries = number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = directory + 2 + 12 * i;
    if (at + 12 > tiff.size()) return std::nullopt;
    if (number(at, 2) != kOrientation || number(at + 2, 2) != kShort) continue;
    const std::uint32_t value = number(at + 8, 2);
    if (value >= 1 && value <= 8) return value;
  }
  return std::nullopt;
}

/// An EXIF segment that says which side is up and nothing else.
std::string orientation_segment(std::uint32_t side) {
  std::string out(
      "\xFF\xE1\x00\x22"
      "Exif\0\0"
      "MM\0\x2A\0\0\0\x08"
      "\0\x01"
      "\x01\x12\0\x03\0\0\0\x01"sv);
  out += '\0';
  out += static_cast<char>(side);
  return out + std::string(6, '\0');  // the rest of the value, and no further directory
}

/// Whether a decoder needs the segment: frames, tables, scans, restart intervals; JFIF and Adobe say how the
/// colours are meant.
bool needed(std::uint32_t marker, std::string_view content) {
  if (marker == 0xE0) return content.starts_with("JFIF\0"sv);
  if (marker == 0xEE) return content.starts_with("Adobe"sv);
  return marker < 0xE0 || marker > 0xFE;
}

/// Behind the coded data of a scan: where the next marker begins, that is no filler and no restart.
std::size_t end_of_scan(std::string_view bytes, std::size_t at) {
  while (at + 1 < bytes.size()) {
    const std::uint32_t next = byte_at(bytes, at + 1);
    if (byte_at(bytes, at) == 0xFF && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
    ++at;
  }
  return bytes.size();
}

/// A JFIF preview is a small picture of its own: the header stays, the preview goes.
std::string jfif_header(std::string_view content) {
  constexpr std::size_t kHeader = 14;  // up to the size of the preview
  std::string out("\xFF\xE0\x00\x10"sv);
  out += content.substr(0, kHeader - 2);
  return out + std::string(2, '\0');
}

Result<std::string> bare_jpeg(std::string_view bytes) {
  std::string out(bytes.substr(0, 2));
  bool frame = false, scan = false;
  std::size_t at = 2;
  while (at + 4 <= bytes.size()) {
    if (byte_at(bytes, at) != 0xFF) return damaged();
    const std::uint32_t marker = byte_at(bytes, at + 1);
    if (marker == 0xFF) {  // filler
      ++at;
      continue;
    }
    if (marker == 0xD9 || marker < 0xC0) break;
    if (marker >= 0xD0 && marker <= 0xD8)
      return damaged();  // a restart outside a scan, a picture in the picture
    const std::size_t length = big(bytes, at + 2, 2), end = at + 2 + length;
    if (length < 2 || end > bytes.size()) return damaged();
    const std::string_view content = bytes.substr(at + 4, length - 2);
    if (marker == 0xE1 && content.starts_with("Exif\0\0"sv)) {
      if (const auto side = orientation_of(content.substr(6)); side && !scan)
        out += orientation_segment(*side);
    } else if (marker == 0xE0 && content.starts_with("JFIF\0"sv) && content.size() >= 14) {
      out += jfif_header(content);
    } else if (marker != 0xE0 && needed(marker, content)) {
      out += bytes.substr(at, 2 + length);
    }
    frame = frame || (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC);
    at = end;
    if (marker != 0xDA) continue;
    scan = true;
    const std::size_t next = end_of_scan(bytes, at);
    out += bytes.substr(at, next - at);
    at = next;
  }
  const bool ended = at + 2 <= bytes.size() && byte_at(bytes, at) == 0xFF && byte_at(bytes, at + 1) == 0xD9;
  if (!frame || !scan || !ended) return damaged();
  return out + "\xFF\xD9";
}

// ---- PNG

Result<std::string> bare_png(std::string_view bytes) {
  static constexpr std::array kKept = {"IHDR"sv, "PLTE"sv, "IDAT"sv, "IEND"sv, "tRNS"sv,
                                       "gAMA"sv, "sRGB"sv, "cHRM"sv, "sBIT"sv, "bKGD"sv};
  std::string out(bytes.substr(0, 8));
  bool picture = false;
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    const std::size_t length = big(bytes, at, 4);
    if (length > bytes.size() - at - 12) return damaged();
    const std::string_view chunk = bytes.substr(at, length + 12), name = chunk.substr(4, 4);
    const auto sum =
        ::crc32(0, reinterpret_cast<const Bytef*>(chunk.data()) + 4, static_cast<uInt>(length + 4));
    if (big(chunk, length + 8, 4) != sum) return damaged();
    if (std::find(kKept.begin(), kKept.end(), name) != kKept.end()) out += chunk;
    picture = picture || name == "IDAT";
    if (name == "IEND") return picture ? Result<std::string>(out) : damaged();
    at += chunk.size();
  }
  return damaged();
}

// ---- WebP

Result<std::string> bare_webp(std::string_view bytes) {
  static constexpr std::array kKept = {"VP8 "sv, "VP8L"sv, "VP8X"sv, "ALPH"sv, "ANIM"sv, "ANMF"sv};
  constexpr char kAboutParts = 0x20 | 0x08 | 0x04;  // of VP8X: there is a colour profile, EXIF, XMP
  const std::size_t end = 8 + static_cast<std::size_t>(little(bytes, 4, 4));
  if (end > bytes.size()) return damaged();
  std::string body = "WEBP";
  bool picture = false;
  for (std::size_t at = 12; at + 8 <= end;) {
    const std::size_t length = little(bytes, at + 4, 4), padded = length + length % 2;
    if (padded > end - at - 8) return damaged();
    const std::string_view name = bytes.substr(at, 4);
    if (std::find(kKept.begin(), kKept.end(), name) != kKept.end()) {
      const std::size_t flags = body.size() + 8;
      body += bytes.substr(at, 8 + padded);
      if (name == "VP8X" && length > 0) body[flags] = static_cast<char>(body[flags] & ~kAboutParts);
      picture = picture || name != "VP8X";
    }
    at += 8 + padded;
  }
  if (!picture) return damaged();
  std::string out = "RIFF";
  for (int i = 0; i < 4; ++i) out += static_cast<char>(body.size() >> (8 * i) & 0xFF);
  return out + body;
}

}  // namespace

Result<Photo> bare_photo(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) {
    MW_ASSIGN(std::string bare, bare_jpeg(bytes));
    return Photo{"image/jpeg", std::move(bare)};
  }
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) {
    MW_ASSIGN(std::string bare, bare_png(bytes));
    return Photo{"image/png", std::move(bare)};
  }
  if (bytes.size() > 12 && bytes.starts_with("RIFF"sv) && bytes.substr(8, 4) == "WEBP"sv) {
    MW_ASSIGN(std::string bare, bare_webp(bytes));
    return Photo{"image/webp", std::move(bare)};
  }
  return is_heic(bytes) ? heic() : no_picture();
}

}  // namespace mineward::record
