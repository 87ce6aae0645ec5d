/** Short synthesised sounds, no files: told apart by rhythm and direction, not by pitch alone. */
import type { Tone } from "./outcomes.ts";

export type SoundName = Tone | "upgrade";

interface Note {
  readonly atMs: number;
  readonly forMs: number;
  readonly hz: number;
  readonly wave: OscillatorType;
}

const SOUNDS: Readonly<Record<SoundName, readonly Note[]>> = {
  // Two notes up: yes.
  success: [
    { atMs: 0, forMs: 110, hz: 659, wave: "sine" },
    { atMs: 95, forMs: 210, hz: 988, wave: "sine" },
  ],
  // One soft high note: "stored" became "counted".
  upgrade: [{ atMs: 0, forMs: 160, hz: 1319, wave: "sine" }],
  // One soft note that stays where it is: all is well already.
  calm: [{ atMs: 0, forMs: 200, hz: 523, wave: "sine" }],
  // Three quick steps up that stop before the end: your turn.
  prompt: [
    { atMs: 0, forMs: 60, hz: 523, wave: "triangle" },
    { atMs: 75, forMs: 60, hz: 587, wave: "triangle" },
    { atMs: 150, forMs: 110, hz: 659, wave: "triangle" },
  ],
  // Two equal knocks: once more, please.
  again: [
    { atMs: 0, forMs: 80, hz: 440, wave: "triangle" },
    { atMs: 150, forMs: 80, hz: 440, wave: "triangle" },
  ],
  // One long low note that falls: no.
  refusal: [
    { atMs: 0, forMs: 160, hz: 220, wave: "square" },
    { atMs: 160, forMs: 300, hz: 165, wave: "square" },
  ],
  // Three falling, rough: something is broken.
  failure: [
    { atMs: 0, forMs: 180, hz: 494, wave: "sawtooth" },
    { atMs: 230, forMs: 180, hz: 370, wave: "sawtooth" },
    { atMs: 460, forMs: 380, hz: 247, wave: "sawtooth" },
  ],
};
// Square and saw are much louder than a sine of the same height.
const LOUDNESS: Readonly<Record<OscillatorType, number>> = {
  sine: 0.25,
  triangle: 0.3,
  square: 0.08,
  sawtooth: 0.1,
  custom: 0,
};

/**
 * Plays sounds where the browser lets it; is silent where it does not (a browser blocks audio until somebody
 * touched the page, a kiosk may have no sound card). Never throws.
 */
export function createSounds(openAudio: () => AudioContext): { play: (sound: SoundName) => void; wake: () => void } {
  let audio: AudioContext | null = null;
  const open = (): AudioContext | null => {
    try {
      audio ??= openAudio();
    } catch {
      // No sound card. The next try may find one.
    }
    return audio;
  };
  const wake = (): void => {
    // Only from a gesture: elsewhere a browser that blocks audio refuses, and complains each time.
    open()
      ?.resume()
      .catch(() => undefined);
  };
  const play = (sound: SoundName): void => {
    const speaker = open();
    // A sound that cannot be heard now is dropped: heard later it would answer the wrong person.
    if (speaker?.state !== "running") return;
    for (const note of SOUNDS[sound]) playNote(speaker, note);
  };
  return { play, wake };
}

function playNote(audio: AudioContext, note: Note): void {
  const from = audio.currentTime + note.atMs / 1000;
  const to = from + note.forMs / 1000;
  const voice = audio.createOscillator();
  const volume = audio.createGain();
  voice.type = note.wave;
  voice.frequency.value = note.hz;
  // Ramps instead of steps: a step clicks.
  volume.gain.setValueAtTime(0.0001, from);
  volume.gain.exponentialRampToValueAtTime(LOUDNESS[note.wave], from + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, to);
  voice.connect(volume).connect(audio.destination);
  voice.start(from);
  voice.stop(to + 0.02);
}
