// Runs the browser tests, as many files at a time as there are cores (each has a server and a browser of its own). One line a
// test that passed, or less; every failure is told with its error again after all files, and the sum is the last line.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const only = process.argv.slice(2);
// Seconds that each file took when last measured: the longest begin first, so that all cores end together. A new file begins early.
const seconds = JSON.parse(readFileSync(join(here, 'seconds.json'), 'utf8'));
const weight = (file) => seconds[file] ?? 45;
const waiting = readdirSync(here)
  .filter((f) => f.endsWith('.test.mjs') && (only.length === 0 || only.includes(f)))
  .sort((a, b) => weight(b) - weight(a));
const failures = [];
let passed = 0;
let failed = 0;

/** Lines of JSON from the reporter; anything else is what the test itself printed. */
function read(out) {
  const results = [];
  let other = '';
  for (const line of out.split('\n')) {
    if (line.startsWith('{"passed":')) results.push(JSON.parse(line));
    else if (line.trim()) other += `${line}\n`;
  }
  return { results, other };
}
const plain = (text) => text.replace(/\u001b\[\d+m/g, '');
const short = (text, most) => (text.length > most ? `${text.slice(0, most)} …` : text);
/** The frames of the stack that lie in these tests, and the first one. */
function stackOf(failure) {
  const frames = failure.stack.split('\n').filter((line) => /^\s+at /.test(line) && !line.includes('node:internal'));
  const own = frames.filter((line) => line.includes(here));
  return (own.length ? own : frames).slice(0, 6).map((line) => line.replace(`file://${here}/`, '').trim());
}
function tell(failure) {
  const words = short(plain(failure.message), 1500).split('\n').map((line) => `    ${line}`).join('\n');
  return `FAILED ${failure.file}: ${failure.name}\n${words}\n${stackOf(failure).map((line) => `    ${line}`).join('\n')}`;
}

function run(file) {
  return new Promise((done) => {
    const began = Date.now();
    const child = spawn(process.execPath, [`--test-reporter=${join(here, 'reporter.mjs')}`, '--test-reporter-destination=stdout', join(here, file)]);
    let out = '';
    let messages = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (messages += chunk));
    child.on('close', (code, signal) => {
      const { results, other } = read(out);
      const bad = results.filter((r) => !r.passed);
      for (const r of bad) if (r.message !== undefined) failures.push({ file, ...r });
      passed += results.length - bad.length;
      failed += bad.length;
      if (bad.length === 0 && (code !== 0 || results.length === 0)) {  // it ended before it could say why
        failed += 1;
        failures.push({ file, name: signal ? `ended by ${signal}` : `ended with ${code}`, message: `${results.length} tests had ended\n${messages.slice(-3000)}`, stack: '' });
      }
      const took = results.filter((r) => r.depth === 0).map((r) => `${r.passed ? 'ok' : 'FAILED'} ${r.seconds.toFixed(1)} s ${short(r.name, 110)}`);
      console.log(`# ${file}: ${((Date.now() - began) / 1000).toFixed(0)} s, ${results.length - bad.length} passed, ${bad.length} failed\n  ${took.join('\n  ')}`);
      for (const failure of failures.filter((f) => f.file === file)) console.log(tell(failure));
      if (other) process.stdout.write(other);
      if (messages) process.stderr.write(messages);
      done();
    });
  });
}

async function worker() {
  for (let file = waiting.shift(); file; file = waiting.shift()) await run(file);
}
const cores = availableParallelism?.() ?? cpus().length;
await Promise.all(Array.from({ length: Math.max(1, Math.min(cores, 4)) }, worker));
if (failures.length > 0) {
  // The end of a long log is what is seen of it: at most eight in full, the rest by name.
  console.log(`\n${failures.length} failures:`);
  for (const failure of failures.slice(8)) console.log(`FAILED ${failure.file}: ${failure.name}: ${short(plain(failure.message).split('\n')[0], 160)}`);
  for (const failure of failures.slice(0, 8).reverse()) console.log(tell(failure));
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
