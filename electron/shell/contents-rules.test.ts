import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { ruleContents, type RuledContents } from "./contents-rules.ts";

function ruled(packaged: boolean) {
  const done: string[] = [];
  const contents = Object.assign(new EventEmitter(), {
    setZoomFactor: (factor: number) => void done.push(`zoom ${factor}`),
    async setVisualZoomLevelLimits(lowest: number, highest: number) {
      done.push(`fingers ${lowest} to ${highest}`);
      throw new Error("the page is gone");
    },
    closeDevTools: () => void done.push("close tools"),
  }) satisfies RuledContents;
  ruleContents(contents, packaged);
  return { contents, done };
}

test.each(["did-finish-load", "zoom-changed"])(
  "after %s the page has its own size, to the wheel and to fingers",
  (event) => {
    const { contents, done } = ruled(true);
    contents.emit(event);
    expect(done).toEqual(["zoom 1", "fingers 1 to 1"]);
  },
);

test("no menu opens on the page", () => {
  let prevented = false;
  ruled(true).contents.emit("context-menu", { preventDefault: () => (prevented = true) });
  expect(prevented).toBe(true);
});

test("developer tools close as they open, but for whoever develops", () => {
  for (const packaged of [true, false]) {
    const { contents, done } = ruled(packaged);
    contents.emit("devtools-opened");
    expect(done).toEqual(packaged ? ["close tools"] : []);
  }
});
