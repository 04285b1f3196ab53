// Runs the browser tests one file after the other (two cores) and prints the sum as the last line.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const only = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of readdirSync(here).filter((f) => f.endsWith('.test.mjs') && (only.length === 0 || only.includes(f)))) {
  const run = spawnSync(process.execPath, ['--test', '--test-reporter=tap', join(here, file)], { encoding: 'utf8', maxBuffer: 1 << 28 });
  process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  passed += Number(/^# pass (\d+)/m.exec(run.stdout)?.[1] ?? 0);
  failed += Number(/^# fail (\d+)/m.exec(run.stdout)?.[1] ?? 1);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
