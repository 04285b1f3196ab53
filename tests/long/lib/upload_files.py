"""Upload files of a mine, written from the document (domain notes, section 1.2 to 1.5), not by the program under test.

    points = gas_points("990101000001", 30)
    name, body = cddy("990101000001", points, at)             # definitions
    name, body = cdss("990101000001", [(point, value), ...], at)
    name, body = ryss("990101000001", cards, at)

Times are whole seconds since 1970 (UTC); the files carry Beijing time. Values are written with two decimals.
"""
import datetime
from dataclasses import dataclass

BEIJING = datetime.timezone(datetime.timedelta(hours=8))


def stamp(at):
    return datetime.datetime.fromtimestamp(at, BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def compact(at):
    return datetime.datetime.fromtimestamp(at, BEIJING).strftime("%Y%m%d%H%M%S")


def rfc3339(at):
    return datetime.datetime.fromtimestamp(at, BEIJING).strftime("%Y-%m-%dT%H:%M:%S+08:00")


@dataclass(frozen=True)
class Point:
    code: str
    type_code: str
    type_name: str
    unit: str
    place: str
    alarm: str = ""
    cut: str = ""
    low: str = "0.00"
    high: str = "100.00"


def gas_points(mine, count):
    """Methane points of working faces first in every group of three, then wind and temperature."""
    made = []
    for i in range(count):
        area = f"{1101 + i // 10}工作面"
        kind = i % 3
        if kind == 0:
            made.append(Point(f"{mine}01MN0001{i:05d}", "0001", "环境瓦斯", "%CH4", f"{area}甲烷T1&{area}&采煤工作面T1",
                              alarm="1.00", cut="1.50", high="4.00"))
        elif kind == 1:
            made.append(Point(f"{mine}01MN0002{i:05d}", "0002", "风速", "m/s", f"{area}风速&{area}&", high="15.00"))
        else:
            made.append(Point(f"{mine}01MN0003{i:05d}", "0003", "温度", "℃", f"{area}温度&{area}&", high="60.00"))
    return made


def file_name(mine, kind, at):
    return f"{mine}_{kind}_{compact(at)}.txt"


def cddy(mine, points, at, title="压力测试矿"):
    out = [f"{mine};{title};KJ0000X;煤矿安全监控系统;测试厂家;2030-12-31;{stamp(at)}~"]
    for p in points:
        clear = p.alarm
        restore = "1.00" if p.cut else ""
        fields = [p.code, "01", f"{mine}00001", p.type_code, "MN", p.unit, p.high, p.low, p.alarm, clear, "", "", p.cut,
                  restore, "", "", "", "", p.place, "", "", "", "", stamp(at)]
        assert len(fields) == 24
        out.append(";".join(fields) + "~")
    return file_name(mine, "CDDY", at), ("".join(out) + "||").encode()


def cdss(mine, readings, at, title="压力测试矿"):
    """readings: (Point, value) or (Point, value, state) or (Point, value, state, time)."""
    out = [f"{mine};{title};{stamp(at)}~"]
    for reading in readings:
        p, value = reading[0], reading[1]
        state = reading[2] if len(reading) > 2 else 0
        when = reading[3] if len(reading) > 3 else at
        out.append(f"{p.code};{p.type_name};{p.place.split('&')[0]};{value:.2f};{p.unit};{state};{stamp(when)}~")
    return file_name(mine, "CDSS", at), ("".join(out) + "||").encode()


def ryss(mine, cards, at, title="压力测试矿"):
    """cards: card codes underground at `at`; an empty list says that nobody is."""
    out = [f"{mine};{title};{stamp(at)}~"]
    for card in cards:
        went_in, area, reader = stamp(at - 3600), f"{mine}0001", f"{mine}0001000001"
        fields = [card, "测试人员", "1", went_in, "", area, went_in, reader, went_in, "三八制", "1.00", "正常", "0", "0",
                  f"{reader}&{went_in}"]
        assert len(fields) == 15
        out.append(";".join(fields) + "~")
    return file_name(mine, "RYSS", at), ("".join(out) + "||").encode()
