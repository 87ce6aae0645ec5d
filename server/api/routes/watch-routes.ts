/** `GET /healthz` and `GET /metrics`: for whoever watches the server. */
import { ServerHealth } from "../../../shared/api/health.ts";
import { withoutReasons } from "../../../shared/health/parts.ts";
import type { Api, RouteParts } from "../parts.ts";
import { ProblemError } from "../problem.ts";
import { createWatcherRule } from "../watchers.ts";

export function addWatchRoutes(app: Api, { watch, ...parts }: RouteParts): void {
  const mayWatch = createWatcherRule({ ...parts, isMetricsToken: watch.isMetricsToken });
  app.get(
    "/healthz",
    {
      schema: {
        operationId: "readHealth",
        summary: "Is the server well?",
        description:
          "200 while votes are taken, 503 while they are not; the body is of one form. Reasons and times are told on the " +
          "server's own machine, and to whoever brings the organiser's token or the metrics token.",
        tags: ["health"],
        security: [{}, { organiser: [] }],
        response: { 200: ServerHealth, 503: ServerHealth },
      },
      config: { access: "public" },
    },
    async (request, reply) => {
      const health = await watch.health();
      if (health.status === "failing") reply.code(503);
      return mayWatch(request) ? health : { ...health, parts: withoutReasons(health.parts) };
    },
  );
  app.get("/metrics", { schema: { hide: true }, config: { access: "public" } }, async (request, reply) => {
    if (!mayWatch(request)) {
      const detail =
        "Send the token of the file metrics-token in the server's data directory as Authorization: Bearer.";
      throw new ProblemError("not-logged-in", detail, { headers: { "www-authenticate": "Bearer" } });
    }
    const { type, text } = await watch.metrics.read();
    return reply.type(type).serializer(String).send(text);
  });
}
