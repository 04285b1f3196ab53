import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { leadingZeroBits, solve } from './proof';

describe('the riddle', () => {
  it('counts leading zero bits', () => {
    expect(leadingZeroBits(Uint8Array.of(0x80, 0))).toBe(0);
    expect(leadingZeroBits(Uint8Array.of(0x01, 0xff))).toBe(7);
    expect(leadingZeroBits(Uint8Array.of(0, 0x10))).toBe(11);
    expect(leadingZeroBits(new Uint8Array(32))).toBe(256);
  });
  it('is solved as another SHA-256 sees it', async () => {
    const solution = await solve('1767.abc.def', 10);
    expect(solution).toMatch(/^1767\.abc\.def:\d+$/);
    const digest = createHash('sha256').update(solution).digest();
    expect(digest.readUInt16BE(0) >> 6).toBe(0);
  });
});
