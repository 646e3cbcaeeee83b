import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { launchOptions } from './scripts/browser.ts';
import { parityServer } from './test/support/parity-server.ts';

// For what hangs; a slow machine is no reason to fail.
const testTimeout = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout,
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
        },
      },
      {
        plugins: [
          {
            name: 'parity-server',
            configureServer(server) {
              server.middlewares.use('/t', (request, response, next) => {
                void parityServer(request, response, next);
              });
            },
          },
        ],
        test: {
          name: 'browser',
          testTimeout,
          include: ['test/browser/**/*.test.ts', 'test/**/*.neutral.test.ts'],
          globalSetup: 'test/support/other-origin.ts',
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: launchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
