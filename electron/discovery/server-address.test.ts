import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inEnglish } from "../../shared/sentences/sentence.ts";
import { readServerAddress } from "./server-address.ts";

describe("an address is read as people write it", () => {
  test.each([
    ["votes.example", "https://votes.example:7070"],
    ["votes.example:8443", "https://votes.example:8443"],
    ["VOTES.Example ", "https://votes.example:7070"],
    ["votes. example : 8443", "https://votes.example:8443"],
    ["https://votes.example", "https://votes.example"],
    ["https://votes.example:7070/console/?a=b#c", "https://votes.example:7070"],
    ["wss://votes.example:7070/link", "https://votes.example:7070"],
    ["192.168.1.5", "https://192.168.1.5:7070"],
    ["192.168.1.5:443", "https://192.168.1.5"],
    ["[2001:db8::1]:7070", "https://[2001:db8::1]:7070"],
    ["2001:db8::1", "https://[2001:db8::1]:7070"],
    ["bücher.example", "https://xn--bcher-kva.example:7070"],
    ["localhost", "http://localhost:7070"],
    ["127.0.0.1:80", "http://127.0.0.1"],
    ["localhost:443", "http://localhost:443"],
    ["::1", "http://[::1]:7070"],
    ["http://127.0.0.1:7070/", "http://127.0.0.1:7070"],
    ["ws://localhost:7070", "http://localhost:7070"],
    ["https://localhost:7070", "https://localhost:7070"],
  ])("%s is %s", (typed, url) => {
    expect(readServerAddress(typed)).toEqual({ ok: true, url });
  });
});

describe("what is none is refused with the remedy", () => {
  test.each([
    ["", "nothing-typed", /Type a name/],
    ["   ", "nothing-typed", /^Nothing is/],
    ["https://", "no-address", /Type a name/],
    ["votes.example:99999", "no-address", /99999/],
    ["ftp://votes.example", "bad-scheme", /begins with https/],
    ["javascript://x", "bad-scheme", /begins with https/],
    ["http://votes.example", "not-encrypted", /https:\/\//],
    ["ws://192.168.1.5:7070", "not-encrypted", /nobody listens in/],
    ["http://127.0.0.1.evil.example", "not-encrypted", /https:\/\//],
    ["http://localhost@evil.example", "user-name", /before the @/],
    ["x".repeat(301), "no-address", /x…/],
    // Fits as it is typed, and is no name of a host.
    ["x".repeat(295), "no-address", /x…/],
  ])("%s", (typed, code, words) => {
    const read = readServerAddress(typed);
    expect(read).toMatchObject({ ok: false, fault: { code } });
    expect(read.ok ? "" : inEnglish(read.fault)).toMatch(words);
  });
});

test("beyond this computer it is always encrypted, whatever is typed", () => {
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.webAuthority(), fc.constantFrom("localhost", "127.0.0.1", "[::1]"));
  const scheme = fc.constantFrom("", "http://", "https://", "ws://", "WSS://", "//", "ftp://");
  fc.assert(
    fc.property(scheme, host, fc.string({ maxLength: 8 }), (begin, authority, end) => {
      const read = readServerAddress(begin + authority + end);
      const { protocol, hostname, origin } = new URL(read.ok ? read.url : "https://refused");
      const near = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(hostname);
      expect([protocol === "https:" || near, read.ok ? read.url : origin]).toEqual([true, origin]);
      expect(read.ok ? readServerAddress(read.url) : read).toEqual(read);
      expect(read.ok ? "" : inEnglish(read.fault)).not.toMatch(/[\n\r]/);
    }),
  );
});
