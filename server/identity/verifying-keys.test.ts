import { expect, test } from "vitest";
import { newKeyPem, signingKey, verifyingKey } from "./ed25519.ts";
import { keepVerifyingKeys } from "./verifying-keys.ts";

function workshop(most: number) {
  let made = 0;
  const keyOf = keepVerifyingKeys((publicKey) => {
    made += 1;
    return verifyingKey(publicKey);
  }, most);
  return { keyOf, made: () => made };
}

const newKey = () => signingKey(newKeyPem()).publicKey;
const [one, two, three] = [newKey(), newKey(), newKey()] as const;

test("a key is made once, whoever brings the same bytes, and each station has its own", () => {
  const { keyOf, made } = workshop(2);
  expect(keyOf(one)).toBe(keyOf(one.slice()));
  expect(keyOf(two)?.export({ format: "jwk" })).toEqual(verifyingKey(two)?.export({ format: "jwk" }));
  expect(made()).toBe(2);
});

test("of more keys than are kept, the one asked for longest ago is made anew", () => {
  const { keyOf, made } = workshop(2);
  const [first, second] = [keyOf(one), keyOf(two)];
  expect(keyOf(one)).toBe(first);
  keyOf(three);
  expect(keyOf(one)).toBe(first);
  expect(made()).toBe(3);
  expect(keyOf(two)).not.toBe(second);
  expect(made()).toBe(4);
});

test("bytes that are no key are none, and take nobody's place", () => {
  const { keyOf, made } = workshop(1);
  keyOf(one);
  expect(keyOf(new Uint8Array(5))).toBeUndefined();
  keyOf(one);
  expect(made()).toBe(2);
});
