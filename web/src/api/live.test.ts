import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backOff, LiveChannel, type LiveStatus } from './live';

class FakeSocket {
  static all: FakeSocket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
}
const last = (): FakeSocket => FakeSocket.all[FakeSocket.all.length - 1] as FakeSocket;

describe('the live channel', () => {
  const seen: LiveStatus[] = [];
  const messages: unknown[] = [];
  let resumed = 0;
  let channel: LiveChannel;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeSocket);
    FakeSocket.all = [];
    seen.length = messages.length = resumed = 0;
    channel = new LiveChannel(() => 'ws://x', { message: (m) => messages.push(m), status: (s) => seen.push(s), resumed: () => (resumed += 1) });
    channel.start();
  });
  afterEach(() => {
    channel.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('waits longer each time, up to half a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((n) => backOff(n, () => 0))).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    expect(backOff(9, () => 1)).toBe(37_500);
  });
  it('comes back, says so, and asks again for what was watched', () => {
    last().open();
    channel.watch(['7']);
    last().close();
    expect(seen).toEqual(['connecting', 'live', 'reconnecting']);
    vi.advanceTimersByTime(1_300);
    expect(FakeSocket.all).toHaveLength(2);
    last().open();
    expect(last().sent).toEqual(['{"watch":["7"]}']);
    expect(resumed).toBe(1);
    expect(seen[seen.length - 1]).toBe('live');
  });
  it('does not call the first connection a return', () => {
    last().open();
    expect(resumed).toBe(0);
  });
  it('notices a connection that is dead without having closed', () => {
    last().open();
    vi.advanceTimersByTime(100_000);
    expect(seen).toContain('reconnecting');
  });
  it('drops what it cannot read and hands on what it can', () => {
    last().open();
    last().onmessage?.({ data: 'nonsense' });
    last().onmessage?.({ data: '{"pong":1}' });
    last().onmessage?.({ data: '{"kind":"people","mine":"1","people":3}' });
    expect(messages).toEqual([{ kind: 'people', mine: '1', people: 3 }]);
  });
  it('stays away after it was stopped', () => {
    last().open();
    channel.stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });
});
