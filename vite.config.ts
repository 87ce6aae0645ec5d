import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { pageNames } from "./build/page-names.ts";

const root = join(import.meta.dirname, "renderer");

const pages = pageNames(import.meta.dirname).map((page) => [page, join(root, page, "index.html")] as const);

export default defineConfig({
  root,
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, "dist", "pages"),
    emptyOutDir: true,
    target: "es2024",
    // The pages are served under `default-src 'none'` with 'self' only: no data: URL and no inline script may appear.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: Object.fromEntries(pages) },
  },
});
