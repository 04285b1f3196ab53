"""A browser's live connection: WebSocket (RFC 6455) as far as a listener needs it."""
import base64
import json
import os
import socket
import struct


class Live:
    def __init__(self, port, token, timeout=5.0):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.decode("latin-1")[:200])

    def _more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("closed")
        return data

    def _take(self, count):
        while len(self.buffer) < count:
            self.buffer += self._more()
        out, self.buffer = self.buffer[:count], self.buffer[count:]
        return out

    def receive(self):
        """The next JSON message; raises ConnectionError when the server closes (its code in the text), socket.timeout after `timeout`."""
        parts = b""
        while True:
            if len(self.buffer) < 2:
                self.buffer += self._more()   # a time-out here loses nothing
                continue
            first, second = self._take(2)
            size = second & 127
            if size == 126:
                size = struct.unpack(">H", self._take(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self._take(8))[0]
            body = self._take(size)
            kind = first & 15
            if kind == 8:
                raise ConnectionError(f"closed with {struct.unpack('>H', body[:2])[0] if len(body) >= 2 else 0}")
            if kind == 9:
                self._send(10, body)
            elif kind in (0, 1, 2):
                parts += body
                if first & 128:
                    return json.loads(parts)

    def _send(self, kind, body):
        mask = os.urandom(4)
        self.socket.sendall(bytes([128 | kind, 128 | len(body)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(body)))

    def close(self):
        self.socket.close()
