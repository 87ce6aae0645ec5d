/** The files of a station's identity as a disk, a backup or a hand left them, fuzzed. For tests only. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import { newStationKeyPem } from "../identity/ed25519.ts";
import { openEnrolment } from "../identity/enrolment.ts";
import { openIdentity } from "../identity/identity.ts";
import type { Seal } from "../identity/seal.ts";

const ENROLMENTS = [
  `{"event":"${"ab".repeat(16)}","eventKey":"${"cd".repeat(32)}","serverKey":"${"ef".repeat(32)}"}`,
  `{"event":"${"ab".repeat(16)}","eventKey":null,"serverKey":"${"ef".repeat(32)}"}`,
  `{"event":"${"ab".repeat(16)}","eventKey":"sealed:${"0d".repeat(33)}","serverKey":"${"ef".repeat(32)}"}`,
];
/** Being destroyed: read it once, and the disk is written. */
const HALF_GONE = `{"event":"${"ab".repeat(16)}","eventKey":"x${"cd".repeat(31)}","serverKey":"${"ef".repeat(32)}"}`;
const HALF_GONE_ONE_IN = 500;

const seal: Seal = { seal: (bytes) => bytes, open: (bytes) => (bytes[0] === 13 ? bytes.slice(1) : undefined) };

/** @param directory an empty one on a disk that is quick to write: memory, where there is such */
export function identityTargets(directory: string): Target[] {
  return [enrolmentTarget(directory), keyTarget(directory)];
}

function enrolmentTarget(directory: string): Target {
  return {
    name: "the station's enrolment",
    outcomes: ["enrolled", "key destroyed", "data-corrupt", "key-sealed"],
    next(random) {
      const text = mutateText(random, random.oneIn(HALF_GONE_ONE_IN) ? [HALF_GONE] : ENROLMENTS);
      const canOpen = random.oneIn(2);
      return {
        shown: () => JSON.stringify(text),
        attempt: () =>
          judged(() => {
            writeFileSync(join(directory, "enrolment.json"), text);
            const enrolment = openEnrolment(directory, canOpen ? seal : null).current();
            must(enrolment?.event.length === 16 && enrolment.serverKey.length === 32, "ids and keys have their length");
            must(enrolment?.eventKey === null || enrolment?.eventKey.length === 32, "so has the event key");
            return enrolment?.eventKey === null ? "key destroyed" : "enrolled";
          }),
      };
    },
  };
}

function keyTarget(directory: string): Target {
  const pems = [newStationKeyPem(), newStationKeyPem()];
  const place = join(directory, "key");
  openIdentity(place, null);
  return {
    name: "the station's key",
    outcomes: ["read", "data-corrupt"],
    next(random) {
      const text = mutateText(random, pems);
      return {
        shown: () => JSON.stringify(text),
        attempt: () =>
          judged(() => {
            writeFileSync(join(place, "station-key.pem"), text);
            must(openIdentity(place, null).key.publicKey.length === 32, "a key has its length");
            return "read";
          }),
      };
    },
  };
}

function judged(open: () => string): string {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof StationUnusable)) throw error;
    must(/\. \w.*\.$/.test(error.message), "it tells a remedy");
    return error.code;
  }
}
