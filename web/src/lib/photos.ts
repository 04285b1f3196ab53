// Photos of the public pages, drawn anew before they are sent: place, time and device stay on the telephone. The server takes
// them out once more.
import { smaller } from './photo';

export interface TakenPhoto {
  key: number;
  /** For <img>; to be given back with URL.revokeObjectURL. */
  url: string;
  base64: string;
  /** Of a file that this browser cannot show; empty otherwise. */
  name: string;
}
let last = 0;

function toBase64(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => failed(new Error('the file cannot be read'));
    reader.readAsDataURL(blob);
  });
}

/** What this browser cannot draw goes to the server as it is, which says what is wrong with it. */
export async function takePhoto(file: File): Promise<TakenPhoto> {
  const blob = await smaller(file).catch(() => file);
  last += 1;
  return { key: last, url: URL.createObjectURL(blob), base64: await toBase64(blob), name: blob === file ? file.name : '' };
}
