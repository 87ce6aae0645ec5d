/** How bodies are read: JSON only, and none at all where none is asked for, whatever type is announced. */
import type { FastifyInstance } from "fastify";

/** Clients that always announce JSON also do so for requests without a body; that is no mistake of theirs. */
export function parseJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    const { schema, config } = request.routeOptions;
    const needed = schema?.body !== undefined && config.optionalBody !== true;
    if (body.length === 0 && !needed) done(null);
    else void parse(request, String(body), done);
  });
  app.addHook("preValidation", async (request) => {
    if (request.routeOptions.config.optionalBody) request.body ??= {};
  });
}
