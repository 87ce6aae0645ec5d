import { inspect } from "node:util";
import { expect, test } from "vitest";
import { KeptToken, newToken } from "./token.ts";

test("a kept token fits itself and nothing else, whatever its length", () => {
  const token = newToken();
  const kept = new KeptToken(token);
  expect(kept.fits(token)).toBe(true);
  for (const guess of ["", token.slice(1), `${token}x`, token.toLowerCase(), newToken()])
    expect(kept.fits(guess)).toBe(false);
});

test("nothing of a kept token can be told, so that it is compared in no other way and logged by nobody", () => {
  const kept = new KeptToken("correct horse");
  expect(JSON.stringify(kept)).toBe("{}");
  expect(inspect(kept, { showHidden: true, depth: 9 })).toBe("KeptToken {}");
  expect(Reflect.ownKeys(kept)).toEqual([]);
});
