/** Problems on their way to a client: thrown by routes, told as RFC 9457 problem details. */
import type { FastifyReply } from "fastify";
import {
  PROBLEMS,
  PROBLEM_MEDIA_TYPE,
  problemType,
  type Fault,
  type Problem,
  type ProblemSlug,
} from "../../shared/api/problem.ts";
import type { Mapping } from "../../shared/domain/mapping.ts";

export interface ProblemExtras {
  errors?: readonly Fault[];
  mapping?: Mapping;
  /** Seconds to wait, for `Retry-After`. */
  retryAfterS?: number;
  headers?: Readonly<Record<string, string>>;
}

/** What a route throws when it cannot do what was asked: an expected outcome that ends the request. */
export class ProblemError extends Error {
  readonly slug: ProblemSlug;
  readonly statusCode: number;
  readonly extras: ProblemExtras;
  /** `detail` names the cause and the remedy. */
  constructor(slug: ProblemSlug, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.name = "ProblemError";
    this.slug = slug;
    this.statusCode = PROBLEMS[slug].status;
    this.extras = extras;
  }
}

/** The body of a problem. `url` is the request's: its query may hold anything and is left out. */
export function problemBody(problem: ProblemError, url: string): Problem {
  const { errors, mapping } = problem.extras;
  return {
    type: problemType(problem.slug),
    title: PROBLEMS[problem.slug].title,
    status: problem.statusCode,
    detail: problem.message,
    instance: url.split("?", 1)[0] ?? "",
    ...(errors && { errors: [...errors] }),
    ...(mapping && { mapping }),
  };
}

export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  const { retryAfterS, headers } = problem.extras;
  if (retryAfterS !== undefined) reply.header("retry-after", String(Math.max(1, Math.ceil(retryAfterS))));
  if (headers !== undefined) reply.headers(headers);
  return reply
    .code(problem.statusCode)
    .type(PROBLEM_MEDIA_TYPE)
    .serializer(JSON.stringify)
    .send(problemBody(problem, reply.request.url));
}
