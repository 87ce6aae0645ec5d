/** A camera without hardware: a film of one picture, for Chromium's `--use-file-for-fake-video-capture`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "uqr";
import { openScratch } from "../rig/scratch.ts";

const WIDTH = 640;
const HEIGHT = 480;
/** Chromium plays the film again and again. */
const FRAMES = 2;
/** Pixels of one module: readable after the camera's picture was made smaller. */
const MODULE = 8;
const PAPER = 235;
const INK = 16;
const GREY = 128;

/** Film of a QR code that says `text`, in the middle of the picture. @returns its path */
export function filmOf(text: string): string {
  const { data, size } = encode(text);
  const left = Math.floor((WIDTH - size * MODULE) / 2);
  const top = Math.floor((HEIGHT - size * MODULE) / 2);
  const luma = Buffer.alloc(WIDTH * HEIGHT, PAPER);
  for (let y = 0; y < size * MODULE; y++)
    for (let x = 0; x < size * MODULE; x++)
      if (data[Math.floor(y / MODULE)]?.[Math.floor(x / MODULE)] === true) luma[(top + y) * WIDTH + left + x] = INK;
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, GREY);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, chroma]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`);
  const path = join(openScratch("film"), "camera.y4m");
  writeFileSync(path, Buffer.concat([head, ...Array.from({ length: FRAMES }, () => frame)]));
  return path;
}
