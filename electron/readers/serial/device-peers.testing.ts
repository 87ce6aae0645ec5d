/**
 * Devices that have to be asked, played on the far end of a serial line: by their datasheets' bytes, not by our encoder.
 * For tests only.
 */
interface DeviceManners {
  /** One byte at a time, each on its own. */
  split: boolean;
  delayMs: number;
  /** What the line adds before each answer. */
  garbage: Uint8Array;
  /** It hears, and says nothing. */
  mute: boolean;
}

export interface DevicePeer {
  readonly manners: DeviceManners;
  /** Bytes that came over the line. */
  hear(bytes: Uint8Array): void;
  put(uid: Uint8Array): void;
  take(): void;
  /** What its output ports were set to, in their order. */
  readonly ports: number[];
  /** Questions it understood. */
  readonly asked: string[];
}

/** @param send writes to the line */
export type PlayDevice = (
  send: (bytes: Uint8Array) => void,
  after: (ms: number, run: () => void) => void,
) => DevicePeer;

const MAX_HEARD = 400;

/** The end of what was heard, as hexadecimal, to find whole questions in however they arrive. */
function createEar(questions: readonly string[], answer: (question: string) => void): (bytes: Uint8Array) => void {
  let heard = "";
  return (bytes) => {
    for (const byte of bytes) {
      heard = (heard + byte.toString(16).padStart(2, "0")).slice(-MAX_HEARD);
      const question = questions.find((hex) => heard.endsWith(hex));
      if (question === undefined) continue;
      heard = "";
      answer(question);
    }
  };
}

function createMouth(
  manners: DeviceManners,
  send: (bytes: Uint8Array) => void,
  after: (ms: number, run: () => void) => void,
) {
  return (...bytes: readonly number[]) => {
    if (manners.mute) return;
    const all = Uint8Array.of(...manners.garbage, ...bytes);
    after(manners.delayMs, () => {
      if (!manners.split) return send(all);
      for (const byte of all) send(Uint8Array.of(byte));
    });
  };
}

function goodManners(): DeviceManners {
  return { split: false, delayMs: 0, garbage: new Uint8Array(), mute: false };
}

const sum = (bytes: readonly number[]): number => bytes.reduce((total, byte) => (total + byte) % 256, 0);

export const playSm130: PlayDevice = (send, after) => {
  const manners = goodManners();
  const say = createMouth(manners, send, after);
  const answer = (...body: readonly number[]) => say(0xff, 0, body.length, ...body, sum([body.length, ...body]));
  let tag: Uint8Array | undefined;
  let antenna = false;
  let seeking = false;
  const ports: number[] = [];
  const asked: string[] = [];

  const tell = () => {
    if (tag === undefined || !seeking) return;
    seeking = false;
    answer(0x82, tag.length === 4 ? 2 : 1, ...tag);
  };
  const answers: Record<string, () => void> = {
    ff00018182: () => answer(0x81, ...new TextEncoder().encode("UM 1.3c")),
    ff0002900193() {
      antenna = true;
      answer(0x90, 1);
    },
    ff00018283() {
      if (!antenna) return answer(0x82, 0x55);
      seeking = true;
      answer(0x82, 0x4c);
      tell();
    },
    ...Object.fromEntries(
      [0, 1, 2].map((value) => [
        `ff0002920${value}9${4 + value}`,
        () => {
          // A command ends a seek.
          seeking = false;
          ports.push(value);
          answer(0x92, value);
        },
      ]),
    ),
  };
  return {
    manners,
    ports,
    asked,
    hear: createEar(Object.keys(answers), (question) => {
      asked.push(question);
      answers[question]?.();
    }),
    put(uid) {
      tag = uid;
      tell();
    },
    take() {
      tag = undefined;
    },
  };
};

export const playPn532: PlayDevice = (send, after) => {
  const manners = goodManners();
  const say = createMouth(manners, send, after);
  const answer = (...body: readonly number[]) => {
    const bytes = [0xd5, ...body];
    // The acknowledgement first, in the same breath, as it comes over USB.
    const frame = [0, 0, 0xff, bytes.length, (256 - bytes.length) % 256, ...bytes, (256 - sum(bytes)) % 256, 0];
    say(0, 0, 0xff, 0, 0xff, 0, ...frame);
  };
  let tag: Uint8Array | undefined;
  let awake = false;
  const asked: string[] = [];
  const awakened: Record<string, () => void> = {
    "0000ff02fed4022a00": () => answer(0x03, 0x32, 0x01, 0x06, 0x07),
    "0000ff06fad43205ff0102f300": () => answer(0x33),
    "0000ff04fcd44a0100e100"() {
      if (tag === undefined) return answer(0x4b, 0);
      // One of 7 bytes speaks ISO 14443-4 here, so that an ATS follows its UID.
      const ats = tag.length === 7 ? [0x06, 0x75, 0x77, 0x81, 0x02, 0x80] : [];
      answer(0x4b, 1, 1, 0, 4, tag.length === 7 ? 0x20 : 8, tag.length, ...tag, ...ats);
    },
  };
  const woken = `5555${"00".repeat(14)}ff03fdd414011700`;
  return {
    manners,
    ports: [],
    asked,
    hear: createEar([woken, ...Object.keys(awakened)], (question) => {
      asked.push(question);
      if (question === woken) {
        awake = true;
        return answer(0x15);
      }
      if (awake) awakened[question]?.();
    }),
    put(uid) {
      tag = uid;
    },
    take() {
      tag = undefined;
    },
  };
};
