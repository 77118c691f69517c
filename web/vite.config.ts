/** The build (static files for a strict CSP) and the development server, which proxies the API to a running gateway. */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    // Every asset is a file: a CSP without data: and without inline scripts must be enough.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // These know light-dark(), which would otherwise be replaced by something that does not follow the switch of colours.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
  server: { proxy: { '/api': gateway, '/signout': gateway } },
  test: { include: ['src/**/*.test.ts'] },
});
