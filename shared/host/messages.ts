/**
 * What the kiosk's page and the shell around it tell each other: one channel, both ways, JSON text. The shell counts the
 * characters before it looks at any of them, and each side parses what it gets; there is nothing else to call.
 */
import * as v from "valibot";

/** The only channel there is. */
export const HOST_CHANNEL = "polling-station:host";
/** The name under which a page finds its host in its window. */
export const HOST_NAME = "kioskHost";
/** The longest message has about 90; what is longer is none of ours. */
export const MAX_HOST_MESSAGE_CHARACTERS = 256;

/** From the page. */
export const PageMessage = v.variant("kind", [
  /** The first snapshot is on the screen. A page that never says so is blank. */
  v.strictObject({ kind: v.literal("ready") }),
  /** The page runs and shows something; numbered 1, 2, 3 … since it was ready. */
  v.strictObject({ kind: v.literal("alive"), sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
]);
export type PageMessage = v.InferOutput<typeof PageMessage>;

/** To the page, once it is ready. */
export const HostMessage = v.variant("kind", [
  v.strictObject({
    kind: v.literal("host"),
    /** Name and version of the program, for whoever looks at the page. */
    software: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    /** How often the page is to say that it is alive. */
    aliveEveryMs: v.pipe(v.number(), v.safeInteger(), v.minValue(100), v.maxValue(60_000)),
  }),
]);
export type HostMessage = v.InferOutput<typeof HostMessage>;

/** Undefined when it is not text, too long, no JSON or nothing we know. */
export const parsePageMessage = (text: unknown): PageMessage | undefined => parse(PageMessage, text);
/** Undefined when it is not text, too long, no JSON or nothing we know. */
export const parseHostMessage = (text: unknown): HostMessage | undefined => parse(HostMessage, text);

function parse<Message>(schema: v.GenericSchema<unknown, Message>, text: unknown): Message | undefined {
  if (typeof text !== "string" || text.length > MAX_HOST_MESSAGE_CHARACTERS) return undefined;
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
