// Rules of the house that can be read off the sources.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(process.cwd(), 'src');
function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}
const all = files(root).map((path) => ({ name: relative(root, path), text: readFileSync(path, 'utf8') }));
const vue = all.filter((f) => f.name.endsWith('.vue'));

describe('house rules', () => {
  it('components stay under 200 lines', () => {
    expect(vue.length).toBeGreaterThan(50);
    expect(vue.filter((f) => f.text.split('\n').length > 200).map((f) => f.name)).toEqual([]);
  });
  it('red, orange, yellow and blue are named only where a warning grade is drawn', () => {
    const uses = all.filter((f) => /var\(--(red|orange|yellow|blue)(-soft)?\)/.test(f.text) && !f.name.endsWith('.test.ts')).map((f) => f.name);
    expect(uses).toEqual(['styles/parts.css']);
    const parts = all.find((f) => f.name === 'styles/parts.css')?.text ?? '';
    for (const line of parts.split('\n')) if (/var\(--(red|orange|yellow|blue)\)/.test(line)) expect(line).toMatch(/^\.(grade|bar)-(red|orange|yellow|blue) /);
  });
  it('components hold no colour of their own besides the dark navigation and the sign-in picture', () => {
    const own = vue.filter((f) => /#[0-9a-f]{6}\b/i.test(f.text.split('<style')[1] ?? '')).map((f) => f.name).sort();
    expect(own).toEqual(['components/shell/SideNav.vue', 'pages/SignIn.vue']);
  });
  it('templates hold no words of their own', () => {
    const chinese = vue.filter((f) => /[㐀-鿿]/.test((f.text.split('<template>')[1] ?? '').split('<style')[0] ?? '')).map((f) => f.name);
    expect(chinese).toEqual([]);
  });
  it('only the client speaks to the server', () => {
    expect(all.filter((f) => /\bfetch\(/.test(f.text) && !f.name.endsWith('.test.ts')).map((f) => f.name)).toEqual(['api/client.ts']);
  });
});
