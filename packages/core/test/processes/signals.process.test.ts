import { spawn, type ChildProcess } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { programPath } from './program-path.js'

interface Service {
  readonly child: ChildProcess
  /** Resolves when the text has been written. */
  written(text: string): Promise<void>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly lines: readonly string[]; readonly stderr: string }>
}

function service(...args: readonly string[]): Service {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, [programPath('service'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const { promise: ended, resolve } = Promise.withResolvers<Awaited<Service['ended']>>()
  child.on('close', (code, signal) => resolve({ code, signal, lines: stdout.split('\n').slice(0, -1), stderr }))
  return {
    child,
    ended,
    written: (text) =>
      new Promise((found, missing) => {
        const look = (): void => (stdout.includes(text) ? found() : undefined)
        waiting.add(look)
        void ended.then(({ stderr: said }) => missing(new Error(`It ended before it wrote ${text}: ${said}`)))
        look()
      }),
  }
}

describe('runUntilSignal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops at %s under load: what runs ends, nothing is lost, nothing is handled twice, the exit code is 0',
    async (signal) => {
      const { child, written, ended } = service()
      await written('ready')
      child.kill(signal)
      const { code, signal: killedBy, lines, stderr } = await ended
      expect({ code, killedBy, stderr }).toEqual({ code: 0, killedBy: null, stderr: '' })
      expect(JSON.parse(lines.at(-2) ?? '')).toEqual({ unfinished: [], lost: 0, duplicates: 0, left: true, listeners: 0, status: 'stopped' })
      expect(lines.at(-1)).toBe('{"exit":0}')
    },
  )

  it.each([
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGTERM', 'SIGINT', 130],
  ] as const)('ends at once at a second signal while it stops: %s, then %s, code %i', async (first, second, expected) => {
    const { child, written, ended } = service('--stuck')
    await written('ready')
    child.kill(first)
    await written('stopping')
    child.kill(second)
    const { code, signal, lines } = await ended
    expect({ code, signal, last: lines.at(-1) }).toEqual({ code: expected, signal: null, last: `{"exit":${expected}}` })
  })

  it('makes the exit code 1 when a handler had not ended at the deadline', async () => {
    const { child, written, ended } = service('--stuck', '--impatient')
    await written('ready')
    child.kill('SIGTERM')
    const { code, lines } = await ended
    expect(code).toBe(1)
    const { unfinished, ...rest } = JSON.parse(lines.at(-2) ?? '') as { readonly unfinished: readonly object[] }
    expect(unfinished).toHaveLength(5)
    expect(rest).toEqual({ lost: 0, duplicates: 0, left: true, listeners: 0, status: 'stopped' })
  })
})
