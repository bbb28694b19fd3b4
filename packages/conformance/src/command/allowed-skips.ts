import { readFile } from 'node:fs/promises'
import type { AllowedSkip } from '../runner/skips.js'

const file = new URL('../../allowed-skips.json', import.meta.url)

/** The skips of this repository's transports. */
export async function allowedSkips(): Promise<readonly AllowedSkip[]> {
  return JSON.parse(await readFile(file, 'utf8')) as AllowedSkip[]
}
