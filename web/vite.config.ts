import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Development: `npx vite` beside a running gateway, which takes writes from its own origin only.
const gateway = process.env['API'] ?? 'http://localhost:8080';
const proxied = { target: gateway, headers: { Origin: gateway } };

export default defineConfig({
  plugins: [svelte()],
  resolve: { alias: { $lib: at('./src/lib'), $design: at('./src/design/index.ts') } },
  build: {
    target: 'es2022',
    // The content security policy takes no data: addresses and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: { proxy: Object.fromEntries(['/v1', '/dev', '/docs', '/contracts', '/health'].map((path) => [path, proxied])) },
});
