/** `GET /api/v1/address.svg`: where this server is, for a kiosk's camera. */
import { renderSVG } from "uqr";
import * as v from "valibot";
import type { Api, RouteParts } from "../parts.ts";

/** ISO/IEC 18004 asks for so much light around it. */
const QUIET_MODULES = 4;

export function addAddressRoutes(app: Api, { address }: RouteParts): void {
  app.get(
    "/address.svg",
    {
      schema: {
        operationId: "drawAddress",
        summary: "This server's address as a QR code, for the camera of a station that looks for it",
        description:
          "The code holds the address and nothing more, and whoever asks knows it already; so no token is needed. Of a " +
          "server on all networks of its computer it is the address that the server tells first when it starts.",
        tags: ["stations"],
        security: [{}],
        response: { 200: v.string() },
      },
      config: { access: "public", media: "image/svg+xml" },
    },
    async (_request, reply) => {
      reply.type("image/svg+xml").serializer(String);
      return renderSVG(address(), { border: QUIET_MODULES, pixelSize: 8 });
    },
  );
}
