#include "history/batch_codec.h"

#include "history/columns.h"

namespace mineward::history {
namespace {

struct RowColumns {
  std::vector<std::uint8_t> nulls;
  std::vector<std::uint16_t> states;
  std::vector<double> values;
};

/// Differences of times wrap round, as their sums do when they are read: any two instants have one.
std::int64_t step(std::int64_t from, std::int64_t to) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
}

void put_rows(std::string& out, const Batch& batch) {
  thread_local RowColumns c;
  c.nulls.clear();
  c.states.clear();
  c.values.clear();
  std::int64_t point = 0;
  for (const Row& row : batch.rows) {
    put_zigzag(out, static_cast<std::int64_t>(row.point) - point);
    point = row.point;
  }
  std::int64_t time = batch.header_time.utc_ms;
  for (const Row& row : batch.rows) {
    put_zigzag(out, step(time, row.sample.at.utc_ms));
    time = row.sample.at.utc_ms;
    c.nulls.push_back(row.sample.value ? 0 : 1);
    c.states.push_back(row.sample.state);
    if (row.sample.value) c.values.push_back(*row.sample.value);
  }
  put_nulls(out, c.nulls);
  put_states(out, c.states);
  put_values(out, c.values);
}

void get_rows(ByteReader& in, std::size_t count, Batch& batch) {
  batch.rows.resize(count);
  std::uint64_t point = 0;
  for (Row& row : batch.rows) {
    point += static_cast<std::uint64_t>(in.zigzag());
    if (point > kMaxPointKey) in.fail();
    row.point = static_cast<PointKey>(point);
  }
  auto time = static_cast<std::uint64_t>(batch.header_time.utc_ms);
  for (Row& row : batch.rows) {
    time += static_cast<std::uint64_t>(in.zigzag());
    row.sample.at.utc_ms = static_cast<std::int64_t>(time);
  }
  thread_local RowColumns c;
  c.values.clear();
  const std::size_t valued = get_nulls(in, count, c.nulls);
  get_states(in, count, c.states);
  get_values(in, valued, c.values);
  if (in.bad()) return;
  std::size_t v = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Sample& s = batch.rows[i].sample;
    s.state = c.states[i];
    if (c.nulls[i] == 0) s.value = c.values[v++];
  }
}

}  // namespace

void put_batch(std::string& out, const Batch& batch) {
  put_text(out, batch.mine);
  put_text(out, batch.file_name);
  put_text(out, batch.sha256);
  put_text(out, batch.file_type);
  put_zigzag(out, batch.arrived.utc_ms);
  put_zigzag(out, batch.header_time.utc_ms);
  put_text(out, batch.document);
  put_varint(out, batch.rows.size());
  if (!batch.rows.empty()) put_rows(out, batch);
}

Result<Batch> get_batch(std::string_view body) {
  ByteReader in(body);
  Batch batch;
  batch.mine = in.text();
  batch.file_name = in.text();
  batch.sha256 = in.text();
  batch.file_type = in.text();
  batch.arrived.utc_ms = in.zigzag();
  batch.header_time.utc_ms = in.zigzag();
  batch.document = in.text();
  const std::uint64_t rows = in.varint();
  if (in.bad() || rows > in.left())
    return corrupt("batch entry ends inside its head");  // a row takes 2 bytes or more
  if (rows > 0) get_rows(in, static_cast<std::size_t>(rows), batch);
  if (in.bad() || in.left() != 0) return corrupt("batch entry has wrong columns");
  return batch;
}

void put_names(std::string& out, std::span<const PointName> names) {
  put_varint(out, names.size());
  for (const PointName& name : names) {
    put_varint(out, name.key);
    put_text(out, name.mine);
    put_text(out, name.code);
  }
}

Result<std::vector<PointName>> get_names(std::string_view body) {
  ByteReader in(body);
  std::vector<PointName> names;
  for (std::uint64_t left = in.varint(); left > 0 && !in.bad(); --left) {
    const std::uint64_t key = in.varint();
    if (key == 0 || key > kMaxPointKey) in.fail();
    std::string mine(in.text());
    names.push_back({static_cast<PointKey>(key), std::move(mine), std::string(in.text())});
  }
  if (in.bad() || in.left() != 0) return corrupt("names entry has wrong columns");
  return names;
}

}  // namespace mineward::history
