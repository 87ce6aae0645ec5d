/**
 * Prometheus' text format, read as strictly as Prometheus does, and a little more (prometheus.io/docs/instrumenting/
 * exposition_formats). Throws with the line that is wrong.
 */

export interface Family {
  type: string;
  help: string;
  /** Value by name and labels, as they are written. */
  samples: Map<string, number>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`);
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"`;
const SAMPLE = new RegExp(`^(${NAME})((?:\\{${LABEL}(?:,${LABEL})*\\})?) (\\S+)$`);
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]?inf|nan)$/i;
const TYPES = ["counter", "gauge", "histogram", "summary", "untyped"];

export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const families = new Map<string, Family>();
  let current: { name: string; family: Family } | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const comment = COMMENT.exec(line);
    if (comment !== null) {
      const [, kind = "", name = "", rest = ""] = comment;
      if (kind === "HELP") {
        if (families.has(name)) throw new Error(`a second family: ${line}`);
        current = { name, family: { type: "untyped", help: rest, samples: new Map() } };
        families.set(name, current.family);
      } else if (current?.name !== name || !TYPES.includes(rest)) throw new Error(`no such type, or not here: ${line}`);
      else current.family.type = rest;
      continue;
    }
    const [, name = "", labels = "", number = ""] = SAMPLE.exec(line) ?? fail(`not a sample: ${line}`);
    if (current === undefined || !belongs(name, current)) throw new Error(`of another family: ${line}`);
    if (!NUMBER.test(number)) throw new Error(`not a number: ${line}`);
    if (current.family.samples.has(name + labels)) throw new Error(`said twice: ${line}`);
    current.family.samples.set(name + labels, Number(number.replace(/inf/i, "Infinity")));
  }
  for (const [name, family] of families) if (family.type === "histogram") checkHistogram(name, family);
  return families;
}

function belongs(name: string, { name: family, family: { type } }: { name: string; family: Family }): boolean {
  if (type !== "histogram") return name === family;
  return ["_bucket", "_sum", "_count"].some((end) => name === family + end);
}

/** Buckets rise, end with all of them, and agree with the count, whatever other labels there are. */
function checkHistogram(name: string, { samples }: Family): void {
  const buckets = new Map<string, { last: number; whole: number | undefined }>();
  for (const [key, value] of samples) {
    if (!key.startsWith(`${name}_bucket{`)) continue;
    const [le] = /le="[^"]*"/.exec(key) ?? fail(`${name}: a bucket without its bound`);
    const others = key
      .slice(`${name}_bucket{`.length, -1)
      .split(",")
      .filter((label) => label !== le);
    const before = buckets.get(others.join()) ?? { last: 0, whole: undefined };
    if (value < before.last) throw new Error(`${name}: buckets fall`);
    buckets.set(others.join(), { last: value, whole: le === 'le="+Inf"' ? value : before.whole });
  }
  for (const [others, { whole }] of buckets) {
    const count = samples.get(`${name}_count${others === "" ? "" : `{${others}}`}`);
    if (whole === undefined || whole !== count)
      throw new Error(`${name}{${others}}: ${count} in all, ${whole} in buckets`);
  }
}

function fail(why: string): never {
  throw new Error(why);
}
