import { describe, expect, test } from "vitest";
import { isWeakPin } from "./weak-pin.ts";

describe("a PIN that many would try first is weak", () => {
  test.each([
    "0000",
    "1234",
    "4321",
    "2468",
    "7890",
    "9876543210",
    "1212",
    "123123",
    "5555555",
    "1984",
    "2026",
    "2580",
    "1379",
  ])("%s", (pin) => expect(isWeakPin(pin)).toBe(true));
  test.each(["4711", "8305", "193746", "60517", "314159265358"])("but not %s", (pin) =>
    expect(isWeakPin(pin)).toBe(false),
  );
  test("most PINs are not", () => {
    const weak = Array.from({ length: 10_000 }, (_, at) => String(at).padStart(4, "0")).filter(isWeakPin);
    expect(weak.length).toBeLessThan(450);
  });
});
