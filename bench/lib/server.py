"""A server process: started, watched, put to sleep while another one is measured, stopped."""
import os
import pathlib
import signal
import subprocess
import time


class Server:
    """`ready` is asked until it says yes."""

    def __init__(self, name, command, log, ready, env=None, seconds=120):
        self.name = name
        with open(log, "ab") as out:
            self._process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=out,
                                             stdin=subprocess.DEVNULL, env=env)
        self._log = pathlib.Path(log)
        deadline = time.monotonic() + seconds
        while not self._is_ready(ready):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{name} did not start: {self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)

    @staticmethod
    def _is_ready(ready):
        try:
            return ready()
        except OSError:
            return False

    def _status(self, key):
        text = pathlib.Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return next(line for line in text.splitlines() if line.startswith(key)).split()[1]

    def peak_mib(self):
        """The most memory it held since it started."""
        return int(self._status("VmHWM:")) / 1024

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def freeze(self):
        """Takes no processor time until thaw(): what it had left to do waits for its own turn."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def stop(self, seconds=120):
        if self._process.poll() is not None:
            return
        self.thaw()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
