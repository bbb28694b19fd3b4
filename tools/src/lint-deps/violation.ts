import type { Import } from './import-graph.ts'

export interface Violation {
  readonly rule: string
  /** Relative to the root, with slashes. */
  readonly file: string
  readonly line: number
  /** What is wrong and what to do, one sentence each. */
  readonly text: string
}

export const violates = (rule: string, { from, line }: Import, text: string): Violation => ({ rule, file: from.path, line, text })

export const printed = ({ rule, file, line, text }: Violation): string => `${file}:${line}  ${text} (${rule})`
