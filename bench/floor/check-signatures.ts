/**
 * The floor of batches of one: how many Ed25519 signatures this machine checks a second, in Node's pool of threads, with
 * as many asked for at once as 50 stations may have in flight. Nothing else is done.
 *
 * Asked for a number of checks it answers with checks a second.
 */
import { generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import * as v from "valibot";
import { answerParent } from "../child.ts";

const IN_FLIGHT = 400;
/** What a batch of one is signed over: log, first, count and two hashes. */
const SIGNED_BYTES = 100;
const SIGNATURES = 64;

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const signed = Array.from({ length: SIGNATURES }, () => {
  const bytes = randomBytes(SIGNED_BYTES);
  return { bytes, signature: sign(null, bytes, privateKey) };
});

const check = (at: number) => {
  const { bytes, signature } = signed[at % SIGNATURES] ?? { bytes: Buffer.alloc(0), signature: Buffer.alloc(0) };
  return new Promise<void>((resolve, reject) => {
    verify(null, bytes, publicKey, signature, (error, fits) => {
      if (fits && error === null) resolve();
      else reject(new Error("a good signature does not fit", { cause: error }));
    });
  });
};

answerParent(async (question) => {
  const checks = v.parse(v.number(), question);
  let asked = 0;
  const startMs = performance.now();
  const one = async () => {
    while (asked < checks) await check(asked++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
  return (checks * 1000) / (performance.now() - startMs);
});
