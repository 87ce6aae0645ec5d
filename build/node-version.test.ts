import { expect, test } from "vitest";
import { nodeComplaint } from "./node-version.ts";

test("Node 24 and newer are accepted", () => {
  expect(nodeComplaint("v24.0.0")).toBeUndefined();
  expect(nodeComplaint("v26.1.0")).toBeUndefined();
});

test("an older Node is named together with the remedy, on one line", () => {
  const complaint = nodeComplaint("v20.11.1");
  expect(complaint).toContain("v20.11.1");
  expect(complaint).toContain("npm run");
  expect(complaint).not.toContain("\n");
});
