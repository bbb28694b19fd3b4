import { spawnSync } from 'node:child_process'

export interface Execution {
  readonly code: number
  readonly stdout: string
  /** With what went to stderr, after it. */
  readonly output: string
}

const quiet = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' }

/** Runs a command of `node_modules/.bin` (pnpm scripts have it on their path) with this terminal; returns its exit code. */
export function execute(command: string, args: readonly string[], options: { readonly cwd: string }): number {
  const { status, error } = spawnSync(command, args, { cwd: options.cwd, stdio: 'inherit', env: { ...process.env, ...quiet } })
  if (error !== undefined) throw error
  return status ?? 1
}

/** As `execute`, and keeps what it prints. */
export function capture(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Execution {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: options.cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...quiet, ...options.env },
  })
  if (error !== undefined) throw error
  return { code: status ?? 1, stdout, output: stdout + stderr }
}
