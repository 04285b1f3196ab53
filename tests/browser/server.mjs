// Starts `mineward demo` with a fresh data folder on a free port and talks to it over HTTP, as the tests' set-up.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Where data folders of tests lie: in memory where there is room, as a disk syncs them thousands of times. */
function temporary() {
  if (process.env.TMPDIR) return process.env.TMPDIR;
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > 1e9) return '/dev/shm';
  } catch {
    // none here
  }
  return tmpdir();
}

export async function startDemo({ hours = 1 } = {}) {
  const folder = mkdtempSync(join(temporary(), 'mineward-browser-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const program = process.env.MW_PROGRAM ?? join(root, 'build/mineward');
  const child = spawn(program, ['demo', '--data', data, '--listen', `127.0.0.1:${port}`, '--hours', String(hours)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let messages = '';
  child.stderr.on('data', (chunk) => (messages = (messages + chunk).slice(-20000)));
  await new Promise((ready, failed) => {
    let out = '';
    const timer = setTimeout(() => failed(new Error(`the demo did not answer within 240 s:\n${messages}`)), 240000);
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (out.includes('Mineward answers at')) {
        clearTimeout(timer);
        ready();
      }
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      failed(new Error(`the demo ended with ${code}:\n${messages}`));
    });
  });
  const passwords = new Map(JSON.parse(readFileSync(join(data, 'sign-in.json'), 'utf8')).map((a) => [a.name, a.password]));
  return {
    url: `http://127.0.0.1:${port}`,
    data,
    clients: new Map(),
    password: (name) => passwords.get(name),
    messages: () => messages,
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** A signed-in HTTP client, for what a test prepares or checks beside the screen. */
export class Client {
  constructor(server) {
    this.server = server;
    this.headers = {};
  }
  /** With the password that is known now; an account signs in once with each. */
  static signIn(server, name) {
    const key = `${name} ${server.password(name)}`;
    if (!server.clients.has(key)) server.clients.set(key, Client.newSession(server, name));
    return server.clients.get(key);
  }
  static async newSession(server, name) {
    const client = new Client(server);
    const answer = await fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password: server.password(name) }),
    });
    if (!answer.ok) throw new Error(`sign-in of ${name}: ${answer.status} ${await answer.text()}`);
    client.headers.cookie = answer.headers.get('set-cookie').split(';')[0];
    client.headers['x-csrf-token'] = (await answer.json()).csrf;
    return client;
  }
  static withToken(server, token) {
    const client = new Client(server);
    client.headers.authorization = `Bearer ${token}`;
    return client;
  }
  /** As a good client does, it waits when the server says that it asks too often: a story is quicker than people are. */
  async request(method, path, body, type) {
    for (let tries = 0; ; ++tries) {
      const answer = await this.once(method, path, body, type);
      if (answer.status !== 429 || tries === 10) return answer;
      await new Promise((wait) => setTimeout(wait, 1000 * (answer.json?.error?.retry_after ?? 1)));
    }
  }
  async once(method, path, body, type = 'application/json') {
    const answer = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': type }) },
      body: body === undefined ? undefined : type === 'application/json' ? JSON.stringify(body) : body,
    });
    const text = await answer.text();
    let json = null;
    try {
      json = JSON.parse(text);
    } catch {
      // not every answer is JSON
    }
    return { status: answer.status, text, json };
  }
  async post(path, body) {
    const answer = await this.request('POST', path, body);
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }
  async get(path) {
    const answer = await this.request('GET', path);
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }
}

export const beijing = (ms) => new Date(ms + 8 * 3600e3).toISOString().slice(0, 19).replace('T', ' ');

/** Now, in whole seconds, but no second at which the simulator sends a file of its own (:00 and :30): a file of the same mine, kind and
 * second is a correction of it. */
export function ownSecond() {
  const now = Math.floor(Date.now() / 1000) * 1000;
  return now % 30000 === 0 ? now + 1000 : now;
}

/** A CDDY file as a mine sends it: one methane point with an alarm limit of 1.0. */
export function cddy(mine, code, place, at) {
  const now = beijing(at);
  const point = `${code};01;${mine.code}00001;0001;MN;${place};4;0;1.0;0.9;;;1.5;1.0;;;;;${place}&${place}&T1;;;;;${now}~`;
  return { name: `${mine.code}_CDDY_${now.replace(/[-: ]/g, '')}.txt`, text: `${mine.code};${mine.name};KJ;K;M;2027-01-01;${now}~${point}||` };
}

/** A CDSS file as a mine sends it: readings of one point, [[milliseconds, value], ...]. */
export function cdss(mine, point, readings) {
  const last = readings[readings.length - 1][0];
  const name = `${mine.code}_CDSS_${beijing(last).replace(/[-: ]/g, '')}.txt`;
  const rows = readings.map(([at, value]) => `${point.code};环境瓦斯;${point.place};${value};%CH4;0;${beijing(at)}~`);
  return { name, text: `${mine.code};${mine.name};${beijing(last)}~${rows.join('')}||` };
}
