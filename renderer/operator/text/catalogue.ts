import type { ReaderKind, Readiness } from "../../../shared/events/operator.ts";
import type { DigitsForm, Technology, UidFlag } from "../../../shared/domain/mapping.ts";
import type { PluralForms } from "../../ui/text/plural.ts";
import type { NetworkTruth } from "../network-truth.ts";
import type { Room } from "../rooms.ts";

/** Every word of the operator's panel, in one language. `{name}` marks a place to fill. */
export interface PanelText {
  title: string;
  leave: string;
  rooms: Record<Room, string>;
  /** Spoken after a room's name, and shown by a picture: is this part of setting up done? */
  done: string;
  open: string;
  path: { of: string; next: string; skip: string; finish: string };
  strips: { lost: string; conflict: string; dismiss: string; refusedAway: string; testing: string };
  idle: { title: string; detail: string; stay: string };
  access: AccessText;
  network: Record<NetworkTruth, string>;
  server: ServerText;
  admit: AdmitText;
  readers: ReadersText;
  more: ReaderMoreText;
  wizard: WizardText;
  check: CheckText;
  test: TestText;
  settings: SettingsText;
  keys: { erase: string; space: string; shift: string; other: string; keyboard: string };
}

interface AccessText {
  choose: string;
  chooseDetail: string;
  again: string;
  againDetail: string;
  differ: string;
  ask: string;
  askDetail: string;
  wrong: PluralForms;
  locked: string;
  lockedDetail: string;
  forgotten: string;
  pin: string;
  digits: PluralForms;
  ok: string;
  away: string;
  awayDetail: string;
  retry: string;
}

interface ServerText {
  title: string;
  detail: string;
  address: string;
  none: string;
  fixed: string;
  found: string;
  foundNone: string;
  searching: string;
  search: string;
  use: string;
  scan: string;
  scanDetail: string;
  scanned: string;
  type: string;
  field: string;
  save: string;
  cancel: string;
  camera: { starting: string; denied: string; missing: string; busy: string; insecure: string; noAddress: string };
}

interface AdmitText {
  title: string;
  online: string;
  onlineDetail: string;
  code: string;
  todo: readonly [string, string, string];
  waiting: string;
  away: string;
  refused: string;
  revoked: string;
}

interface ReadersText {
  title: string;
  answer: string;
  choose: string;
  none: string;
  elsewhere: string;
  moreNumbers: string;
  state: { present: string; lost: string; lit: string };
  taps: PluralForms;
  noTaps: string;
  errors: PluralForms;
  lastTap: string;
  never: string;
  lastPresent: string;
  flags: Record<UidFlag, string>;
  teach: string;
  teachHint: string;
  emptyTitle: string;
  emptyDetail: string;
  hold: string;
  holdFor: string;
  left: string;
  stop: string;
  ask: string;
  askDetail: string;
  asked: string;
  heard: string;
  heardDetail: string;
  inHand: string;
  inHandDetail: string;
  deviceInHand: string;
  put: string;
  settings: string;
  letGo: string;
  /** Said when a reader's place changed. */
  moved: string;
  unmoved: string;
  devices: PluralForms;
  devicesDetail: string;
  listening: Record<"listening" | "asking" | "heard" | "silent", string>;
  useDevice: string;
  kinds: Record<ReaderKind, string>;
  lane: string;
  readerSpoken: string;
}

interface ReaderMoreText {
  close: string;
  rename: string;
  name: string;
  save: string;
  cancel: string;
  place: string;
  everyPoll: string;
  thisPoll: string;
  signal: string;
  good: string;
  bad: string;
  noSignal: string;
  gap: string;
  gapDetail: string;
  gapValue: string;
  shorter: string;
  longer: string;
  format: string;
  formatDetail: string;
  technology: string;
  technologies: Record<Technology, string>;
  digits: string;
  forms: Record<DigitsForm, string>;
  order: string;
  forward: string;
  reversed: string;
  /** Asked before numbers are read otherwise in the middle of a vote. */
  unchanged: string;
  voting: string;
  leaveIt: string;
  anyway: string;
  compare: string;
  compareDetail: string;
  remove: string;
  removeAsk: string;
  removeDetail: string;
  removeDo: string;
  fixed: string;
}

interface WizardText {
  title: string;
  pick: string;
  pickDetail: string;
  noOther: string;
  hold: string;
  holdSecond: string;
  seen: string;
  waiting: string;
  agree: string;
  agreeDetail: string;
  change: string;
  changeDetail: string;
  apply: string;
  ambiguous: string;
  ambiguousDetail: string;
  disagree: string;
  disagreeDetail: string;
  done: string;
  stop: string;
}

interface CheckText {
  title: string;
  detail: string;
  start: string;
  again: string;
  finish: string;
  tapEach: string;
  tapped: PluralForms;
  toTap: string;
  allTapped: string;
  names: Record<Readiness["checks"][number]["check"], string>;
  words: Record<Readiness["checks"][number]["word"], string>;
  software: string;
  station: string;
  event: string;
  startedAt: string;
  finishedAt: string;
  running: string;
  print: string;
  signature: string;
  noReaders: string;
}

interface TestText {
  title: string;
  off: string;
  offDetail: string;
  on: string;
  onDetail: string;
  start: string;
  stop: string;
  taps: PluralForms;
  counts: string;
}

interface SettingsText {
  title: string;
  guide: string;
  guideDetail: string;
  pin: string;
  pinDetail: string;
  pinChange: string;
  numbers: string;
  bits: string;
  collisions: PluralForms;
  noCollisions: string;
}
