"""VictoriaMetrics and InfluxDB from Debian's packages, each with its defaults, asked over HTTP as their users ask them."""
import json
import os
import time
import urllib.parse

from machine import free_port, size_below
from server import Server
from web import Web

# Merges and compactions run in the background; they are done when the files keep their size for so long.
QUIET_SECONDS = 8
SETTLE_LIMIT_SECONDS = 240


def wait_until_quiet(size):
    """The size of what `size` measures, once it stays the same."""
    last, since, deadline = size(), time.monotonic(), time.monotonic() + SETTLE_LIMIT_SECONDS
    while time.monotonic() - since < QUIET_SECONDS and time.monotonic() < deadline:
        time.sleep(0.5)
        now = size()
        if now != last:
            last, since = now, time.monotonic()
    return last


class VictoriaMetrics:
    name = "VictoriaMetrics"

    def __init__(self, folder):
        self.folder, self.port = folder / "victoria", free_port()
        self._start()
        self.web = Web(self.port)

    def _start(self):
        # A cache of answers would answer the queries of a benchmark; retention would drop old test data.
        command = ["/usr/bin/victoria-metrics", f"-storageDataPath={self.folder}", f"-httpListenAddr=127.0.0.1:{self.port}",
                   "-retentionPeriod=100y", "-search.disableCache"]
        self.server = Server(self.name, command, self.folder.with_suffix(".log"), self._is_ready)

    def _is_ready(self):
        return Web(self.port).ask("GET", "/health")[0] == 200

    def write_target(self):
        return "/write"

    def settle(self):
        """Everything merged and on disk. Only a stop writes the newest samples for sure."""
        self.server.stop()
        self._start()
        self.web = Web(self.port)
        self.web.ask("GET", "/internal/force_merge")
        wait_until_quiet(self.size)

    def size(self):
        """Bytes of the samples' files."""
        return size_below(self.folder / "data")

    def whole(self):
        """With the index of names."""
        return size_below(self.folder)

    def samples_of(self, point, begin_ms, end_ms):
        """[(ms, value)] of one point in [begin, end)."""
        query = urllib.parse.urlencode({"match[]": f'm_v{{point="{point}"}}', "start": begin_ms / 1000, "end": (end_ms - 1) / 1000})
        return self.web.get("/api/v1/export?" + query)

    @staticmethod
    def read_samples(body):
        out = []
        for line in body.splitlines():
            series = json.loads(line)
            out += zip(series["timestamps"], series["values"])
        return out

    def latest(self, at_ms):
        """Newest value of every point at a time, as text."""
        return self.web.get("/api/v1/query?" + urllib.parse.urlencode({"query": "m_v", "time": at_ms / 1000}))

    @staticmethod
    def read_latest(body):
        return {s["metric"]["point"]: float(s["value"][1]) for s in json.loads(body)["data"]["result"]}

    def stop(self):
        self.server.stop()


class InfluxDB:
    name = "InfluxDB"

    def __init__(self, folder):
        self.folder, self.port = folder / "influx", free_port()
        self._rpc_port = free_port()
        self.folder.mkdir()
        self._start({})
        self.web = Web(self.port)
        self.web.ask("POST", "/query?" + urllib.parse.urlencode({"q": "CREATE DATABASE mines"}))

    def _start(self, more):
        environment = {
            **os.environ,
            "INFLUXDB_META_DIR": f"{self.folder}/meta",
            "INFLUXDB_DATA_DIR": f"{self.folder}/data",
            "INFLUXDB_DATA_WAL_DIR": f"{self.folder}/wal",
            "INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{self.port}",
            "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{self._rpc_port}",
            "INFLUXDB_HTTP_LOG_ENABLED": "false",  # what follows would cost it time for nothing that we measure
            "INFLUXDB_DATA_QUERY_LOG_ENABLED": "false",
            "INFLUXDB_MONITOR_STORE_ENABLED": "false",
            "INFLUXDB_REPORTING_DISABLED": "true",
            **more,
        }
        empty = self.folder / "influxdb.conf"
        empty.write_text("reporting-disabled = true\n", encoding="utf-8")
        self.server = Server(self.name, ["/usr/bin/influxd", "-config", empty], self.folder.with_suffix(".log"), self._is_ready,
                             env=environment)

    def _is_ready(self):
        return Web(self.port).ask("GET", "/ping")[0] == 204

    def write_target(self):
        return "/write?db=mines"

    def settle(self):
        """A shard is compacted for good when nothing was written for four hours; restarted with seconds instead."""
        self.server.stop()
        self._start({"INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION": "2s",
                     "INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION": "2s"})
        self.web = Web(self.port)
        wait_until_quiet(self.size)

    def whole(self):
        return size_below(self.folder)

    def size(self):
        # `_series` is made with 32 MiB in advance, whatever is written; the log keeps what is in the data already.
        return size_below(self.folder / "data", without=("_series",))

    def _query(self, text):
        return self.web.get("/query?" + urllib.parse.urlencode({"db": "mines", "epoch": "ms", "q": text}))

    def samples_of(self, point, begin_ms, end_ms):
        return self._query(f"SELECT v FROM m WHERE point = '{point}' AND time >= {begin_ms}ms AND time < {end_ms}ms")

    @staticmethod
    def read_samples(body):
        return [tuple(row) for row in json.loads(body)["results"][0]["series"][0]["values"]]

    def latest(self, at_ms):
        # Bounded like the instant query of VictoriaMetrics: without it, InfluxDB reads far more.
        return self._query(f"SELECT last(v) FROM m WHERE time > {at_ms - 300_000}ms AND time <= {at_ms}ms GROUP BY point")

    @staticmethod
    def read_latest(body):
        return {s["tags"]["point"]: s["values"][0][1] for s in json.loads(body)["results"][0]["series"]}

    def stop(self):
        self.server.stop()
