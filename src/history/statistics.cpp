#include "history/statistics.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "history/block_files.h"
#include "history/columns.h"

namespace mineward::history {
namespace {

constexpr const char* kStatisticsSchema =
    "CREATE TABLE IF NOT EXISTS stat(point INTEGER NOT NULL, day INTEGER NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY(point, day)) STRICT, WITHOUT ROWID;";
constexpr std::string_view kSelect =
    "SELECT day, body FROM stat WHERE point = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day";
constexpr std::string_view kSelectAll = "SELECT day, body, point FROM stat";
constexpr std::string_view kPut =
    "INSERT INTO stat(point, day, body) VALUES (?1, ?2, ?3) ON CONFLICT(point, day) DO UPDATE SET body = "
    "excluded.body";
constexpr std::uint8_t kStatisticsVersion = 1;
constexpr std::string_view kStatisticsSuffix = ".sqlite";

std::string month_name(std::int64_t day) { return day_name(day).substr(0, 7); }

std::vector<Slot> better_of(std::span<const Slot> old, std::span<const Slot> fresh) {
  std::map<std::uint32_t, Slot> by_index;
  for (const auto& part : {old, fresh}) {
    for (const Slot& slot : part) {
      const auto [it, added] = by_index.emplace(slot.index, slot);
      if (!added && slot.samples >= it->second.samples) it->second = slot;
    }
  }
  std::vector<Slot> out;
  for (const auto& [index, slot] : by_index) out.push_back(slot);
  return out;
}

// Rounded to 10^-6 when the values are decimals, so that 0.1 + 0.2 is kept as 0.3 in two bytes instead of
// eight.
double tidy(double sum) {
  const double rounded = std::nearbyint(sum * 1e6) / 1e6;
  return std::abs(rounded - sum) <= 1e-9 ? rounded : sum;
}

}  // namespace

std::vector<Slot> slots_of(std::int64_t day, std::span<const Sample> samples) {
  std::vector<Slot> out;
  for (const Sample& s : samples) {
    const auto index = static_cast<std::uint32_t>((s.at.utc_ms - day * kDayMs) / kSlotMs);
    if (out.empty() || out.back().index != index) out.push_back({.index = index});
    Slot& slot = out.back();
    ++slot.samples;
    slot.states |= s.state;
    if (!s.value) continue;
    slot.min = slot.count == 0 ? *s.value : std::min(slot.min, *s.value);
    slot.max = slot.count == 0 ? *s.value : std::max(slot.max, *s.value);
    slot.last = *s.value;
    slot.sum += *s.value;
    ++slot.count;
  }
  for (Slot& slot : out) slot.sum = tidy(slot.sum);
  return out;
}

std::string encode_statistics(PointKey point, std::int64_t day, std::span<const Slot> slots) {
  std::string out;
  out += static_cast<char>(kStatisticsVersion);
  put_fixed(out, std::uint32_t{0});
  put_varint(out, point);
  put_zigzag(out, day);
  put_varint(out, slots.size());
  BitWriter bits(out);
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < kSlotsPerDay; ++i) {
    const bool there = next < slots.size() && slots[next].index == i;
    bits.put(there ? 1 : 0, 1);
    if (there) ++next;
  }
  bits.finish();
  std::vector<std::uint16_t> states;
  for (const Slot& s : slots) put_varint(out, s.samples);
  for (const Slot& s : slots) put_varint(out, s.count);
  for (const Slot& s : slots) states.push_back(s.states);
  put_states(out, states);
  for (double Slot::*part : {&Slot::min, &Slot::max, &Slot::last, &Slot::sum}) {
    std::vector<double> values;
    for (const Slot& s : slots) {
      if (s.count > 0) values.push_back(s.*part);
    }
    put_values(out, values);
  }
  const std::uint32_t crc =
      crc32c(std::string_view(out).substr(5), crc32c(std::string_view(out).substr(0, 1)));
  std::memcpy(out.data() + 1, &crc, sizeof crc);
  return out;
}

Result<std::vector<Slot>> decode_statistics(std::string_view bytes, PointKey point, std::int64_t day) {
  ByteReader in(bytes);
  const auto version = in.fixed<std::uint8_t>();
  if (in.bad() || version != kStatisticsVersion)
    return corrupt(fmt::format("statistics version {}, this program knows 1", version));
  const auto want = in.fixed<std::uint32_t>();
  if (in.bad() || want != crc32c(bytes.substr(5), crc32c(bytes.substr(0, 1))))
    return corrupt("statistics sum is wrong");
  const std::uint64_t found_point = in.varint();
  const std::int64_t found_day = in.zigzag();
  if (found_point != point || found_day != day) {
    return corrupt(fmt::format("statistics say point {} day {}, their row says point {} day {}", found_point,
                               found_day, point, day));
  }
  std::vector<Slot> slots;
  const std::uint64_t count = in.varint();
  BitReader bits(in);
  for (std::uint32_t i = 0; i < kSlotsPerDay; ++i) {
    if (bits.get(1) != 0) slots.push_back({.index = i});
  }
  if (slots.size() != count) in.fail();
  std::size_t valued = 0;
  const auto number = [&in](std::uint64_t least, std::uint64_t most) {
    const std::uint64_t n = in.varint();
    if (n < least || n > most) in.fail();
    return static_cast<std::uint32_t>(n);
  };
  for (Slot& s : slots) s.samples = number(1, 0xffffffff);
  for (Slot& s : slots) {
    s.count = number(0, s.samples);
    valued += s.count > 0 ? 1 : 0;
  }
  std::vector<std::uint16_t> states;
  get_states(in, slots.size(), states);
  for (std::size_t i = 0; i < slots.size() && !in.bad(); ++i) slots[i].states = states[i];
  for (double Slot::*part : {&Slot::min, &Slot::max, &Slot::last, &Slot::sum}) {
    std::vector<double> values;
    get_values(in, valued, values);
    if (in.bad()) break;
    std::size_t next = 0;
    for (Slot& s : slots) {
      if (s.count > 0) s.*part = values[next++];
    }
  }
  if (in.bad() || in.left() != 0) return corrupt("statistics have a right sum but wrong columns");
  return slots;
}

Result<std::unique_ptr<Statistics>> Statistics::open(Files& files, std::string folder) {
  std::unique_ptr<Statistics> out(new Statistics(files, std::move(folder)));
  MW_TRY(files.make_folders(out->folder_));
  MW_ASSIGN(const auto entries, files.list(out->folder_));
  for (const FileStat& file : entries) {
    if (file.name.size() == 7 + kStatisticsSuffix.size() && file.name.ends_with(kStatisticsSuffix))
      out->months_.insert(file.name.substr(0, 7));
  }
  return out;
}

std::vector<std::string> Statistics::months() const {
  const std::lock_guard lock(months_mutex_);
  return {months_.begin(), months_.end()};
}

Status Statistics::store(std::int64_t day, std::span<const PointDay> points) {
  const std::string month = month_name(day);
  MW_ASSIGN(Database db, Database::open(path_of(month), kStatisticsSchema));
  MW_ASSIGN(Statement select, db.prepare(kSelect));
  MW_ASSIGN(Statement put, db.prepare(kPut));
  MW_TRY(db.transaction([&]() -> Status {
    for (const PointDay& p : points) {
      std::vector<Slot> slots = p.slots;
      select.bind(1, p.point).bind(2, day).bind(3, day);
      MW_ASSIGN(const bool there, select.step());
      if (there) {
        auto old = decode_statistics(select.blob(1), p.point, day);
        select.reset();
        if (old) slots = better_of(*old, p.slots);
      }
      const std::string body = encode_statistics(p.point, day, slots);
      MW_TRY(put.bind(1, p.point).bind(2, day).bind_blob(3, body).run());
    }
    return {};
  }));
  MW_TRY(files_.sync_folder(folder_));
  const std::lock_guard lock(months_mutex_);
  months_.insert(month);
  return {};
}

Status Statistics::read(PointKey point, std::int64_t from_day, std::int64_t to_day, const Each& each) const {
  for (const std::string& month : months()) {
    if (month < month_name(from_day) || month > month_name(to_day)) continue;
    MW_ASSIGN(Database db, Database::open(path_of(month), ""));
    MW_ASSIGN(Statement select, db.prepare(kSelect));
    select.bind(1, point).bind(2, from_day).bind(3, to_day);
    for (;;) {
      MW_ASSIGN(const bool row, select.step());
      if (!row) break;
      auto slots = decode_statistics(select.blob(1), point, select.integer(0));
      if (!slots) {
        return std::move(slots).error().in(
            fmt::format("point {}, day {} < {}", point, day_name(select.integer(0)), path_of(month)));
      }
      MW_TRY(each(select.integer(0), *slots));
    }
  }
  return {};
}

Status Statistics::drop_before(std::int64_t day) {
  for (const std::string& month : months()) {
    if (month >= month_name(day)) break;
    {
      const std::lock_guard lock(months_mutex_);
      months_.erase(month);
    }
    for (const char* extra : {"-wal", "-shm", ""}) {
      if (files_.exists(path_of(month) + extra)) MW_TRY(files_.remove(path_of(month) + extra));
    }
    MW_TRY(files_.sync_folder(folder_));
  }
  return {};
}

Status Statistics::verify() const {
  for (const std::string& month : months()) {
    MW_ASSIGN(Database db, Database::open(path_of(month), ""));
    MW_ASSIGN(Statement all, db.prepare(kSelectAll));
    for (;;) {
      MW_ASSIGN(const bool row, all.step());
      if (!row) break;
      const auto point = static_cast<PointKey>(all.integer(2));
      if (auto slots = decode_statistics(all.blob(1), point, all.integer(0)); !slots) {
        return std::move(slots).error().in(
            fmt::format("point {}, day {} < {}", point, day_name(all.integer(0)), path_of(month)));
      }
    }
  }
  return {};
}

Status Statistics::copy_to(const std::string& folder) const {
  MW_TRY(files_.make_folders(folder));
  for (const std::string& month : months()) {
    MW_ASSIGN(Database db, Database::open(path_of(month), ""));
    MW_TRY(db.copy_to(files_, folder + "/" + month + std::string(kStatisticsSuffix)));
  }
  return {};
}

}  // namespace mineward::history
