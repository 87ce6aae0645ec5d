/** `GET /healthz`: for whoever watches the server, without a secret in it. */
import { Health } from "../../../shared/api/event.ts";
import type { Api, RouteParts } from "../parts.ts";
import { ProblemError } from "../problem.ts";

export function addHealthRoute(app: Api, { ledger, presence, health }: RouteParts): void {
  app.get(
    "/healthz",
    {
      schema: {
        operationId: "readHealth",
        summary: "Is the server well?",
        tags: ["health"],
        response: { 200: Health },
      },
      config: { access: "public", problems: ["not-stored"] },
    },
    async () => {
      const ledgerHealth = health();
      if (!ledgerHealth.ok) throw new ProblemError("not-stored", ledgerHealth.reason);
      const { cursor } = await ledger.standing();
      const stations = presence.connected().length;
      return { status: "ok" as const, cursor, stations, uptimeS: Math.floor(process.uptime()) };
    },
  );
}
