// Runs the browser tests, as many files at a time as there are cores (each has a server and a browser of its own), and prints
// the sum as the last line. What one file prints stays together; the longest begin first.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const only = process.argv.slice(2);
// `pages` draws every page in both sizes and languages and takes longest by far; of the others length tells well enough.
const weight = (file) => (file.startsWith('pages.') ? Infinity : statSync(join(here, file)).size);
const waiting = readdirSync(here)
  .filter((f) => f.endsWith('.test.mjs') && (only.length === 0 || only.includes(f)))
  .sort((a, b) => (weight(b) > weight(a) ? 1 : -1));
let passed = 0;
let failed = 0;

function run(file) {
  return new Promise((done) => {
    const began = Date.now();
    const child = spawn(process.execPath, ['--test', '--test-reporter=tap', join(here, file)]);
    let out = '';
    let messages = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (messages += chunk));
    child.on('close', () => {
      process.stdout.write(`# ${file}: ${((Date.now() - began) / 1000).toFixed(0)} s\n${out}`);
      process.stderr.write(messages);
      passed += Number(/^# pass (\d+)/m.exec(out)?.[1] ?? 0);
      failed += Number(/^# fail (\d+)/m.exec(out)?.[1] ?? 1);
      done();
    });
  });
}

async function worker() {
  for (let file = waiting.shift(); file; file = waiting.shift()) await run(file);
}
const cores = availableParallelism?.() ?? cpus().length;
await Promise.all(Array.from({ length: Math.max(1, Math.min(cores, 4)) }, worker));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
