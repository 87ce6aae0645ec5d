/** How the parts of a program are, and since when. */
import { HEALTH_WORDS, type HealthPart, type HealthWord } from "../api/health.ts";

/** A part as it is found: well, or how it is not, with what to do in plain words. */
export type Finding = null | { status: Exclude<HealthWord, "ok">; reason: string };

export const degraded = (reason: string): Finding => ({ status: "degraded", reason });
export const failing = (reason: string): Finding => ({ status: "failing", reason });

/** The part as it is shown now. One that stays as it was keeps its time. */
export type ShowPart = (name: string, finding: Finding) => HealthPart;

/** @param wallMs milliseconds since 1970 */
export function createParts(wallMs: () => number): ShowPart {
  const found = new Map<string, { status: HealthWord; since: string }>();
  return (name, finding) => {
    if (finding === null) {
      found.delete(name);
      return { status: "ok" };
    }
    const before = found.get(name);
    const since = before?.status === finding.status ? before.since : new Date(wallMs()).toISOString();
    found.set(name, { status: finding.status, since });
    return { ...finding, since };
  };
}

/** The worst of the parts is how the whole is. */
export function worstOf(parts: Readonly<Record<string, HealthPart>>): HealthWord {
  return Object.values(parts).reduce<HealthWord>((worst, { status }) => {
    return HEALTH_WORDS.indexOf(status) > HEALTH_WORDS.indexOf(worst) ? status : worst;
  }, "ok");
}

/** For strangers: how each part is, and nothing of why, where or since when. */
export function withoutReasons<Parts extends Readonly<Record<string, HealthPart>>>(parts: Parts): Parts {
  const bare = Object.entries(parts).map(([name, { status }]): [string, HealthPart] => [name, { status }]);
  return { ...parts, ...Object.fromEntries<HealthPart>(bare) };
}
