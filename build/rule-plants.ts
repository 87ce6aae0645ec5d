/** Rules the code relies on. A rule whose name or plugin changes falls silent; these would tell. */
import type { Plant } from "./plant.ts";

const rule = (name: string, source: string): Plant => ({
  wall: `rule ${name}`,
  folder: "server",
  source,
  caughtBy: ["lint"],
  rule: name,
});

export const RULE_PLANTS: readonly Plant[] = [
  {
    ...rule("import(no-cycle)", 'import { one } from "./%partner%";\nexport const two: number = one;\n'),
    partner: 'import { two } from "./%plant%";\nexport const one: number = two;\n',
  },
  rule("typescript(no-floating-promises)", "async function later(): Promise<void> {}\nlater();\n"),
  rule("typescript(no-misused-promises)", "export const f = (x: Promise<number>): number => (x ? 1 : 0);\n"),
  rule("typescript(await-thenable)", "export const f = async (x: number): Promise<number> => await x;\n"),
  rule(
    "typescript(switch-exhaustiveness-check)",
    'export function f(x: "a" | "b"): void {\n  switch (x) {\n    case "a":\n  }\n}\n',
  ),
  rule("typescript(no-explicit-any)", "export declare const it: any;\n"),
  rule("typescript(no-non-null-assertion)", "export const f = (x?: number): number => x!;\n"),
  rule("typescript(no-unsafe-assignment)", 'export const it: { a: string } = JSON.parse("{}");\n'),
  rule("typescript(no-unsafe-argument)", "export const it = Math.abs(JSON.parse('1'));\n"),
  rule("typescript(no-unsafe-call)", 'JSON.parse("{}")();\n'),
  rule("typescript(no-unsafe-member-access)", 'export const it: unknown = JSON.parse("{}").a;\n'),
  rule("typescript(no-unsafe-return)", "export const f = (): number => JSON.parse('1');\n"),
  rule("typescript(no-unsafe-type-assertion)", "export const f = (x: unknown): number => x as number;\n"),
  rule("typescript(no-unnecessary-type-assertion)", "export const f = (x: number): number => x as number;\n"),
  rule("typescript(only-throw-error)", 'export const f = (): never => {\n  throw "no";\n};\n'),
];
