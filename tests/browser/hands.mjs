// What people do over HTTP beside the screens of a story: the same records, steps and signatures, for what is shown elsewhere.
import { Client } from './server.mjs';

export class Hands {
  constructor(server) {
    this.server = server;
    this.clients = new Map();
  }
  async client(name) {
    if (!this.clients.has(name)) this.clients.set(name, await Client.signIn(this.server, name));
    return this.clients.get(name);
  }
  async read(name, record) {
    return (await this.client(name)).get(`/records/${record.type}/${record.id}`);
  }
  async make(name, type, fields) {
    return { type, id: (await (await this.client(name)).post(`/records/${type}`, { fields })).id };
  }
  /** A record of `type` made of another one. */
  async raise(name, record, raise, type, fields = {}) {
    const made = await (await this.client(name)).post(`/records/${record.type}/${record.id}/raise/${raise}`, { fields });
    return { type, id: made.id };
  }
  async step(name, record, step, fields = {}, reason) {
    const { version } = await this.read(name, record);
    return (await this.client(name)).post(`/records/${record.type}/${record.id}/steps/${step}`, { version, fields, ...(reason ? { reason } : {}) });
  }
  /** Tries a step that must be refused; gives status and the words at the fields. */
  async refused(name, record, step, fields = {}, reason) {
    const { version } = await this.read(name, record);
    const answer = await (await this.client(name)).request('POST', `/records/${record.type}/${record.id}/steps/${step}`, { version, fields, ...(reason ? { reason } : {}) });
    if (answer.status < 400) throw new Error(`${step} of ${record.type} was not refused`);
    return { status: answer.status, words: (answer.json?.error.faults ?? []).map((f) => f.words?.zh ?? f.message).join('；') };
  }
  async sign(name, record, agrees = true, opinion = '同意') {
    const { version } = await this.read(name, record);
    return (await this.client(name)).post(`/records/${record.type}/${record.id}/signatures`, { version, agrees, opinion });
  }
  async file(name, bytes = '%PDF-1.7 paper', as = 'paper.pdf') {
    const stored = await (await this.client(name)).request('POST', `/attachments?name=${as}`, bytes, as.endsWith('pdf') ? 'application/pdf' : 'image/png');
    return [stored.json.sha256];
  }
  async state(name, record) {
    return (await this.read(name, record)).state;
  }
  async clock(name, record, clock) {
    return (await this.read(name, record)).clocks.find((c) => c.clock === clock);
  }
}
