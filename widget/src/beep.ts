// A soft tone, made by the browser: there is no sound file to load.

let context: AudioContext | undefined;

/** Must be called by a tap, else browsers keep silent. */
export function allowSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function beep(): void {
  if (!context) return;
  const tone = context.createOscillator();
  const volume = context.createGain();
  const from = context.currentTime;
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.0001, from);
  volume.gain.exponentialRampToValueAtTime(0.2, from + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.6);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + 0.65);
}
