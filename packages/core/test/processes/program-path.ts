import { fileURLToPath } from 'node:url'

/** A program that a test runs as a process of its own. */
export const programPath = (name: string): string => fileURLToPath(new URL(`./programs/${name}.js`, import.meta.url))
