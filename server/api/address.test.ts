import jsQr from "jsqr";
import { expect, test } from "vitest";
import { createTestBed } from "./test-bed.ts";

/** Each dark square of the drawing is one rectangle of its path. */
function pixelsOf(svg: string): { pixels: Uint8ClampedArray; side: number } {
  const side = Number(/viewBox="0 0 (\d+) \d+"/.exec(svg)?.[1]);
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width, height] of svg.matchAll(/M(\d+),(\d+)h(\d+)v(\d+)h-\d+z/g)) {
    for (let row = Number(y); row < Number(y) + Number(height); row++)
      for (let column = Number(x); column < Number(x) + Number(width); column++)
        pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
  }
  return { pixels, side };
}

test("the drawing is read by a camera as the server's address and nothing more, by whoever asks", async () => {
  const bed = await createTestBed();
  const reply = await bed.api.inject({ url: "/api/v1/address.svg", headers: { host: "localhost" } });
  expect(reply.statusCode).toBe(200);
  expect(reply.headers["content-type"]).toContain("image/svg+xml");
  const { pixels, side } = pixelsOf(reply.body);
  expect(jsQr.default(pixels, side, side)?.data).toBe("https://votes.example:7070");
  await bed.close();
});
