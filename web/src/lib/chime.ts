// A short soft tone for a new alarm: two notes for yellow and blue, three for red and orange.
let context: AudioContext | null = null;

export function chime(rank: number): void {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume();
    const start = context.currentTime + 0.02;
    const notes = rank >= 3 ? [740, 880, 740] : [660, 590];
    notes.forEach((pitch, i) => note(context as AudioContext, pitch, start + i * 0.18));
  } catch {
    // no sound device or not allowed yet: the notice is there all the same
  }
}

function note(ctx: AudioContext, pitch: number, at: number): void {
  const tone = ctx.createOscillator();
  const volume = ctx.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.08, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.16);
  tone.connect(volume).connect(ctx.destination);
  tone.start(at);
  tone.stop(at + 0.17);
}
