/** A length of time with its unit: `'250ms'`, `'5s'`, `'10m'`, `'2h'`, `'7d'`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const form = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** Milliseconds, or `undefined` for what is no duration. Stricter than the type, which cannot exclude `'-5s'` or `'1e3s'`. */
export function parseDuration(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const parts = form.exec(text)
  if (parts === null) return undefined
  const ms = Number(parts[1]) * units[parts[2] as keyof typeof units]
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined
}
