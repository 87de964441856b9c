import { defineConfig } from "vite";

// The build lands inside the Python package, so that one wheel carries the pages and what they load.
export default defineConfig({
  base: "/static/dist/",
  publicDir: "public",
  build: {
    outDir: "../src/gongzhi/web/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1400,
    rolldownOptions: {
      input: { main: "src/main.ts" },
      checks: { eval: false }, // htmx names eval; its configuration and our content policy both forbid it
    },
  },
  worker: { format: "es" },
});
