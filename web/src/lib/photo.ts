// What a phone gives as a photo: looked at by its content, whatever its name says, and made small enough for a weak connection.
import { imageType, isHeic } from '@/offline/files';

/** What is asked of the chooser. Told by name, not as "any image": then an iPhone hands out its HEIC photos as JPEG by itself. */
export const photoTypes = 'image/jpeg,image/png,image/webp';

export type PhotoFault = 'empty' | 'program' | 'script' | 'document' | 'archive' | 'not_image' | 'broken';
const begins = (bytes: Uint8Array, text: string): boolean => [...text].every((c, i) => bytes[i] === c.charCodeAt(0));

/** Why the content is no photo; null when it is one. */
export function photoFault(bytes: Uint8Array): PhotoFault | null {
  if (bytes.length === 0) return 'empty';
  if (imageType(bytes)) return null;
  // Windows, Linux, macOS and Java programs; Android packages are archives.
  if (begins(bytes, 'MZ') || begins(bytes, '\x7fELF') || ['\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe', '\xfe\xed\xfa\xcf'].some((m) => begins(bytes, m))) return 'program';
  if (begins(bytes, '%PDF')) return 'document';
  if (begins(bytes, 'PK') || begins(bytes, 'Rar!') || begins(bytes, '7z\xbc\xaf')) return 'archive';
  if (begins(bytes, '#!') || begins(bytes, '<') || begins(bytes, '@echo')) return 'script';
  return 'not_image';
}

export const largestSide = 1600;
/** Width and height of a picture that is drawn no larger than `most` along its longer side. */
export function fitted(width: number, height: number, most = largestSide): { width: number; height: number } {
  const share = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}

/** The photo as it is sent: smaller than it was taken, upright, without the place that the phone wrote into it. */
export async function smaller(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const size = fitted(picture.width, picture.height);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, size);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, size.width, size.height);
  picture.close();
  const drawn = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.82));
  if (!drawn) throw new Error('the picture cannot be drawn');
  return drawn;
}

/** The file as it is; an HEIC photo drawn anew as JPEG where this browser can open it, null where it cannot. */
export async function unlessHeic(file: File): Promise<File | null> {
  if (!isHeic(new Uint8Array(await file.slice(0, 16).arrayBuffer()))) return file;
  const drawn = await smaller(file).catch(() => null);
  return drawn && new File([drawn], `${file.name.replace(/\.\w+$/, '')}.jpg`, { type: drawn.type });
}
