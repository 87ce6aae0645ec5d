import { expect, test } from "vitest";
import { newKeyPem, signingKey, verifyingKey } from "./ed25519.ts";
import { createSignatureCheck } from "./signature-check.ts";

const own = signingKey(newKeyPem());
const BYTES = Uint8Array.of(1, 2, 3);
const SIGNATURE = own.sign(BYTES);
const FORGED = SIGNATURE.map((byte, at) => (at === 40 ? byte ^ 1 : byte));

const key = keyOf(own.publicKey);

function keyOf(publicKey: Uint8Array) {
  const made = verifyingKey(publicKey);
  if (made === undefined) throw new Error("no key");
  return made;
}

/** Turns of the loop in the test's hands, and in which order checks were done. */
function createBed() {
  const turns: (() => void)[] = [];
  const check = createSignatureCheck((run) => void turns.push(run));
  const done: number[] = [];
  return {
    done,
    ask: (at: number, signature = SIGNATURE) => {
      const fits = check(key, BYTES, signature);
      void fits.then(() => done.push(at));
      return fits;
    },
    endTurn: () => turns.splice(0).forEach((run) => run()),
  };
}

/** Everything that promises alone set going has happened. */
const settled = async () => {
  for (let step = 0; step < 5; step++) await Promise.resolve();
};

test("a signature that comes alone is checked at once", async () => {
  const { ask, done, endTurn } = createBed();
  void ask(1);
  await settled();
  endTurn();
  void ask(2);
  await settled();
  expect(done).toEqual([1, 2]);
});

test("of those that come within one turn of the loop only the first holds it up", async () => {
  const { ask, done } = createBed();
  const all = [1, 2, 3].map((at) => ask(at));
  await settled();
  expect(done).toEqual([1]);
  expect(await Promise.all(all)).toEqual([true, true, true]);
});

test("while others are checked in the pool, none is checked in the loop", async () => {
  const { ask, done, endTurn } = createBed();
  const all = [ask(1), ask(2)];
  await settled();
  endTurn();
  all.push(ask(3));
  await settled();
  expect(done).toEqual([1]);
  expect(await Promise.all(all)).toEqual([true, true, true]);
});

test("wherever it is checked, a forged signature does not fit, nor one of another length", async () => {
  const { ask } = createBed();
  const [atOnce, pooled, short] = [ask(1, FORGED), ask(2, FORGED), ask(3, SIGNATURE.subarray(1))];
  expect([await atOnce, await pooled, await short]).toEqual([false, false, false]);
  const other = createBed();
  expect(await other.ask(1, new Uint8Array())).toBe(false);
});
