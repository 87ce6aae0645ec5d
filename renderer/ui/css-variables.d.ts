import "react";

// Lets the `style` prop carry custom properties without a cast. React sets them through the CSSOM, which the
// station's strict Content-Security-Policy allows; style attributes parsed from HTML it does not.
declare module "react" {
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
