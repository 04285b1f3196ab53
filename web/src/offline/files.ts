// Photos and signatures as the device keeps them.
import { file as keptFile, putFile } from './device';

export type FileFault = 'not_image' | 'too_large' | 'empty';
const largest = 20 * 1024 * 1024;

const begins = (bytes: Uint8Array, signature: number[], at = 0): boolean => signature.every((byte, i) => bytes[at + i] === byte);
/** The kind of picture that the content shows, whatever its name says; null when it is none. The server looks again. */
export function imageType(bytes: Uint8Array): string | null {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (begins(bytes, [0x47, 0x49, 0x46, 0x38])) return 'image/gif';
  return begins(bytes, [0x52, 0x49, 0x46, 0x46]) && begins(bytes, [0x57, 0x45, 0x42, 0x50], 8) ? 'image/webp' : null;
}

/** The photo of an iPhone (ISO/IEC 23008-12): most browsers and the server cannot open it. */
export function isHeic(bytes: Uint8Array): boolean {
  const brand = String.fromCharCode(...bytes.subarray(4, 12));
  return ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'heif', 'mif1', 'msf1'].some((name) => brand === `ftyp${name}`);
}

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Keeps a picture and gives its SHA-256, or says why not. */
export async function keepImage(account: string, name: string, blob: Blob): Promise<{ sha256: string } | { fault: FileFault }> {
  if (blob.size === 0) return { fault: 'empty' };
  if (blob.size > largest) return { fault: 'too_large' };
  const bytes = await blob.arrayBuffer();
  const type = imageType(new Uint8Array(bytes));
  if (!type) return { fault: 'not_image' };
  const sha = await sha256(bytes);
  if (!(await keptFile(account, sha))) await putFile({ account, sha256: sha, name, type, bytes, sent: false });
  return { sha256: sha };
}
