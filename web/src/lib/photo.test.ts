import { describe, expect, it } from 'vitest';
import { isHeic } from '@/offline/files';
import { fitted, photoFault } from './photo';

const bytes = (...list: number[]): Uint8Array => new Uint8Array([...list, 0, 0, 0, 0, 0, 0, 0, 0]);
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

describe('a photo', () => {
  it('is told by its content', () => {
    const cases: [string, Uint8Array, string | null][] = [
      ['JPEG', bytes(0xff, 0xd8, 0xff, 0xe0), null],
      ['PNG', bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), null],
      ['nothing', new Uint8Array(), 'empty'],
      ['a Windows program', bytes(0x4d, 0x5a, 0x90, 0x00), 'program'],
      ['a Linux program', bytes(0x7f, 0x45, 0x4c, 0x46), 'program'],
      ['a shell script', text('#!/bin/sh\nrm -rf /'), 'script'],
      ['a page', text('<svg onload="alert(1)">'), 'script'],
      ['an Android package', bytes(0x50, 0x4b, 0x03, 0x04), 'archive'],
      ['a PDF', text('%PDF-1.7'), 'document'],
      ['words', text('hello'), 'not_image'],
    ];
    for (const [why, content, want] of cases) expect(photoFault(content), why).toBe(want);
  });
  it('of an iPhone is told from a film and from a picture of its kind that browsers open', () => {
    const box = (brand: string): Uint8Array => new Uint8Array([0, 0, 0, 24, ...new TextEncoder().encode(`ftyp${brand}`), 0, 0, 0, 0]);
    for (const brand of ['heic', 'heix', 'mif1', 'msf1', 'hevc']) expect(isHeic(box(brand)), brand).toBe(true);
    for (const brand of ['isom', 'mp42', 'avif', 'qt  ']) expect(isHeic(box(brand)), brand).toBe(false);
    expect(isHeic(new Uint8Array([0xff, 0xd8, 0xff]))).toBe(false);
  });
  it('is drawn no larger than it needs to be, and never enlarged', () => {
    expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 });
    expect(fitted(3000, 4000)).toEqual({ width: 1200, height: 1600 });
    expect(fitted(640, 480)).toEqual({ width: 640, height: 480 });
    expect(fitted(100000, 10)).toEqual({ width: 1600, height: 1 });
  });
});
