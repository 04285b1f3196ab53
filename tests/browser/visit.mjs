// What an officer does on the page of a visit, for the stories in which one is carried out.
import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';

/** A picture of one grey, 40 x 30, unlike every other `shade`: a PNG made by the format's own rules. */
export function png(shade) {
  const crcs = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
  const crc = (bytes) => { let c = 0xffffffff; for (const b of bytes) c = crcs[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.from([0, 0, 0, 40, 0, 0, 0, 30, 8, 0, 0, 0, 0]);
  const rows = Buffer.concat(Array.from({ length: 30 }, () => Buffer.concat([Buffer.from([0]), Buffer.alloc(40, shade)])));
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
export const photo = (name, shade) => ({ name, mimeType: 'image/png', buffer: png(shade) });
export const program = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('MZ\u0090\u0000This program cannot be run in DOS mode.') };

/** Draws a signature; `slant` makes each hand its own. */
export async function sign(page, who, slant) {
  await page.getByTestId(`sign-open-${who}`).click();
  const board = page.getByTestId(`sign-board-${who}`);
  await board.scrollIntoViewIfNeeded();
  const box = await board.boundingBox();
  await page.mouse.move(box.x + 30, box.y + 120);
  await page.mouse.down();
  for (let i = 1; i <= 12; i += 1) await page.mouse.move(box.x + 30 + i * 18, box.y + 80 + (i % 2 ? slant : -slant));
  await page.mouse.up();
  await page.getByTestId(`sign-accept-${who}`).click();
  await page.getByTestId(`sign-pad-${who}`).locator('img').waitFor();
}

export const line = (page, n) => page.getByTestId(`line-${n}`);
export async function answer(page, n, result, picture) {
  await line(page, n).getByTestId(`answer-${result}`).click();
  if (picture) await line(page, n).getByTestId('photo-input').first().setInputFiles(picture);
}

/** Confirms the end of the visit. */
export async function finish(page) {
  await page.getByTestId('visit-finish').click();
  const box = page.locator('.confirm-box').filter({ visible: true });
  await box.locator('.el-button--primary').click();
  await page.getByTestId('visit-summary').waitFor();
}

/** A task of today for two officers, by the county's list of everyday checks. */
export async function assignedTask(officer, { mine, lead, second, list = '煤矿日常监管检查表' }) {
  const lists = (await officer.get('/records/check_list?limit=50')).records;
  const found = lists.find((l) => l.title === list);
  assert.ok(found, `the example has the check-list ${list}`);
  const day = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  const made = await officer.post('/records/inspection_task', { fields: { mine: mine.id, organisation: mine.fields.organisation, kind: 'planned', manner: 'unannounced', reason: 'grade', planned_on: day } });
  return officer.post(`/records/inspection_task/${made.id}/steps/assign`, { version: made.version, fields: { lead, second, check_list: found.id, scheme: '按检查表逐项检查' } });
}
export async function accountId(client, displayName) {
  const options = (await client.get(`/options/account?q=${encodeURIComponent(displayName)}&limit=100`)).options;
  const found = options.find((o) => o.title === displayName);
  assert.ok(found, `the example has the account ${displayName}`);
  return found.id;
}
