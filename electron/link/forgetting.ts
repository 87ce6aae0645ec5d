/** The end of retention: the event key is destroyed, and the log says so, whatever breaks in between. */
import type { ForgotRecord } from "../../shared/domain/record.ts";
import type { Identity } from "../identity/identity.ts";

export interface ForgettingSurroundings {
  identity: Pick<Identity, "enrolment" | "forgetKey" | "saidForgot">;
  logMs: () => number;
  /** Store a record; true when it is on disk. */
  note: (record: ForgotRecord) => Promise<boolean>;
  /** Nobody can vote here any more. */
  onOver: () => void;
}

export interface Forgetting {
  /** Destroy the key and say so. Rejects when the disk does not take it; then the server asks again. */
  forget(): Promise<void>;
  /** At the start, once there is a log: say what a crash kept from being said. */
  finish(): Promise<void>;
}

export function createForgetting({ identity, logMs, note, onOver }: ForgettingSurroundings): Forgetting {
  let saying: Promise<void> | null = null;
  const say = async () => {
    if (identity.saidForgot.isSet()) return;
    if (!(await note({ kind: "forgot", ms: logMs() }))) throw new Error("the log did not take that the key is gone");
    identity.saidForgot.set(true);
  };
  /** Asked twice, it is said once. */
  const sayOnce = async () => {
    saying ??= say().finally(() => (saying = null));
    await saying;
  };
  return {
    async forget() {
      identity.forgetKey();
      onOver();
      await sayOnce();
    },
    async finish() {
      const enrolment = identity.enrolment();
      if (enrolment === undefined || enrolment.eventKey !== null) return;
      // A full disk is no reason not to start: the server asks again.
      await sayOnce().catch(() => undefined);
    },
  };
}
