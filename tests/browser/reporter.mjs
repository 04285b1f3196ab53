// What one file of browser tests did, one JSON object a line, for run.mjs.
const told = (error) => {
  const cause = error?.cause instanceof Error ? error.cause : error;
  return { message: String(cause?.message ?? cause), stack: String(cause?.stack ?? '') };
};

export default async function* lines(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // A test that holds others fails with them; it is counted, and told by them.
    const holds = data.details.error?.failureType === 'subtestsFailed';
    const out = { passed: type === 'test:pass', name: data.name, depth: data.nesting, seconds: data.details.duration_ms / 1000 };
    yield `${JSON.stringify(out.passed || holds ? out : { ...out, ...told(data.details.error) })}\n`;
  }
}
