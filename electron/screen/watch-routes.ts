/** `GET /healthz` and `GET /metrics`: for whoever watches the station, on this computer. */
import type { FastifyInstance } from "fastify";
import type { HealthWord } from "../../shared/api/health.ts";
import type { MetricsPage } from "../metrics/page.ts";

export interface WatchRoutes {
  health: () => { status: HealthWord };
  metrics: MetricsPage;
}

export function addWatchRoutes(http: FastifyInstance, { health, metrics }: WatchRoutes): void {
  http.get("/healthz", (_request, reply) => {
    const found = health();
    return reply
      .code(found.status === "failing" ? 503 : 200)
      .header("Cache-Control", "no-store")
      .send(found);
  });
  http.get("/metrics", async (_request, reply) => {
    const { type, text } = await metrics.read();
    return reply.header("Content-Type", type).header("Cache-Control", "no-store").send(text);
  });
}
