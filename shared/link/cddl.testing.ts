/**
 * As much of CDDL (RFC 8610) as docs/link-protocol.md is written in: arrays with counted items, choices, ranges, sizes and
 * CBOR in byte strings. For tests only.
 */
import { decodeCbor, type Cbor } from "../cbor.ts";

interface Item {
  least: number;
  most: number;
  type: Type;
}
type Type =
  | { kind: "choice"; of: Type[] }
  | { kind: "array"; items: Item[] }
  | { kind: "range"; least: number; most: number }
  | { kind: "name"; name: string; size: number | null; inside: string | null };

const PRELUDE = new Map<string, (value: Cbor) => boolean>([
  ["bool", (value) => typeof value === "boolean"],
  ["null", (value) => value === null],
  ["true", (value) => value === true],
  ["text", (value) => typeof value === "string"],
  ["bytes", (value) => value instanceof Uint8Array],
]);

const TOKEN = /;.*|\s+|\d+\*\d+|\d+\.\.\d+|\d+|\.size|\.cbor|[a-z][a-z0-9-]*|[=/[\],:]/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) throw new Error(`not CDDL: ${text.slice(at, at + 40)}`);
    if (!/^[;\s]/.test(token)) tokens.push(token);
  }
  return tokens;
}

export interface Cddl {
  /** Names of the rules, as they come. */
  names: readonly string[];
  /** Names that rules refer to. */
  used: ReadonlySet<string>;
  /** Is the value what the rule says? Byte strings that hold CBOR are looked into only on demand. */
  fits(rule: string, value: Cbor, lookInside: boolean): boolean;
}

/** The rules of a text. Throws where it is not CDDL, or not this part of it. */
export function readCddl(text: string): Cddl {
  const tokens = tokensOf(text);
  const rules = new Map<string, Type>();
  const used = new Set<string>();
  let at = 0;
  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw new Error("the CDDL ends too soon");
    return token;
  };
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  const must = (token: string) => {
    if (!take(token)) throw new Error(`${token} is missing before ${tokens.slice(at, at + 4).join(" ")}`);
  };
  const nameOf = (token: string): string => {
    if (!/^[a-z]/.test(token)) throw new Error(`not a name: ${token}`);
    if (!PRELUDE.has(token)) used.add(token);
    return token;
  };
  const type = (): Type => {
    const of = [single()];
    while (take("/")) of.push(single());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "choice", of };
  };
  const single = (): Type => {
    if (take("[")) return { kind: "array", items: items() };
    const token = next();
    if (/^\d/.test(token)) {
      const [least = 0, most = least] = token.split("..").map(Number);
      return { kind: "range", least, most };
    }
    const name = nameOf(token);
    const size = take(".size") ? Number(next()) : null;
    return { kind: "name", name, size, inside: take(".cbor") ? nameOf(next()) : null };
  };
  const items = (): Item[] => {
    const found: Item[] = [];
    do {
      const [least = 1, most = 1] = /^\d+\*/.test(tokens[at] ?? "") ? next().split("*").map(Number) : [];
      // A name for people in front of the type.
      if (tokens[at + 1] === ":") at += 2;
      found.push({ least, most, type: type() });
    } while (take(","));
    must("]");
    return found;
  };
  while (at < tokens.length) {
    const name = next();
    must("=");
    if (PRELUDE.has(name) || rules.has(name)) throw new Error(`said twice: ${name}`);
    rules.set(name, type());
  }

  const fits = (said: Type, value: Cbor, lookInside: boolean): boolean => {
    switch (said.kind) {
      case "choice":
        return said.of.some((each) => fits(each, value, lookInside));
      case "range":
        return Number.isSafeInteger(value) && Number(value) >= said.least && Number(value) <= said.most;
      case "array":
        return Array.isArray(value) && fitsItems(said.items, value, lookInside);
      case "name":
        return fitsName(said, value, lookInside);
    }
  };
  const fitsItems = (said: readonly Item[], values: readonly Cbor[], lookInside: boolean): boolean => {
    let from = 0;
    for (const { least, most, type: each } of said) {
      let taken = 0;
      for (; taken < most && from < values.length; taken++, from++) {
        const value = values[from];
        if (value === undefined || !fits(each, value, lookInside)) break;
      }
      if (taken < least) return false;
    }
    return from === values.length;
  };
  const fitsName = (said: Type & { kind: "name" }, value: Cbor, lookInside: boolean): boolean => {
    const rule = rules.get(said.name);
    const fitsRule = rule === undefined ? PRELUDE.get(said.name)?.(value) : fits(rule, value, lookInside);
    if (fitsRule !== true) return false;
    if (said.size !== null && (!(value instanceof Uint8Array) || value.length !== said.size)) return false;
    if (said.inside === null || !lookInside) return true;
    const inside = value instanceof Uint8Array ? decodeCbor(value) : undefined;
    return inside !== undefined && fitsName({ ...said, name: said.inside, size: null, inside: null }, inside, true);
  };
  return {
    names: [...rules.keys()],
    used,
    fits(rule, value, lookInside) {
      if (!rules.has(rule)) throw new Error(`no such rule: ${rule}`);
      return fitsName({ kind: "name", name: rule, size: null, inside: null }, value, lookInside);
    },
  };
}
