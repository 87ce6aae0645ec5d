import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { watchParts } from "./parts.ts";

function watched() {
  const app = new EventEmitter();
  const said: string[] = [];
  let repaints = 0;
  watchParts(app, { repaint: () => void repaints++, say: (line) => said.push(line), monotonicMs: () => 0 });
  return { said, repaints: () => repaints, gone: (details: object) => app.emit("child-process-gone", {}, details) };
}

test("after the graphics process is gone the window is drawn again", () => {
  const { gone, repaints, said } = watched();
  gone({ type: "GPU", reason: "crashed" });
  expect([repaints(), said]).toEqual([1, ["Chromium's process for GPU is gone (crashed); it starts anew."]]);
});

test("another process is named, and nothing is drawn for it", () => {
  const { gone, repaints, said } = watched();
  gone({ type: "Utility", serviceName: "network.mojom.NetworkService", reason: "killed" });
  expect([repaints(), said[0]]).toEqual([
    0,
    "Chromium's process for network.mojom.NetworkService is gone (killed); it starts anew.",
  ]);
});

test("one that ended by itself is no news, and one that crashes without end fills no log", () => {
  const { gone, repaints, said } = watched();
  gone({ type: "Utility", reason: "clean-exit" });
  for (let time = 0; time < 100; time++) gone({ type: "GPU", reason: "crashed" });
  expect([repaints(), said.length]).toEqual([100, 1]);
});
