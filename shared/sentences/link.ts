/** Why the link to the server ended, and what to do. As close reasons they are at most 123 bytes of plain ASCII. */
export const LINK = {
  "link-going-away": "The other side is stopping; it will be back.",
  "link-bad-frame": "A frame could not be read. Update the older of the two programs.",
  "link-bad-signature": "A signature did not fit. Enrol this station again.",
  "link-not-admitted": "This station is not admitted to the event. Approve it at the server.",
  "link-out-of-order": "A frame came at the wrong moment. Update the older of the two programs.",
  "link-unknown-version": "No common protocol version. Update the older of the two programs.",
  "link-silence": "Nothing was heard for too long. Check the network.",
  "link-revoked": "This station was revoked: its votes count no more. Ask the organiser.",
  "link-gap": "Records were left out. The station resumes where the server is.",
  "link-oversize": "A frame was too long. Update the older of the two programs.",
  "link-too-many-waiting": "Too many stations wait for approval. Approve some, then try again.",
  "link-too-fast": "Too many frames in a short time. The station slows down.",
  "link-wrong-server": "This is not the server this station was enrolled at. Check the address, or enrol again.",
  "link-replaced": "The same station connected too often; the newer connections are kept.",
  "link-trouble": "The server has trouble storing. Look at the server's log and its disk.",
} as const;
