/** What holds for a whole event and its stations have to agree on. */
import * as v from "valibot";

/**
 * How many low bits of a 125 kHz number are compared. Some readers print 24 of them, and then 24 is all that an event with
 * such readers can go by.
 */
export const LfBits = v.picklist([24, 32]);
export type LfBits = v.InferOutput<typeof LfBits>;

/** What a tag's own memory holds, and what is so until somebody says otherwise. */
export const DEFAULT_LF_BITS: LfBits = 32;
