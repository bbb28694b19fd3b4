import { spawn } from 'node:child_process'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly cwd?: string
  /** Beside what the process has. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program to its end; a code other than 0 is a result, no error. */
export function runProgram(command: string, args: readonly string[], { cwd, env }: ProgramOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Conditions and hooks of the test runner are none of a user's program.
    const { NODE_OPTIONS: _, ...inherited } = process.env
    const child = spawn(command, args, { cwd, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
