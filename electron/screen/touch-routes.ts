/** `POST /touches`: somebody touched an answer on the station's own screen. What becomes of it comes on the event stream. */
import type { FastifyInstance } from "fastify";
import * as v from "valibot";
import { Touch } from "../../shared/events/stream.ts";
import type { TouchAnswer } from "../ballot/touch-votes.ts";

const REFUSALS = {
  closed: [409, "Nobody votes by touch here now."],
  "too-many": [429, "Too many touches at once. Wait a moment."],
} as const;

export function addTouchRoutes(http: FastifyInstance, touched: (touch: Touch) => TouchAnswer): void {
  http.post("/touches", (request, reply) => {
    const touch = v.safeParse(Touch, request.body);
    if (!touch.success) return reply.code(400).send({ error: `Not a touch: ${touch.issues[0].message}` });
    const answer = touched(touch.output);
    if (answer === "taken") return reply.code(202).send();
    const [code, error] = REFUSALS[answer];
    return reply.code(code).send({ error });
  });
}
