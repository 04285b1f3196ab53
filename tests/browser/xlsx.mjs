// A small XLSX written by hand, as a test wants it: rows of texts and numbers, some hidden.
const table = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; ++k) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
const crc32 = (bytes) => { let c = 0xffffffff; for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };

/** A zip archive without compression. */
function zip(files) {
  const parts = [], directory = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const title = Buffer.from(name), data = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, data]);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, end, title]));
    parts.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const last = Buffer.alloc(22);
  last.write('PK\x05\x06', 'latin1');
  last.writeUInt16LE(directory.length, 8);
  last.writeUInt16LE(directory.length, 10);
  last.writeUInt32LE(listing.length, 12);
  last.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listing, last]);
}

/** `rows`: arrays of cells; a row may be {cells, hidden}. */
export function xlsx(rows, sheet = '隐患台账') {
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const safe = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const cell = (value, at) => (value === '' ? '' : typeof value === 'number' ? `<c r="${at}"><v>${value}</v></c>`
    : value?.formula ? `<c r="${at}"><f>${value.formula}</f><v>${value.value}</v></c>` : `<c r="${at}" t="inlineStr"><is><t>${safe(value)}</t></is></c>`);
  const lines = rows.map((row, i) => {
    const cells = row.cells ?? row;
    return `<row r="${i + 1}"${row.hidden ? ' hidden="1"' : ''}>${cells.map((value, j) => cell(value, String.fromCharCode(65 + j) + (i + 1))).join('')}</row>`;
  });
  return zip({
    '_rels/.rels': `<Relationships><Relationship Id="r" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${rel}"><sheets><sheet name="${sheet}" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData></worksheet>`,
  });
}
