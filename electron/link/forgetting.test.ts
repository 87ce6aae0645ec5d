import { beforeEach, describe, expect, test } from "vitest";
import type { ForgotRecord } from "../../shared/domain/record.ts";
import type { Enrolment } from "../identity/enrolment.ts";
import type { Mark } from "../identity/mark.ts";
import { createForgetting } from "./forgetting.ts";

/** What is on disk. */
let enrolment: Enrolment | undefined;
let said: boolean;
let records: ForgotRecord[];
let diskTakes: boolean;
let over: number;

beforeEach(() => {
  const key = new Uint8Array(32);
  enrolment = { event: new Uint8Array(16), eventKey: key, serverKey: key };
  said = false;
  records = [];
  diskTakes = true;
  over = 0;
});

const saidForgot: Mark = { isSet: () => said, set: (isSo) => void (said = isSo) };

/** A station's start on that disk. */
function start() {
  return createForgetting({
    identity: {
      enrolment: () => enrolment,
      forgetKey: () => void (enrolment = enrolment && { ...enrolment, eventKey: null }),
      saidForgot,
    },
    logMs: () => 9,
    async note(record) {
      await Promise.resolve();
      if (diskTakes) records.push(record);
      return diskTakes;
    },
    onOver: () => void (over += 1),
  });
}

describe("told to forget, a station", () => {
  test("destroys the key first, then says so in its log, once however often it is told", async () => {
    const forgetting = start();
    const first = forgetting.forget();
    expect([enrolment?.eventKey, over, records]).toEqual([null, 1, []]);
    await Promise.all([first, forgetting.forget()]);
    await forgetting.forget();
    await start().finish();
    expect(records).toEqual([{ kind: "forgot", ms: 9 }]);
  });

  test("that crashed between the two says it at its next start", async () => {
    enrolment = enrolment && { ...enrolment, eventKey: null };
    await start().finish();
    expect(records).toHaveLength(1);
    await start().finish();
    expect(records).toHaveLength(1);
  });

  test("whose disk does not take the word gives up the link, so that it is told again", async () => {
    diskTakes = false;
    const forgetting = start();
    await expect(forgetting.forget()).rejects.toThrow("did not take");
    expect(said).toBe(false);
    await start().finish();
    diskTakes = true;
    await forgetting.forget();
    expect(records).toHaveLength(1);
  });
});

test("a station that has its key, or is enrolled nowhere, has nothing to say at its start", async () => {
  await start().finish();
  enrolment = undefined;
  await start().finish();
  expect(records).toEqual([]);
});
