import type { Run } from '../flow/journal.js'
import type { HandlerNode, MessageNode } from './conversation.js'
import { formatMs, shortId } from './format.js'

interface Line {
  readonly label: string
  readonly text: string
}
interface Branch extends Line {
  readonly below: readonly Branch[]
}

/** The conversation as lines of text, one column for who and one for what happened. */
export function renderTree(root: MessageNode): string[] {
  const lines = draw(messageBranch(root, ` ${shortId(root.id)}`), '', '')
  const width = Math.max(...lines.map(({ label }) => label.length))
  return lines.map(({ label, text }) => `${label.padEnd(width)}   ${text}`)
}

function messageBranch({ message, handlers }: MessageNode, id = ''): Branch {
  const [only, ...others] = handlers
  if (only !== undefined && others.length === 0) return { ...handlerBranch(only), label: `${message}${id} → ${only.name}` }
  return { label: `${message}${id}`, text: `${handlers.length} subscribers`, below: handlers.map(handlerBranch) }
}

const handlerBranch = ({ name, attempts, sent }: HandlerNode): Branch => ({
  label: name,
  text: outcome(attempts),
  below: sent.map((node) => messageBranch(node)),
})

/** `0.2 ms`, or `failed: GatewayTimeout · again after 50 ms: done`. */
function outcome(attempts: readonly Run[]): string {
  const [first, ...later] = attempts
  if (first === undefined) return ''
  if (later.length === 0 && first.error === undefined) return formatMs(first.durationMs)
  return attempts
    .map((run, index) => {
      const ended = run.error === undefined ? 'done' : `failed: ${run.error}`
      const before = attempts[index - 1]
      return before === undefined ? ended : `again after ${Math.round(run.startedAtMs - before.startedAtMs - before.durationMs)} ms: ${ended}`
    })
    .join(' · ')
}

function draw({ label, text, below }: Branch, first: string, rest: string): Line[] {
  const lines = below.flatMap((branch, index) =>
    index === below.length - 1 ? draw(branch, `${rest}└─ `, `${rest}   `) : draw(branch, `${rest}├─ `, `${rest}│  `),
  )
  return [{ label: `${first}${label}`, text }, ...lines]
}
