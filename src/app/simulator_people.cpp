#include "app/simulator_people.h"

#include <fmt/format.h>

#include <array>

#include "app/simulator_mine.h"

namespace mineward::app {
namespace {

constexpr std::array kSurnames = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴",
                                  "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗"};
constexpr std::array kGivenNames = {"建国", "志强", "卫东", "海涛", "永刚", "小军", "文斌", "立新",
                                    "长河", "大勇", "春生", "庆丰", "德明", "玉林", "国栋", "俊峰",
                                    "宏伟", "忠诚", "天佑", "守业", "新民", "振华", "光明", "成林"};

constexpr Millis kShift = 8h;

/// How a shift of thirty is made up.
struct Post {
  int count;
  std::size_t area;
  const char* work_type;
  const char* post;
  const char* team;
  bool leader, special;
};
constexpr Post kPosts[] = {
    {1, kFaceArea, "管理", "带班矿领导", "矿领导", true, false},
    {1, kFaceArea, "瓦斯检查工", "班组长", "通风队", false, true},
    {12, kFaceArea, "采煤工", "工人", "综采队", false, false},
    {1, kHeadingArea, "瓦斯检查工", "工人", "通风队", false, true},
    {7, kHeadingArea, "掘进工", "工人", "掘进队", false, false},
    {2, kHaulage, "井下电气作业", "工人", "机电队", false, true},
    {6, kHaulage, "带式输送机司机", "工人", "运输队", false, false},
};

std::string person_name(std::uint64_t seed, std::size_t i) {
  const auto pick = [&](std::uint64_t what, std::size_t n) {
    return static_cast<std::size_t>(hash_unit(seed, i, what) * static_cast<double>(n));
  };
  return fmt::format("{}{}（模拟）", kSurnames[pick(1, kSurnames.size())],
                     kGivenNames[pick(2, kGivenNames.size())]);
}

std::uint64_t person_seed(const SimCrew& crew, const SimPerson& p) { return crew.seed ^ hash_text(p.card); }

Millis between(double unit, Millis from, Millis to) {
  const auto span = static_cast<double>((to - from).count());
  return from + Millis(static_cast<std::int64_t>(unit * span) / 1000 * 1000);
}

struct Phase {
  std::size_t area;
  EventTime since;
};

/// On the way in, at work, on the way out.
Phase phase_of(const SimPerson& p, const SimStay& stay, EventTime at) {
  const Phase steps[] = {{kBottom, stay.entered},
                         {kHaulage, stay.entered + 5min},
                         {p.work_area, stay.entered + 15min},
                         {kHaulage, stay.left - 15min},
                         {kBottom, stay.left - 5min}};
  Phase now = steps[0];
  for (const Phase& s : steps) {
    if (at >= s.since) now = s.area == now.area ? now : s;
  }
  return now;
}

const std::string& reader_of(const SimCrew& crew, const SimPosition& p) {
  const auto& readers = crew.areas[p.area].readers;
  return readers[hash_text(p.person->card) % readers.size()];
}

std::string time_text(std::optional<EventTime> t) { return t ? format_beijing(t->utc_ms) : std::string(); }

UploadFile file_of(const SimCrew& crew, const char* type, EventTime at, const std::string& header,
                   const std::vector<std::string>& records) {
  return {{at.utc_ms}, upload_name(crew.mine.code, type, at), upload_text(header, records)};
}

}  // namespace

SimCrew make_sim_crew(const MineName& mine, std::uint64_t seed, std::span<const StaffRow> staff) {
  SimCrew crew;
  crew.mine = mine;
  crew.seed = hash_text(mine.code) ^ (seed * 0x9E3779B97F4A7C15ull);
  const struct {
    const char* kind;
    const char* name;
    int quota;
  } areas[] = {{"井口区域", "副井口", 60},     {"其它区域", "井底车场", 80},
               {"其它区域", "运输大巷", 80},   {"重点区域", kFaceName, 25},
               {"重点区域", kHeadingName, 18}, {"限制区域", "1100采空区密闭", 0}};
  for (std::size_t i = 0; i < std::size(areas); ++i) {
    SimArea a{fmt::format("{}{:04}", mine.code, i + 1), areas[i].kind, areas[i].name, areas[i].quota, {}};
    for (int r = 1; r <= 2; ++r) a.readers.push_back(fmt::format("{}{:06}", a.code, r));
    crew.areas.push_back(std::move(a));
  }
  for (int shift = 0; shift < 3; ++shift) {
    for (const Post& post : kPosts) {
      for (int i = 0; i < post.count; ++i) {
        const std::size_t n = crew.people.size() + 1;
        crew.people.push_back({fmt::format("{}{:05}", mine.code, n), person_name(crew.seed, n),
                               post.work_type, post.post, post.team, shift, post.area, post.leader,
                               post.special});
      }
    }
  }
  for (const StaffRow& row : staff) {
    if (row.mine != mine.code) continue;
    const std::size_t n = crew.people.size() + 1;
    crew.people.push_back({fmt::format("{}{:05}", mine.code, n), person_name(crew.seed, n), row.work_type,
                           row.post, row.team, kNoShift, kBottom, row.leader, false});
  }
  return crew;
}

SimStay last_stay(const SimCrew& crew, const SimPerson& person, EventTime at) {
  const EventTime look = at + 30min;
  EventTime begin{start_of_day_ms(china_date(look.utc_ms)) + (kShift * person.shift).count()};
  if (begin > look) begin = begin - 24h;
  const std::uint64_t seed = person_seed(crew, person);
  const auto day = static_cast<std::uint64_t>(begin.utc_ms);
  SimStay stay;
  stay.entered = begin - between(hash_unit(seed, day, 1), 4min, 12min);
  stay.left = begin + kShift - between(hash_unit(seed, day, 2), 0min, 6min);
  stay.at_work = person.leader || hash_unit(seed, day, 3) >= 0.08;
  return stay;
}

std::optional<SimPosition> position_in(const SimCrew&, const SimPerson& person, const SimStay& stay,
                                       EventTime at) {
  if (!stay.at_work || at < stay.entered - 3min || at >= stay.left + 5min) return std::nullopt;
  if (at < stay.entered) return SimPosition{&person, 0, {}, {}, kMouth, stay.entered - 3min, false};
  if (at >= stay.left) return SimPosition{&person, 2, stay.entered, stay.left, kMouth, stay.left, false};
  const Phase phase = phase_of(person, stay, at);
  return SimPosition{&person, 1, stay.entered, {}, phase.area, phase.since, false};
}

std::string ryss_record(const SimCrew& crew, const SimPosition& p, EventTime at) {
  const std::string since = time_text(p.area_since);
  const std::string& reader = reader_of(crew, p);
  const double distance =
      40 * hash_unit(person_seed(crew, *p.person), static_cast<std::uint64_t>(at.utc_ms), 4) - 20;
  return upload_record({p.person->card, p.person->name, std::to_string(p.flag), time_text(p.entered),
                        time_text(p.left), crew.areas[p.area].code, since, reader, since, "三八制",
                        number_text(distance, 2), p.sos ? "求救" : "正常", p.person->leader ? "1" : "0",
                        p.person->special ? "1" : "0", reader + "&" + since});
}

UploadFile ryxx_file(const SimCrew& crew, EventTime at) {
  std::vector<std::string> records;
  for (const SimPerson& p : crew.people) {
    records.push_back(upload_record(
        {p.card, p.name, p.work_type, p.post, p.team, "", "", p.leader ? "1" : "0", p.special ? "1" : "0"}));
  }
  const std::string header = fmt::format("{};{};150;KJ0000R;人员位置监测系统（模拟）;示例厂家;2030-12-31;{}",
                                         crew.mine.code, crew.mine.name, format_beijing(at.utc_ms));
  return file_of(crew, "RYXX", at, header, records);
}

UploadFile ryqy_file(const SimCrew& crew, EventTime at) {
  std::vector<std::string> records;
  for (const SimArea& a : crew.areas)
    records.push_back(upload_record({a.kind, a.code, std::to_string(a.quota), a.name}));
  return file_of(crew, "RYQY", at, plain_header(crew.mine, at), records);
}

UploadFile ryjz_file(const SimCrew& crew, EventTime at) {
  std::vector<std::string> records;
  for (const SimArea& a : crew.areas) {
    for (std::size_t i = 0; i < a.readers.size(); ++i) {
      records.push_back(
          upload_record({a.readers[i], fmt::format("{}{}号基站", a.name, i + 1), "", "", "", a.name}));
    }
  }
  return file_of(crew, "RYJZ", at, plain_header(crew.mine, at), records);
}

UploadFile jzss_file(const SimCrew& crew, EventTime at) {
  std::vector<std::string> records;
  for (const SimArea& a : crew.areas) {
    for (const std::string& r : a.readers)
      records.push_back(upload_record({r, "0", "1", format_beijing(at.utc_ms)}));
  }
  return file_of(crew, "JZSS", at, plain_header(crew.mine, at), records);
}

}  // namespace mineward::app
