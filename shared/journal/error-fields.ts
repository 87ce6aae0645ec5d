/** An error without its message: the class, the code, and the place in our code it came from. */
import * as v from "valibot";
import { ErrorCode, ErrorName, Place } from "./fields.ts";

export interface ErrorFields {
  error: string;
  code: string;
  at: string;
}

/** For the fields `error`, `code` and `at` of an event. Nothing of the message is taken, whatever was thrown. */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { error: "Error", code: "none", at: "?" };
  const code = "code" in error ? error.code : undefined;
  const { name } = error.constructor;
  return {
    error: v.is(ErrorName, name) ? name : "Error",
    code: v.is(ErrorCode, code) ? code : "none",
    at: placeOf(framesOf(error)),
  };
}

/** The stack without the message before it: a message may look like a frame. */
function framesOf({ stack = "", message }: Error): string {
  const at = message === "" ? -1 : stack.indexOf(message);
  return at < 0 ? stack : stack.slice(at + message.length);
}

/** A frame of V8's stack: `    at name (file:///…/server/x.ts:1:2)`, with or without the name. */
const FRAME = /^ {4}at .*?\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/;
const OURS = /(?:^|\/)((?:server|electron|shared|dist)\/(?!.*node_modules)[\w.@/-]+:\d+:\d+)$/;
const ANY = /(?:^|\/)(node_modules\/[\w.@/-]+:\d+:\d+)$|^(node:[a-z_/]+:\d+:\d+)$/;

function placeOf(stack: string): string {
  const frames = stack.split("\n").flatMap((line) => FRAME.exec(line)?.[1] ?? []);
  const ours = frames.map((frame) => OURS.exec(frame)?.[1]).find((place) => place !== undefined);
  const any = frames.map((frame) => ANY.exec(frame)?.[1] ?? ANY.exec(frame)?.[2]).find((place) => place !== undefined);
  const place = ours ?? any ?? "?";
  return v.is(Place, place) ? place : "?";
}
