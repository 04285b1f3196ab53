// All that the device keeps for an account as one text, to be handed to somebody who enters it by hand when nothing else helps.
import { all } from './device';

function base64(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes);
  let text = '';
  for (let i = 0; i < view.length; i += 0x8000) text += String.fromCharCode(...view.subarray(i, i + 0x8000));
  return btoa(text);
}

export async function exportText(account: string): Promise<string> {
  const [writes, visits, files] = await Promise.all([all('writes', account), all('visits', account), all('files', account)]);
  return JSON.stringify({ made_at: new Date().toISOString(), writes, visits, files: files.map((f) => ({ sha256: f.sha256, name: f.name, type: f.type, sent: f.sent, base64: base64(f.bytes) })) }, null, 1);
}
