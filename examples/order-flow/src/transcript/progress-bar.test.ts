import { describe, expect, it } from 'vitest'
import { ProgressBar } from './progress-bar.js'

const screen = (isTTY?: boolean) => {
  const written: string[] = []
  return { written, ...(isTTY === undefined ? {} : { isTTY }), write: (text: string) => written.push(text) }
}

describe('ProgressBar', () => {
  it('fills on a terminal and redraws only what changes', () => {
    const terminal = screen(true)
    const bar = new ProgressBar(terminal, 'reading', 2600)
    for (let i = 0; i < 2600; i += 1) bar.step()
    bar.end()
    expect(terminal.written[0]).toContain('─'.repeat(26))
    expect(terminal.written.at(-2)).toContain(`${'━'.repeat(26)}  2600/2600`)
    expect(terminal.written.at(-1)).toBe('\n')
    expect(terminal.written.length).toBeLessThan(35)
  })

  it('is one plain line where no terminal is', () => {
    const file = screen()
    const bar = new ProgressBar(file, 'reading', 2)
    bar.step()
    bar.step()
    bar.end()
    expect(file.written.join('')).toMatch(/^ {2}reading {2}2\/2 {2}\d+\.\d s\n$/)
  })

  it('is full when there is nothing to do', () => {
    const terminal = screen(true)
    new ProgressBar(terminal, 'reading', 0).end()
    expect(terminal.written.at(-2)).toContain(`${'━'.repeat(26)}  0/0`)
  })
})
