/** Requests parsed by valibot, strictly and without coercion; the same schemas type the routes and are published. */
import type { FastifySchemaCompiler, FastifyTypeProvider } from "fastify";
import * as v from "valibot";
import type { Fault } from "../../shared/api/problem.ts";
import { UNNAMED_FIELD } from "../../shared/api/roll.ts";

/** Types of a route from its schemas: what a handler gets, and what it must send. */
export interface ValibotTypes extends FastifyTypeProvider {
  validator: this["schema"] extends v.GenericSchema ? v.InferOutput<this["schema"]> : unknown;
  serializer: this["schema"] extends v.GenericSchema ? v.InferInput<this["schema"]> : unknown;
}

/** What is wrong with a request, place by place. */
export class RequestFaults extends Error {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super("the request is not as the API asks");
    this.name = "RequestFaults";
    this.faults = faults;
  }
}

/** Beyond a handful nobody reads on, and 50 options could each be wrong. */
const MAX_FAULTS = 10;

const PLACES: Readonly<Record<string, Fault["in"]>> = {
  body: "body",
  params: "path",
  querystring: "query",
  headers: "header",
};

export const compileValidator: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!isSchema(schema)) throw new TypeError("a route's schema must be valibot's");
  const place = PLACES[httpPart ?? ""] ?? "body";
  return (value: unknown) => {
    const parsed = v.safeParse(schema, value);
    if (parsed.success) return { value: parsed.output };
    return { error: new RequestFaults(parsed.issues.slice(0, MAX_FAULTS).map((issue) => faultOf(issue, place))) };
  };
};

export function isSchema(value: unknown): value is v.GenericSchema {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "schema";
}

function faultOf(issue: v.BaseIssue<unknown>, place: Fault["in"]): Fault {
  const path = issue.path ?? [];
  const named = issue.message === UNNAMED_FIELD ? path.slice(0, -1) : path;
  const steps = named.map(({ key }) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"));
  return { in: place, pointer: steps.map((step) => `/${step}`).join(""), detail: wordsFor(issue) };
}

/** Valibot's own words repeat what was received; a password must not come back in a reply or reach a log. */
function wordsFor(issue: v.BaseIssue<unknown>): string {
  const { message, expected } = issue;
  if (!message.startsWith("Invalid ")) return message;
  if (issue.type === "strict_object") return expected === "never" ? "is not known here" : `is missing (${expected})`;
  return expected === null ? "is not valid" : `must be ${expected}`;
}
