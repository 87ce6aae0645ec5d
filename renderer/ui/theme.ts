/** Which colours and text size this screen uses: asked for in the address, else what the person's system prefers. */

const THEMES = ["light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

/** The four text sizes of `?text=1` to `?text=4`, as factors. */
const TEXT_SCALES = [1, 1.15, 1.3, 1.5] as const;

export function chooseTheme(asked: string | null, prefers: { dark: boolean; contrast: boolean }): Theme {
  const named = THEMES.find((theme) => theme === asked);
  if (named !== undefined) return named;
  if (prefers.contrast) return "contrast";
  return prefers.dark ? "dark" : "light";
}

export function chooseTextScale(asked: string | null): number {
  return TEXT_SCALES[Number(asked ?? "1") - 1] ?? 1;
}

/** Keeps `<html data-theme>` in step with the system's preferences. */
export function followTheme(root: HTMLElement, asked: string | null): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const contrast = matchMedia("(prefers-contrast: more)");
  const apply = (): void => {
    root.dataset["theme"] = chooseTheme(asked, { dark: dark.matches, contrast: contrast.matches });
  };
  dark.addEventListener("change", apply);
  contrast.addEventListener("change", apply);
  apply();
}
