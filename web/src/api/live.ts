// The live channel: one WebSocket that comes back by itself, with growing pauses, and says how fresh the page is.
import type { LiveMessage } from './types';

export type LiveStatus = 'off' | 'connecting' | 'live' | 'reconnecting';

export interface LiveHooks {
  message(message: LiveMessage): void;
  status(status: LiveStatus): void;
  /** The channel is back after a break: what came in between must be fetched over HTTP. */
  resumed(): void;
}

/** Pause before attempt n (0, 1, 2 …): doubling to 30 s, plus up to a quarter so that browsers do not come all at once. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  const plain = Math.min(30_000, 1_000 * 2 ** attempt);
  return Math.round(plain * (1 + random() / 4));
}

const pingEvery = 25_000;
const silentAfter = 70_000;

export class LiveChannel {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private wanted = false;
  private everOpen = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private ping: ReturnType<typeof setInterval> | undefined;
  private lastHeard = 0;
  private watched: string[] = [];

  constructor(private readonly url: () => string, private readonly hooks: LiveHooks) {}

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.hooks.status('connecting');
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    this.everOpen = false;
    clearTimeout(this.retry);
    this.drop();
    this.hooks.status('off');
  }

  /** Mines whose values are wanted; kept over reconnects. */
  watch(mines: string[]): void {
    this.watched = mines;
    this.send({ watch: mines });
  }

  /** Try now instead of waiting (the browser came back online, the person asked). */
  hurry(): void {
    if (!this.wanted || this.socket?.readyState === WebSocket.OPEN) return;
    this.attempt = 0;
    clearTimeout(this.retry);
    this.drop();
    this.connect();
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private connect(): void {
    const socket = new WebSocket(this.url());
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (event: MessageEvent<string>) => this.heard(event.data);
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
  }

  private opened(): void {
    this.attempt = 0;
    this.lastHeard = Date.now();
    this.hooks.status('live');
    if (this.watched.length > 0) this.send({ watch: this.watched });
    if (this.everOpen) this.hooks.resumed();
    this.everOpen = true;
    this.ping = setInterval(() => {
      if (Date.now() - this.lastHeard > silentAfter) this.lost();
      else this.send({ ping: 1 });
    }, pingEvery);
  }

  private heard(data: string): void {
    this.lastHeard = Date.now();
    let message: LiveMessage;
    try {
      message = JSON.parse(data) as LiveMessage;
    } catch {
      return;
    }
    if (message.kind) this.hooks.message(message);
  }

  private lost(): void {
    this.drop();
    if (!this.wanted) return;
    this.hooks.status('reconnecting');
    this.retry = setTimeout(() => this.connect(), backOff(this.attempt));
    this.attempt += 1;
  }

  private drop(): void {
    clearInterval(this.ping);
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }
}
