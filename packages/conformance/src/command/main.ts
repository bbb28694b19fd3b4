import { memoryHarness } from '../memory/memory-harness.js'
import { parseArguments } from './arguments.js'
import { runTransport } from './run-transport.js'

type Print = (line: string) => void
/** A command of its own, in a file of its own: it takes the arguments behind its name and returns the exit code. */
export type Command = (argv: readonly string[], print: Print) => Promise<number>

/** By name; loaded when they are asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  async checkers() {
    const { checkersCommand } = await import('../checkers/command.js')
    return checkersCommand
  },
  async guarantees() {
    const { guaranteesCommand } = await import('./guarantees.js')
    return guaranteesCommand
  },
  async mutants() {
    const { mutantsCommand } = await import('../mutants/command.js')
    return mutantsCommand
  },
}

const usage = `conformance memory [--groups DS,RR] [--only DS-01] [--repeat N] [--seed N] [--json FILE] [--history FOLDER] [--sabotage NAME]
conformance ${Object.keys(commands).join(' | ')}`

/** Returns the exit code: 0 when everything holds, 1 when something does not, 2 when it was asked for nothing that it knows. */
export async function main(argv: readonly string[], print: Print): Promise<number> {
  try {
    const options = parseArguments(argv)
    if (options.command === 'memory') return await runTransport(memoryHarness, options, print)
    const command = Object.hasOwn(commands, options.command) ? await commands[options.command]?.() : undefined
    if (command !== undefined) return await command(options.rest, print)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    print(error.message)
  }
  print(usage)
  return 2
}
