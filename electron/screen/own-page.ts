/**
 * May this request change anything? Not when it comes from a page of another origin: any page of the web can make a browser
 * on this computer send here. A browser says with every such request where it comes from, and no page can keep it from
 * that; a program that says nothing is no page.
 */

export interface Sender {
  origin: string | undefined;
  host: string | undefined;
  /** `Sec-Fetch-Site`. */
  site: string | undefined;
}

export function isOwnPage({ origin, host, site }: Sender): boolean {
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return origin === undefined || (host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`);
}
