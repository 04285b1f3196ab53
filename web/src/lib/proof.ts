// The riddle of the public pages: a number is looked for that gives a digest with so many leading zero bits. It costs one
// person a second and a flood a computing centre, asks no foreign service and tells nothing about anybody.
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';

export function leadingZeroBits(digest: Uint8Array): number {
  let bits = 0;
  for (const byte of digest) {
    if (byte === 0) {
      bits += 8;
      continue;
    }
    return bits + Math.clz32(byte) - 24;
  }
  return bits;
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

/** "<challenge>:<number>"; lets the page breathe while it counts. */
export async function solve(challenge: string, bits: number): Promise<string> {
  const chunk = 4000;
  for (let n = 0; ; n += 1) {
    const text = `${challenge}:${n}`;
    if (leadingZeroBits(sha256(utf8ToBytes(text))) >= bits) return text;
    if (n % chunk === chunk - 1) await pause();
  }
}
