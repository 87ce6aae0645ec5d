/** `/openapi.json`: generated from the routes as they are, and from the schemas that check them. */
import swagger, { type SwaggerTransform, type SwaggerTransformObject } from "@fastify/swagger";
import { toJsonSchema } from "@valibot/to-json-schema";
import type { FastifyContextConfig, FastifyInstance, FastifySchema } from "fastify";
import type { GenericSchema } from "valibot";
import { PROBLEMS, PROBLEM_MEDIA_TYPE, Problem, type ProblemSlug } from "../../shared/api/problem.ts";
import type { RouteAccess } from "./access.ts";
import { isSchema } from "./valibot-schemas.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may use the route; it has to be said for each. */
    access?: RouteAccess;
    /** The problems a client should expect of the route, besides those of any request. */
    problems?: readonly ProblemSlug[];
    /** The success is a stream of server-sent events, each holding the response's schema. */
    stream?: boolean;
    /** What the success is, when it is no JSON. */
    media?: string;
    /** The body may be left out, and is an empty object then. */
    optionalBody?: boolean;
  }
  interface FastifySchema {
    operationId?: string;
    summary?: string;
    description?: string;
    tags?: readonly string[];
    security?: readonly Record<string, readonly string[]>[];
    hide?: boolean;
  }
}

/** What any request can meet. */
const OF_ANY_REQUEST: readonly ProblemSlug[] = ["misdirected-host", "too-many-requests", "internal-error"];
const OF_ANY_BODY: readonly ProblemSlug[] = [
  "malformed-json",
  "unsupported-media-type",
  "body-too-large",
  "invalid-body",
];
const SUCCESS_WORDS: Readonly<Record<string, string>> = {
  200: "Done",
  201: "Made",
  204: "Done; there is no body",
  503: "Failing",
};

type RouteConfig = Pick<FastifyContextConfig, "access" | "problems" | "stream" | "media" | "optionalBody">;
/** Marks such a body until the document is made: the generator takes every body for required. */
const OPTIONAL_BODY = "x-optional-body";

/** Registers the generator; routes added after it are in the document. */
export function registerOpenApi(app: FastifyInstance): void {
  void app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Polling Station",
        version: "1",
        description:
          "Polls, live tallies and stations. Errors are RFC 9457 problem details. A cursor is a position in the server's " +
          "ledger: answers to changes carry one as `cursor` and `ETag`; reads accept it as `minCursor`, changes as `If-Match`.",
        license: { name: "MIT", identifier: "MIT" },
      },
      components: { securitySchemes: { organiser: { type: "http", scheme: "bearer" } } },
      tags: ["access", "polls", "stations", "roll", "event", "health"].map((name) => ({ name })),
    },
    transform: describeRoute,
    transformObject: allowNoBody,
  });
}

/** Bodies that may be left out, told so. */
const allowNoBody: SwaggerTransformObject = (made) => {
  if (!("openapiObject" in made)) return made.swaggerObject;
  for (const path of Object.values(made.openapiObject.paths ?? {})) {
    const body = path?.post?.requestBody;
    if (body === undefined || "$ref" in body) continue;
    for (const { schema } of Object.values(body.content)) {
      if (schema !== undefined && OPTIONAL_BODY in schema) {
        body.required = false;
        delete schema[OPTIONAL_BODY];
      }
    }
  }
  return made.openapiObject;
};

const describeRoute: SwaggerTransform = ({ schema, url, route }) => {
  const config: RouteConfig = route.config ?? {};
  const { body, params, querystring, response, ...words } = schema ?? {};
  const parts = { body, params, querystring };
  const described: Record<string, unknown> = { ...words };
  for (const [part, partSchema] of Object.entries(parts)) {
    if (isSchema(partSchema)) described[part] = jsonSchema(partSchema);
  }
  if (config.optionalBody && isSchema(body)) described["body"] = { ...jsonSchema(body), [OPTIONAL_BODY]: true };
  if (config.access === "organiser") described["security"] = [{ organiser: [] }];
  described["response"] = { ...successes(response, config), ...problems(schema, config) };
  return { schema: described, url };
};

function successes(
  response: unknown,
  { stream, media = stream ? "text/event-stream" : undefined }: RouteConfig,
): Record<string, unknown> {
  if (typeof response !== "object" || response === null) return {};
  const described = Object.entries(response).map(([status, schema]: [string, unknown]): [string, object] => {
    const description = SUCCESS_WORDS[status] ?? "Done";
    if (!isSchema(schema) || status === "204") return [status, { type: "null", description }];
    if (media !== undefined) return [status, { description, content: { [media]: { schema: jsonSchema(schema) } } }];
    return [status, { ...jsonSchema(schema), "x-response-description": description }];
  });
  return Object.fromEntries(described);
}

function problems(schema: FastifySchema | undefined, config: RouteConfig): Record<string, unknown> {
  const slugs: ProblemSlug[] = [...OF_ANY_REQUEST, ...(config.problems ?? [])];
  if (config.access === "organiser") slugs.push("not-logged-in");
  if (schema?.body !== undefined) slugs.push(...OF_ANY_BODY);
  if (schema?.params !== undefined || schema?.querystring !== undefined) slugs.push("invalid-request");
  const byStatus = Map.groupBy(slugs, (slug) => PROBLEMS[slug].status);
  const described = Array.from(byStatus, ([status, kinds]): [string, object] => [
    String(status),
    { description: kinds.map((slug) => `\`${slug}\`: ${PROBLEMS[slug].title}.`).join(" "), content: PROBLEM_CONTENT },
  ]);
  return Object.fromEntries(described);
}

/** JSON Schema of what a client sends or gets; checks that JSON Schema has no word for are left to the server. */
function jsonSchema(schema: GenericSchema): Record<string, unknown> {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
  });
  return { ...rest };
}

const PROBLEM_CONTENT = { [PROBLEM_MEDIA_TYPE]: { schema: jsonSchema(Problem) } };
