import type { ViteUserConfig } from 'vitest/config'

/** What every package's vitest project shares: sources instead of `dist`, and no transform cache that misses a change of tsconfig. */
export const base = {
  resolve: { conditions: ['@waybill/source'] },
  ssr: { resolve: { conditions: ['@waybill/source'] } },
} satisfies ViteUserConfig
