/** Looks for devices that may be readers, with a finder for each kind, while anybody wants to know. */
import type { Sentence } from "../../shared/sentences/sentence.ts";
import type { Finder, FoundDevice, Heard, OpenFinder } from "./finder.ts";
import type { ReaderSpec } from "./spec.ts";

type Kind = ReaderSpec["kind"];
export type OpenFinders = { readonly [OfKind in Kind]?: OpenFinder };

/** A kind of readers that cannot be looked for now, and the remedy. */
export interface KindTrouble {
  kind: Kind;
  reason: Sentence;
}

export interface Lookout {
  /** Look for devices of these kinds, and of no others. */
  want(kinds: ReadonlySet<Kind>): void;
  devices(): readonly FoundDevice[];
  troubles(): readonly KindTrouble[];
  /** Listen on a device found until the function given back is called; null when it has gone. */
  listen(device: FoundDevice, mayAsk: boolean, onHeard: (heard: Heard) => void): (() => Promise<void>) | null;
  stop(): Promise<void>;
}

/** A finder at work, and what it told last. */
interface Post {
  readonly kind: Kind;
  finder: Finder | null;
  devices: readonly FoundDevice[];
  trouble: Sentence | null;
}

export function createLookout(open: OpenFinders, onChange: () => void): Lookout {
  const posts = new Map<Kind, Post>();
  const stopping = new Set<Promise<void>>();

  const man = (kind: Kind, openFinder: OpenFinder) => {
    const post: Post = { kind, finder: null, devices: [], trouble: null };
    posts.set(kind, post);
    const told = (change: Partial<Pick<Post, "devices" | "trouble">>) => {
      Object.assign(post, change);
      // A finder that was let go may have had a look under way.
      if (posts.get(kind) === post) onChange();
    };
    post.finder = openFinder({
      onDevices: (devices) => told({ devices }),
      onTrouble: (trouble) => told({ trouble }),
    });
  };
  const leave = (post: Post) => {
    posts.delete(post.kind);
    if (post.finder === null) return;
    const stopped = post.finder.stop().finally(() => stopping.delete(stopped));
    stopping.add(stopped);
  };
  return {
    want(kinds) {
      const left = [...posts.values()].filter((post) => !kinds.has(post.kind));
      for (const post of left) leave(post);
      if (left.length > 0) onChange();
      for (const kind of kinds) {
        const openFinder = open[kind];
        if (openFinder !== undefined && !posts.has(kind)) man(kind, openFinder);
      }
    },
    devices: () => [...posts.values()].flatMap(({ devices }) => devices),
    troubles: () =>
      [...posts.values()].flatMap(({ kind, trouble: reason }) => (reason === null ? [] : [{ kind, reason }])),
    listen: (device, mayAsk, onHeard) => posts.get(device.kind)?.finder?.listen(device, mayAsk, onHeard) ?? null,
    async stop() {
      for (const post of posts.values()) leave(post);
      await Promise.all(stopping);
    },
  };
}
